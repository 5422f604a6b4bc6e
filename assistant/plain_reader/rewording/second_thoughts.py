"""«15, no wait, 25 minutes»: what the writer takes back in the same breath."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.patterns import regex
from assistant.plain_reader.words.text import NUMBER_WORD

_N = rf"(?:\d{{1,3}}|{NUMBER_WORD})"
_UNIT = r"(?:\s*(?:minutes?|mins?\b\.?|m\b|'))?+"
_OOPS = (
    r"(?:no[, ]+wait|wait[, ]+no|no[, ]+(?:make (?:it|that)|it was|sorry)|oops|sorry|scratch that"
    r"|correction|(?:no[, ]+)?i mean(?:t)?|make that|or rather|rather|actually|should (?:be|say)"
    r"|strike that)"
)
_TAKEN_BACK = regex(
    rf"(?<![\d.:/$-])(?P<old>{_N}){_UNIT}(?P<gap>\s*(?:[,;(.-]|\.\.\.)*\s*{_OOPS}[\s,:;.-]*"
    rf"(?:it was\s+|that was\s+)?)(?P<new>{_N}){_UNIT}(?P<end>\s*\))?"
    rf"(?!\d|[:/.]\d|\s*(?:of\s+)?(?:\d{{5}}|[A-Z]{{2,3}}\b|units?\b|u\b))",
    re.I,
)


_ISH = regex(r"(?<=\d)\s?-?ish\b", re.I)
_DESCRIPTOR = regex(
    r",?\s*(?:\b(?:1|one)\s*(?:\+|or more)\s*(?:areas?|regions?)\s*,?\s*)?"
    r"\beach\s+(?:additional\s+)?15[\s-]*min(?:ute)?s?\b\.?"
    r"(?=\W{0,4}(?:(?:\d\W{1,3})?\d{1,3}\s*(?:min|units?|')|qty\b|units?\b))",
    re.I,
)


_IS_THAT = regex(
    r"[\s,;.-]*\b(?:and\s+|so\s+)?(?:is|was|would|should|do i bill|can i bill|does)\s+"
    r"(?:that|it|this)\s+(?:(?:be|count|count(?:ed)? as|go under|billed|coded|as|under|a|an)\s+)*"
    r"(?P<either>[^,;.?!]{2,60}?\bor\b[^,;.?!]{2,40})\?\s*$",
    re.I,
)
_THIS_OR_THAT = regex(  # «bed mobility 15 min. 97530 or 97535? Medicare PT»
    r"(?:[.;,:!?\n-]\s*|\s)(?:(?:so|code|bill|cpt|as|it|under|(?:do|should) i (?:use|bill)"
    r"|(?:would|do) you (?:use|bill|call it))\W+)*"
    r"(?P<either>\d{5} or \d{5}(?=\s*(?:\?|$))|[A-Za-z]{2,4} or [A-Za-z]{2,4}(?=\s*\?)"
    r"|(?<=[.;,:!?-]\s)[A-Za-z-]{2,12}(?: [A-Za-z-]{2,12})? or [A-Za-z-]{2,12}"
    r"(?: [A-Za-z-]{2,12})?(?=\s*\?))\s*\??(?P<tail>[^\d?]{0,60})$",
    re.I,
)


_THAT_ONE = regex(  # «leg press for quad strength, 20 min. 97530?»
    r"(?:[.;,:!?\n-]\s*|\s)(?:(?:so|code|bill|cpt|as|under|is (?:it|this|that)|(?:do|should|can) i"
    r" (?:use|bill))\W+)*(?P<either>\d{5})\s*(?:,?\s*(?:right|correct|yes|ok(?:ay)?))?\s*\?\W*$",
    re.I,
)
_MINUTES = regex(r"\d\s*-?min", re.I)
_AT_THE_END = 300  # characters: both patterns stand at the end of a message


def without_either(
    text: str, codes_of: Callable[[str], tuple[str, ...]], is_activity: Callable[[str], bool]
) -> str:
    """«transfers 20 min, is that TA or NMR?»: what was done, without the codes it is asked of."""
    end = max(0, len(text) - _AT_THE_END)
    several = _IS_THAT.search(text, end) or _THIS_OR_THAT.search(text, end)
    match = several or _THAT_ONE.search(text, end)
    if match is None or codes_of(text[: match.start()]):
        return text
    if len(codes_of(match["either"])) != (2 if several else 1):
        return text
    if not (several or _MINUTES.search(text, 0, match.start())):
        return text
    done, tail = text[: match.start()], match.groupdict().get("tail") or ""
    return f"{done}.{tail}".rstrip(".") if is_activity(done) else text


_NTH_WAS = regex(  # «first twenty was ther ex, next fifteen was neuro»
    rf"\b(?:first|next|last|other|final|then)\s+(?P<n>{_N})\s+"
    r"(?:was|were|on|of|for|doing|went to)\s+(?=[A-Za-z\d])",
    re.I,
)


def told(text: str) -> str:
    """The text with each taken-back number replaced by the one that takes its place.

    What a print-out says of the code itself («each 15 minutes») is left out too.
    """
    if len(_NTH_WAS.findall(text)) > 1:
        text = _NTH_WAS.sub(lambda m: f"{m['n']} min of ", text)
    return _DESCRIPTOR.sub(" ", _TAKEN_BACK.sub(_corrected, _ISH.sub("", text)))


def _corrected(match: re.Match[str]) -> str:
    said = match.group()
    new = said[match.start("new") - match.start() :]
    return new[: len(new) - len(match["end"] or "")] if "(" in match["gap"] else new
