"""What was done, where a message asks whether a code named beside it is its code."""

from __future__ import annotations

import re

from assistant.patterns import regex

_SHORT = (
    r"(?:(?-i:TE|TA|NMR|NMRE|MT|SC|GT|HM|ADL)|ther ?ex|ther ?act|thera ?ex|thera ?act"
    r"|neuro(?:muscular)?(?: re-?ed(?:ucation)?)?|gait(?: training)?|manual(?: therapy)?"
    r"|therapeutic (?:exercises?|activit(?:y|ies))|self[- ]?care(?: training)?|\d{5})"
)
_OR = regex(rf"\b{_SHORT}\s*(?:or|vs\.?|versus|/)\s*(?:a |an )?{_SHORT}(?!\w)", re.I)
_AS_CODE = regex(
    r"^\W*+(?:(?:would|do|can|could|should|is|are|does|did)\s+)(?:(?:you|i|we)\s+)?"
    r"(?:(?:code|bill|call|count|consider|use|chart)\s+)?(?P<done>[^?]{4,160}?)\s+"
    r"(?:(?:as|under|considered|count(?:ed)? as|be|billed as|coded as)\s+)(?:an?\s+)?"
    rf"{_SHORT}\W*$",
    re.I,
)
_IS_IT = regex(  # «is mirror therapy after stroke neuro re-ed?»
    rf"^\W*+(?:is|are)\s+(?P<done>[^?;]{{4,140}}?),?\s+(?:(?:an?|considered|really|still)\s+){{0,4}}{_SHORT}\W*$",
    re.I,
)
_IS_THAT = regex(  # «heel raises at the counter for calf strength, is that TE?»
    r"^\W*+(?:(?:if|when|so)\s+)?(?P<done>.{8,400}?)[\s,.;:?!-]++(?:(?:is|are|would|should|does|do|can)"
    r"(?:n't)?)\s+(?:(?:that|this|it|these|i|you|we)\s+)(?:(?:be|bill|code|call|count|still|just"
    r"|that|this|it|as|under|fall|go|considered|billed|coded|billable|really)\s+)*(?:an?\s+)?"
    rf"{_SHORT}\W*$",
    re.I | re.S,
)
_MAY_BILL = regex(  # «can I bill 97535 for teaching sock-aid use?»
    r"^\W*+(?:(?:can|could|may|should|would|do|does|did)|is it (?:ok|okay|right|wrong|fine|allowed"
    r"|appropriate|correct|legit\w*|proper) to|ok(?:ay)? to)\s+(?:(?:i|we|you|one|ots?|pts?|slps?"
    r"|an? (?:ot|pt|slp|therapist)|therapists?)\s+)?(?:(?:still|also|ever|even|just|legally)\s+)?"
    rf"(?:bill|use|charge|code|report|count|get paid)\s+(?:for\s+)?(?:cpt\s*)?(?:code\s+)?{_SHORT}"
    r"\s+(?:if|for|when|while|to cover|where|because|after|since)\s+(?P<done>[^?]{4,300}?)\W*$",
    re.I,
)
_COVERS = regex(  # «is 97535 right for …?», «does 97530 cover …?»
    rf"^\W*+(?:is|does|do|would|should|can|could)\s+(?:cpt\s*)?(?:code\s+)?{_SHORT}\s+"
    r"(?:(?:be|the|an?|also|still|ever)\s+)*(?:(?:right|correct|appropriate|best|proper|good|fine"
    r"|ok(?:ay)?|used|billed|billable|valid|allowed|reported|charged)(?:\s+(?:code|choice|one))?\s+"
    r"(?:to use\s+)?(?:for|when|if|to)|cover|include|apply to|fit|work for)\s+"
    r"(?P<done>[^?]{4,300}?)\W*$",
    re.I,
)
_THEN_CODE = regex(  # «treadmill walking for endurance, 97110?»
    rf"^\W*+(?P<done>[^?]{{8,240}}?)[\s,:;-]+(?:(?:so|as|under|that'?s)\s+)?(?:cpt\s*)?{_SHORT}"
    r"\s*(?:,?\s*(?:right|correct|yes|no|ok(?:ay)?))?\s*\?+\W*$",
    re.I,
)
_BEHIND = regex(  # «97530 vs 97116: carried a tray through the cones»
    rf"^\W*+(?:cpt\s*)?{_SHORT}\s*(?:or|vs\.?|versus|/)\s*{_SHORT}\s*[:?,;.-]+\s*(?P<done>[^?]{{12,400}})\W*$",
    re.I,
)
_WAS_BILLED = regex(  # «we billed 97530 for three sets of leg press; was that right?»
    r"^\W*+(?:(?:i|we|they|my|our|the|a)\s+)?(?:(?:pts?|ots?|slps?|pta|cota|therapists?|biller|clinic)\s+)?"
    rf"(?:bill|charg|cod|us|report)(?:e?d|es?|s)\s+(?:cpt\s*)?{_SHORT}\s+(?:for|when)\s+"
    r"(?P<done>[^?]{6,300}?)\W+(?:(?:is|was|should|would|do|does)\b[^?]{0,40}|right|correct|ok(?:ay)?)\?+\W*$",
    re.I,
)
_NOT_DONE = regex(  # words of a rule rather than of something done
    r"^\W*+(?:can|could|may|should|would|do|does|did|is|are|was|what|which|how|why|when|who|if)\b"
    r"|\b(?:and|with|or|vs\.?|versus|plus|than|not|same (?:day|visit)|modifier|units?|edit\w*"
    r"|bundl\w*|medicare|payer)\W*$|\b\d{5}\b|\bmodifier\b",
    re.I,
)
_TIME_SPENT = regex(  # «can time for measurements go under 97110?»: a rule on minutes
    r"^\W*(?:(?:the|my|our|any|part of)\s+)*(?:time|documentation|charting|set-?up|rest)\b", re.I
)
_OF_A_RULE = regex(
    r"\b(?:modifier|units?|edit|edits|ncci|telehealth|certif\w*|plan of care|progress report|payer"
    r"|supervis\w*|students?|interns?|pta'?s?|cota'?s?|ota'?s?|assistants?|co-?treat\w*|documentation"
    r"|eval\w*|re-?eval\w*|home health|snf|same (?:day|time|visit)|minutes?|\d+ ?min|medicare"
    r"|deductible|threshold|maintenance|new patient|workers'? comp)\b",
    re.I,
)
_SAYS = regex(  # «I say 97530, they bill 97110»
    r"\b(?:(?:i|we|they|he|she|my|our|the|other|some|others|biller|boss|coworker|colleague|pt|ot"
    r"|therapist|reviewer|payer|supervisor|auditor|manager|one)\s+){0,3}(?:says?|said|bills?|billed|use[sd]?"
    r"|calls?|called|codes?|coded|puts?|charges?|charged|thinks?|wants?|changed|insists?)\s+"
    rf"(?:(?:it|that|this|them|to|as|under|is|it's|on|should|be)\s+)*{_SHORT}(?!\w)",
    re.I,
)
_DIFFERENCE = regex(
    r"\bdifferen|\bvs\b|\bversus\b|\bcompare|\bsame (?:day|visit)|\btogether\b", re.I
)


