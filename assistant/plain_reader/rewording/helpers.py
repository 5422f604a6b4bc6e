"""«my COTA and I treated her: I did A, she did B»: the helper's pronoun told by name."""

from __future__ import annotations

import re

from assistant.patterns import regex
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import people
from assistant.plain_reader.mentions.people import ASSISTANT, STUDENT

_HELPER = rf"(?:{ASSISTANT}|{STUDENT})"
_TWO_OF_US = regex(
    rf"\b(?:my|our|the|a)\s+(?P<who>{_HELPER})\s+and\s+I\b|\bI\s+and\s+(?:my|our|the|a)\s+(?P<him>{_HELPER})"
    rf"|\b(?:with|w/)\s+(?:my|our)\s+(?P<aid>{_HELPER})",
    re.I,
)
_GAVE = r"(?:did|gave|took|had|provided|treated|ran|covered|handled)"
_SHE_AND_I = regex(  # «can a PTA …? She did A and I did B»
    rf"(?P<before>\b(?P<who>{_HELPER})(?:(?!{_HELPER}).){{0,80}}?[.;,?!]\s*)(?:s?he|they)"
    rf"(?=\s+{_GAVE}\b[^.;]{{0,60}}\bI\s+(?:\(\w+\)\s+)?{_GAVE}\b)",
    re.I | re.S,
)
_I_DID = regex(r"\bI\s+(?:did|gave|took|had|provided|treated|ran|covered|handled)\b")
_SHE_DID = regex(
    r"\b(?:s?he|they)(?=\s+(?:did|gave|took|had|provided|treated|ran|covered|handled|finished)\b)",
    re.I,
)


_NUMBER_FIRST = regex(
    r"(?<![\w.:/$-])(?P<n>\d{1,3})\s*(?:min\w*\s*)?(?P<one>PTA?|C?OTA?)\s*(?:\+|&|,|/|and|;)\s*"
    r"(?P<m>\d{1,3})\s*(?:min\w*\s*)?(?P<two>PTA?|C?OTA?)(?!\w)"
)


_TOTAL_AND = regex(r"(?<=\d total)\s*/\s*(?=\d)", re.I)
_OF_ALL = regex(  # «PTA: 12/30 min»
    r"(?<![\w/])(?P<who>PTA|C?OTA|PT|OTR?)\s*[:-]?\s*(?P<n>\d{1,2})/(?P<whole>\d{2,3})\s*min\w*"
)
_SUM = r"(?P<{}>\d{{1,3}})\s*\+\s*(?P<{}>\d{{1,3}})(?!\s*[\d+=])(?:\s*min\w*)?"
_PEOPLE = r"\(?(?P<{}>PTA?|C?OTA?|OTR)\s*[+&/]\s*(?P<{}>PTA?|C?OTA?|OTR)\b\)?"
_IN_SUMS = regex(  # «18+8 (PT+PTA)», «PTA+PT 16+14»
    rf"(?<![\w.+-]){_SUM.format('n', 'm')}\s*{_PEOPLE.format('one', 'two')}"
    rf"|(?<![\w+&/]){_PEOPLE.format('a', 'b')}\s*[:=]?\s*{_SUM.format('x', 'y')}"
)
_HANDS_OVER = regex(  # «then hands over to the PTA who finishes with 25 minutes of exercise»
    r"[,;]?\s*(?:and\s+)?(?:then\s+)?\b(?:hand(?:s|ed|ing)?|turn(?:s|ed|ing)?|pass(?:es|ed|ing)?)"
    r"(?:\s+(?:the\s+)?(?:pt|patient|client|case|him|her|them|it))?\s+(?:over|off)\s+to\s+"
    rf"(?:the\s+|an?\s+|our\s+|my\s+)?(?P<who>{_HELPER})\s*(?:[,;]|\bto\b|\bfor\b|\bwho\b|\band\b|\bthat\b)?"
    r"\s*(?:who\s+|s?he\s+|they\s+)?(?:then\s+)?"
    r"(?:(?:finish|continu|complet|perform|provid|carri|d|g|tr|lead|l|work|end|furnish)\w*\s+)?"
    r"(?:out\s+|on\s+|up\s+)?(?:with\s+|doing\s+|giving\s+)?(?=(?:about\s+|another\s+)?\d)",
    re.I,
)


_LABELS = regex(
    r"(?<![\w/-])(?P<who>PTA|C?OTA|PT|OTR|OT)\s*:(?=\s*[A-Za-z\d])"
    r"(?!\s*(?:the\s+)?(?:first|last|next|other|final|middle)\b)"
)


def _labelled(text: str) -> str:
    """«PTA: A; PT: B»: beside an assistant's label, the therapist's is no discipline."""
    labels = {match["who"] for match in _LABELS.finditer(text)}
    if not (labels & {"PTA", "COTA", "OTA"} and labels & {"PT", "OT", "OTR"}):
        return text
    return _LABELS.sub(_as_clause, text)


