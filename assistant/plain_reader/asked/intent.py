"""What a message asks for: a bill, a code, a rule, a note check."""

from __future__ import annotations

import re
from enum import Enum, auto

from assistant.patterns import regex
from assistant.plain_reader.asked.activity_asked import is_disputed
from assistant.plain_reader.asked.notes import shows_a_note
from assistant.plain_reader.asked.to_bill import asks_how_many, asks_to_bill
from assistant.plain_reader.known import Facts


class Ask(Enum):
    """A kind of request."""

    BILL = auto()
    CHOOSE = auto()
    NAMED = auto()  # a service told by its name alone: its code
    TOGETHER = auto()  # may these codes stand together, is 59 needed
    COMPARE = auto()
    DOCUMENT = auto()
    NOTE = auto()
    THRESHOLD = auto()
    PAY = auto()
    CODE = auto()
    UNITS = auto()  # minutes without a code
    GUIDANCE = auto()


_DOCUMENT = regex(
    r"\bdocument(?:ation|ed|ing)?\b|what (?:should|must|does|do) (?:the|my|a|i|we)?\s*"
    r"(?:(?:need|have) to )?(?:note|write|chart)|"
    r"\bnote (?:need|have|show|include|say|contain|look)|(?:put|include|write|chart) in (?:the|my"
    r"|a) note|to (?:chart|write)\b"
    r"|support (?:billing )?\d{5}|audit[- ]?proof|defensible",
    re.I,
)
_NOT_ITS_CONTENT = regex(  # «is documentation time billable?», «may a PTA write the report?»
    r"\b(?:documentation|documenting|charting) time\b"
    r"|\btime (?:\w+ ){0,3}(?:documenting|documentation|charting)\b"
    r"|\b(?:bill|count|charge|paid|get paid|billable)\w*\b[^.?!]{0,30}\bdocument(?:ing|ation)\b"
    r"|\bdocument(?:ing|ation)\b[^.?!]{0,30}\b(?:billable|reimbursable|count(?:s|ed)?)\b"
    r"|\bwhile (?:\w+ ){0,3}document(?:ed|s|ing)\b"
    r"|(?<!what do i )(?<!what do we )\b(?:allowed|able|have|has|needs?|required?) to "
    r"(?:write|chart)\b"
    r"|^\W*(?:can|may|who|should|must) (?:\w+ ){0,4}(?:write|chart|co-?sign)\b",
    re.I,
)
_TOGETHER = regex(
    r"\bsame (?:day|date|visit|session|claim|time|dos)\b|\btogether\b|\bmodifier\b|(?<!\d)59(?!\d)"
    r"|\bx[epsu]\b|\bbundl|\bunbundl|\bedits?\b|\bncci\b|\bcci\b|\bwith\b|\bboth\b|\bconflict"
    r"|\bpair\b|\bcombin|\balongside\b|\balso bill|\band\b.*\bbill|\bbill\b.*\band\b|\bdenied\b"
    r"|\bdenies\b",
    re.I,
)
_ONE_DAY = regex(
    r"\bsame (?:day|date|visit|session|claim|time|dos)\b|\btogether\b|(?<!\d)59(?!\d)|\bedit"
    r"|\bbundl|\bmodifier\b|\bwith\b|\bboth\b",
    re.I,
)
_COMPARE = regex(
    r"\bdifferen(?:ce|t|ces)\b|\bvs\.?\b|\bversus\b|\bcompared? (?:to|with)|\bor\b.*\?"
    r"|\bwhen\s+(?:is|are|does|would)\b[^?]{3,60}\b\d{5}\s+(?:and\s+)?not\s+\d{5}"
    r"|\bdistinguish|\bchoose between|\bwhich (?:one|code)|\bwhen (?:do|should|to) (?:i )?(?:use"
    r"|bill)",
    re.I,
)
_WHICH_TIMED = regex(
    r"\bwhich\b[^?]{0,40}\b(?:(?:un)?timed|(?:time|service)-based|constant attendance)\b", re.I
)
_PAY = regex(
    r"\bpays?\b|\bpaid\b|\bpayment\b|\breimburs|\brates?\b|\bhow much\b|\ballowed amount"
    r"|\ballowable\b|\bfee schedule\b|\bmppr\b|\$|\bdollars?\b|\brvus?\b|\bworth\b",
    re.I,
)
_PAID_MORE = regex(
    r"\b(?:dollars?|pay(?:ment)?|price|reimbursement|rate)\s+(?:differen\w+|gap)"
    r"|\bdifferen\w+ in (?:pay(?:ment)?|dollars|reimbursement|price|rates?)\b",
    re.I,
)
_AMOUNT = regex(r"\bthreshold|\bcap\b|\bamounts?\b|\blimit|\bhow much|\$|\b20\d\d\b", re.I)
_KX = regex(r"\b(?:kx|therapy cap|threshold)\b", re.I)
_THRESHOLD = regex(
    r"\bkx\b|(?<!symptom )(?<!pain )(?<!rate )(?<!lactate )\bthreshold\b|\b(?:therapy )?cap\b", re.I
)
_QUESTION = regex(
    r"\?|^\s*(?:can|could|do|does|did|is|are|was|were|what|what's|whats|how|which|why|when|where"
    r"|who|should|may|must|will|would|explain|tell me|define|describe|help me understand)\b"
    r"|\bhow (?:many (?:minutes|days|times|visits|people|patients|hours)|long|often)\b"
    r"|\b(?:minimum|min\.?) (?:minutes|time)\b|\b(?:can|may|do|should|must) (?:i|we)\b|\bwhy\W*$"
    r"|\bvs\.?\s|\bversus\b|\bwho (?:can|may|must|should)\b"
    r"|^\W*(?:GP|GO|GN|CQ|CO|KX|59) or (?:GP|GO|GN|CQ|CO|KX|59|X[EPSU])\b",
    re.I,
)
_HEADLINE = regex(  # «97110 MUE», «Aetna limit per day», «caregiver training codes»
    r"\b(?:max(?:imum)?|mues?|(?:daily|unit|visit) limits?|limits? (?:per|a|each) (?:day|visit)"
    r"|units? (?:per|a|each) (?:day|visit)|rules?|guidelines?|requirements?|definition|meaning"
    r"|criteria|coverage|edits|size)\b"
    r"|^\W*+[a-z]++(?:\W++[a-z]++){0,3}? codes(?: (?:for|in|of)(?: \w+){1,3})?\W*$",
    re.I,
)
_ABOUT_CLAIM = regex(
    r"^\s*(?:why|are you sure|really|how come|explain|is (?:that|this) (?:right|correct)"
    r"|double[- ]?check|show|how did|but)\b"
    r"|^\s*(?:ok,?\s+)?so\b[^?]*\b(?:\d|still|one|two|three|four)\b|\bstill\b"
    r"|\bwhy (?:not|only|is|isn't|did)|\bcan i (?:get|bill|have)\b.*\bunits?\b|\bhow many units\b"
    r"|\bwhat (?:do|can|should|would) (?:i|we) bill\b|\bmore units?\b",
    re.I,
)