def activity_between_codes(text: str) -> str:
    """«Are squats 97110 or 97530?», «is lifting TA?»: the words beside; "" where none is asked."""
    if asked := _BEHIND.match(text) or _WAS_BILLED.match(text):
        return "" if _OF_A_RULE.search(asked["done"]) else asked["done"]
    if _DIFFERENCE.search(text):
        return ""
    if asked := _AS_CODE.match(text) or _IS_THAT.match(text) or _IS_IT.match(text):
        return "" if _TIME_SPENT.match(asked["done"]) else asked["done"]
    if asked := _MAY_BILL.match(text) or _COVERS.match(text):
        return "" if _OF_A_RULE.search(asked["done"]) else asked["done"]
    if is_disputed(text):
        return _SAYS.sub(" ", text).strip(" ,;:.?!")
    if (asked := _THEN_CODE.match(text)) and not _NOT_DONE.search(asked["done"]):
        return asked["done"]
    return _OR.sub(" ", text).strip(" ,;:.?!") if _OR.search(text) else ""


def is_disputed(text: str) -> bool:
    """Whether two codes stand against each other: «I say 97530, they bill 97110»."""
    said = {m.group().split()[-1].lower() for m in _SAYS.finditer(text)}
    return len(said) > 1 or bool(_BEHIND.match(text))


def is_yes_or_no(text: str) -> bool:
    """Whether the message asks if one code is right: «can I bill 97535 for …?»."""
    return any(p.match(text) for p in (_MAY_BILL, _COVERS, _THEN_CODE, _WAS_BILLED))