def _as_clause(match: re.Match[str]) -> str:
    """«; PTA did A», and «PTA 22 min» behind a code as it is, since a clause would part the two."""
    if re.match(r"\s*\d{1,3}(?!\d)", match.string[match.end() :]):
        return match["who"]
    return f"; {match['who']} did" if match["who"].endswith("A") else "; I did"


_ANY_HELPER = regex(rf"\b{_HELPER}", re.I)
_MEANWHILE = regex(  # «… while I did an eval on someone else»: where the therapist was
    r"[,;]?\s*\b(?:while|because|since|as|when)\s+(?:I|(?:the\s+|my\s+)?(?:PT|OT|therapist))\s+"
    r"(?:was|had|did|got|saw|treated|started|went|worked)\b[^.;,\d]{0,30}?"
    r"(?:\b(?:re-?)?eval\w*|\banother (?:patient|pt|client)|\bsomeone else|\bnotes|\bcharting"
    r"|\bdocument\w+|\bphone)\b(?:\s+(?:on|with|for|of)\s+(?:someone|somebody|another|a new"
    r"|the next|my next|my other)(?:\s+(?:else|patient|pt|client))?)?",
    re.I,
)


_COVERED = regex(  # «I stepped out for 8 min and the PTA covered»
    r"\b(?:I|(?:the\s+)?(?:PT|OT|therapist))\s+(?:got\s+|was\s+|had\s+to\s+(?:be\s+)?)?"
    r"(?:step(?:ped)?|called|pulled|left|leave|ran|went|gone|away|out|took\s+an?\s+(?:phone\s+)?call)\b"
    r"[^.;,\d]{0,30}?\b(?:for\s+)?(?:about\s+)?(?P<n>\d{1,3})\s*(?:min(?:ute)?s?|m)?,?\s*"
    r"(?:(?:and|so|while|during which|in which|where|when)\s+)?"
    rf"(?:the\s+|my\s+|our\s+)(?P<who>{_HELPER})\s+(?:covered|took over|filled in|continued"
    r"|stepped in|jumped in|kept (?:going|on)|carried on|treated)(?:\s+for\s+me)?"
    r"(?=\s*(?:[.,;)]|\Z))",
    re.I,
)
_HYPHENS = regex(r"(?<![\w-])(?P<who>PTA?|C?OTA|OTR?|SLP)-(?P<code>\d{5})-(?P<n>\d{1,3})(?!\d)")


def told(text: str) -> str:
    """The text, «27 PT + 3 PTA» and the helper's pronoun told by whom they mean."""
    taken = _labelled(_HYPHENS.sub(r"\g<who> \g<code> \g<n>", text))
    if _ANY_HELPER.search(taken):
        taken = _MEANWHILE.sub("", taken)
    taken = _COVERED.sub(r"the \g<who> stepped in for \g<n> min", taken)
    taken = _OF_ALL.sub(r"\g<who> \g<n> of the \g<whole> min", _TOTAL_AND.sub(", ", taken))
    taken = _IN_SUMS.sub(_each_person, taken)
    taken = _HANDS_OVER.sub(lambda m: f"; the {m['who']} did ", taken)
    return _pronouns(_NUMBER_FIRST.sub(_person_first, taken))


def _each_person(match: re.Match[str]) -> str:
    one, two = (match["one"] or match["a"]), (match["two"] or match["b"])
    if one.endswith("A") == two.endswith("A"):
        return match.group()
    return f"{one} {match['n'] or match['x']} min, {two} {match['m'] or match['y']} min"


def _person_first(match: re.Match[str]) -> str:
    helpers = [who for who in (match["one"], match["two"]) if who.endswith("TA")]
    if len(helpers) != 1:
        return match.group()
    return f"{match['one']} {match['n']} min, {match['two']} {match['m']} min"


def _pronouns(text: str) -> str:
    """The text, «she did» behind «I did» told by the helper's name, where one is named with «I»."""
    text = _SHE_AND_I.sub(lambda m: f"{m['before']}the {m['who']}", text)
    both = _TWO_OF_US.search(text)
    mine = _I_DID.search(text, both.end()) if both else None
    if both is None or mine is None:
        return text
    who = both["who"] or both["him"] or both["aid"]
    head, tail = text[: mine.end()], text[mine.end() :]
    return head + _SHE_DID.sub(f"the {who}", tail)


def writer(text: str) -> str:
    """Who other than a therapist the text says writes it, in its own word; "" where nobody."""
    me = people.writer(text)
    return text[me[1] : me[2]] if me else ""


def signed(before: Facts, text: str) -> str:
    """The text of a first visit, with who writes where only an earlier message says so."""
    if not before.writer or before.tells_a_visit or before.choices or writer(text):
        return text
    return f"{before.writer} here. {text}"