_ASKS_A_CODE = regex(
    r"\b(?:which|what|what's|whats|right|correct|best|cpt|the|a) (?:(?:is|are|cpt|billing|timed"
    r"|the) )*codes?\b(?! (?:are|need|require|have|count|get|don'?t|do not|can't|cannot)\b)"
    r"|\b(?:code|cpts?|hcpcs)\s*\?\s*$|\b(?:cpt|hcpcs) (?:for|of|code)\b"
    r"|\b(?:which|what|what's|whats)(?: is| are)?(?: the| a)?(?: right| correct| best)?"
    r" (?:cpt|hcpcs)(?! (?:rule|midpoint|convention|manual|panel|book|say|code set|time))\b"
    r"|\bcodes? (?:for|is|would|should|do|applies|fits)\b"
    r"|\bhow (?:do|would|should|can) (?:i|we"
    r"|you) (?:bill|code)\b"
    r"|\bwhat (?:do|should|would|can) (?:i|we|you) (?:bill|use|code|charge)\b|\bcode this\b"
    r"|(?<!what )\b(?:bill|code|count)(?:ed|s)? (?:this |it )?(?:as|under)\b"
    r"(?! (?:therapy|treatment|billable|skilled|timed|fraud|part|one|two"
    r"|an? (?:visit|progress|new|treatment|re-?cert|day|separate)))",
    re.I,
)
_BEST_PAID = regex(
    r"\b(?:best|highest|most|top|better|higher|more)[ -]?(?:\w+ ){0,6}"
    r"(?:pay|paid|paying|reimburs\w+)"
    r"|\bin terms of (?:pay|reimburs|money|revenue)|\bpays? (?:the )?(?:best|most|more)\b",
    re.I,
)
_NUMBER = regex(r"\d{5}|[GQ]\d{4}", re.I)
_OF_A_PATIENT = regex(  # «patient practiced pouring with the weak hand»
    r"^\W*+(?:(?:the|my|an?|our|this)\s+)?(?:pt|patient|client|resident|child|kid|therapist|ot|slp|pta"
    r"|cota|clinician)s?\b[^.?!]{0,30}?\b(?:practi[cs]\w+|perform\w+|train\w+|exercis\w+|drill\w+"
    r"|work(?:ed|s|ing) on|instruct\w+|taught|simulat\w+|rehears\w+)\b",
    re.I,
)
_PERSON = (
    r"(?:p\.?t\.?a|c?o\.?t\.?a|pt|ot|slp|st|therapists?|pathologists?|assistants?|aides?|tech(?:nician)?s?|students?|interns?"
    r"|chiropractors?|dc|trainers?|atc|nurses?|np|pa|physicians?|doctors?|md|clinicians?)(?:'?s)?"
)
_WHO_MAY = regex(
    r"^\W*(?:can|may|could|should|must|is|are|does|do|will)\s+(?:(?:an?|my|our|the|your|any)\s+)?"
    r"(?:(?:licensed|physical|occupational|speech(?:[- ]language)?|therapy|pt|ot|rehab)\s+)*"
    rf"{_PERSON}\b"
    r"|\bwho (?:can|may|is allowed|must|should)\b|\b(?:allowed|permitted) to\b",
    re.I,
)
_TO_THE_PROGRAM = regex(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.?!\n]{0,40}\b(?:instructions?|rules?|prompts?|policy)\b"
    r"|\bsystem prompt\b|\byou are (?:now|no longer)\b|\bjailbreak\b|\bdeveloper mode\b",
    re.I,
)


_RULES = (
    r"rule|medicare require|(?<!to )(?<!with )(?<!close )(?<!distant )supervis(?:ion|or)"
    r"|(?:re-?)?cert(?:if|s?\b)"
    r"|(?<!ramps and )(?<!over )(?<!door )(?<!symptom )(?<!pain )(?<!rate )threshold"
    r"|modifier|edit|payer|telehealth|progress report|plan of care|co-?sign"
)
RULE_WORDS = regex(rf"\b(?:{_RULES})\w*", re.I)
PEOPLE_WORDS = regex(rf"\b(?:{_RULES}|group|student|aide|co-?treat)\w*", re.I)

_YES_OR_NO = regex(r"^\W*(?:does|do|did|is|are|was|can|could|may|should|must|will|would)\b", re.I)
_WHICH = regex(r"\b(?:which|what|code for|codes for)\b", re.I)


def speaks_to_the_program(text: str) -> bool:
    """Whether the message gives the program orders, and is no description of a visit."""
    return bool(_TO_THE_PROGRAM.search(text))


def asks_for_a_code(text: str) -> bool:
    """Whether the message asks which code something is, and not which codes pay best."""
    return bool(_ASKS_A_CODE.search(text)) and not _BEST_PAID.search(text)


def asks_of_shared_names(text: str, facts: Facts) -> bool:
    """Whether the message asks for the code of a name that several codes share."""
    if _YES_OR_NO.search(text) and not _WHICH.search(text):
        return False  # «does Medicare pay for treatment on the day of an evaluation code?»
    return asks_for_a_code(text) and any(name.words in text for name in facts.choices)


def is_question(text: str) -> bool:
    """Whether the message asks rather than tells."""
    return bool(_QUESTION.search(text))


def tells_of_a_patient(text: str) -> bool:
    """Whether the message tells what a patient did or a clinician gave."""
    return bool(_OF_A_PATIENT.search(text)) and not is_question(text)


def asks_who_may(text: str) -> bool:
    """Whether the message asks what somebody is allowed to do: «Can an OTA do a re-eval?»."""
    return bool(_WHO_MAY.search(text))


def asks_the_threshold(text: str) -> bool:
    """Whether the message asks for the KX amounts: «KX threshold 2024», not «is KX needed»."""
    return bool(_KX.search(text) and _AMOUNT.search(text))


def is_headline(text: str) -> bool:
    """Whether the message names a matter as one types it into a search box."""
    return bool(_HEADLINE.search(text))


def asks_of_a_rule(text: str) -> bool:
    """Whether the message asks what holds, and not about the claim that was just answered."""
    return is_question(text) and not _ABOUT_CLAIM.search(text)


def decide(text: str, facts: Facts, *, turn: int) -> Ask:
    """What the last message asks for.

    Args:
        turn: which message of the conversation it is, from 0.
    """
    has_minutes = any(s.minutes is not None for s in facts.services)
    asks = is_question(text) or (turn == 0 and not has_minutes and is_headline(text))
    to_bill = asks_to_bill(text) or asks_how_many(text)
    if shows_a_note(text, to_bill=bool(to_bill)):
        return Ask.NOTE
    shared = [name for name in facts.choices if name.minutes is not None or not asks]
    if facts.new_services and (has_minutes or shared):
        return Ask.BILL
    if is_disputed(text):
        return Ask.COMPARE
    if _is_named(text, facts) and turn == 0:
        return Ask.NAMED
    if facts.new_services and facts.activities:
        return Ask.CHOOSE
    if facts.dollars.before is not None and not has_minutes and turn == 0:
        return Ask.THRESHOLD
    counts = asks_how_many(text) or (asks_for_a_code(text) and not facts.activities)
    counts = counts or ("" in facts.claimed and not facts.codes)  # «52 minutes, 4 units?»
    if facts.loose_minutes and not facts.services and counts:
        return Ask.UNITS
    about_rule = _about_a_rule(text, facts, asks)
    if turn and shared and not facts.services and not is_question(text):
        return Ask.BILL
    if turn and (facts.services or facts.activities):
        if about_rule is not None and is_question(text) and not _ABOUT_CLAIM.search(text):
            return about_rule
        if has_minutes:
            return Ask.BILL
        if facts.activities:
            return Ask.CHOOSE
    if about_rule is not None:
        return about_rule
    if facts.services and not asks:
        return Ask.BILL
    if facts.loose_minutes:
        return Ask.UNITS
    return Ask.GUIDANCE


def _about_a_rule(text: str, facts: Facts, asks: bool) -> Ask | None:
    if _DOCUMENT.search(text) and not (_PAY.search(text) or _NOT_ITS_CONTENT.search(text)):
        return Ask.DOCUMENT
    if (
        len(facts.codes) >= 2
        and _COMPARE.search(text)
        and not _PAID_MORE.search(text)
        and not re.search(r"\bsame (?:day|visit|session)|\b59\b|together|\bedit", text, re.I)
    ):
        return Ask.COMPARE
    if len(facts.codes) >= 2 and asks_who_may(text) and not _ONE_DAY.search(text):
        return Ask.GUIDANCE
    if len(facts.codes) >= 2 and _WHICH_TIMED.search(text):
        return Ask.CODE
    if len(facts.codes) >= 2 and _TOGETHER.search(text):
        return Ask.TOGETHER
    if facts.codes and _PAY.search(text):
        return Ask.PAY
    if _THRESHOLD.search(text):
        return Ask.GUIDANCE
    if len(facts.codes) == 1 and asks:
        return Ask.CODE
    if len(facts.codes) >= 2 and asks:
        return Ask.TOGETHER
    return Ask.GUIDANCE if asks and not facts.activities else None


def _is_named(text: str, facts: Facts) -> bool:
    """A single service by its name, without minutes, number, payer or discipline."""
    if len({s.code for s in facts.services}) != 1 or _NUMBER.search(text):
        return False
    asks = asks_for_a_code(text)
    told = facts.loose_minutes or facts.activities or facts.payer or (facts.discipline and not asks)
    if told or any(s.minutes is not None for s in facts.services):
        return False
    return asks or not is_question(text)
