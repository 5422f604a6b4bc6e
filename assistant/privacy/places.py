"""Places smaller than a state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.patterns import regex
from assistant.privacy.spans import Signed, Span, matches

_WORD = r"(?:(?:St|Ft|Mt|Pt)\.|[A-Z][\w'’-]*[a-z]|[NSEW]\.|Mc[A-Z]\w+|[OD]['’][A-Z]\w+)"
_PLACE = rf"{_WORD}(?:\s(?:{_WORD}|of|de|la|del|del?\s?los))?(?:\s{_WORD})?"
_STREET = (
    r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Drive|Dr|Lane|Ln|Court|Ct|Boulevard|Blvd|Way|Place|Pl"
    r"|Terrace|Ter|Trl|Trail"
    r"|Circle|Cir|Highway|Hwy|Parkway|Pkwy|Loop|Square|Sq|Run|Ridge|Pike|Crossing|Turnpike"
    r"|Route|Rte|Cove|Alley"
    r"|Crescent|Bend|Plaza|Mews|Row|Path)"
)
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]"
    r"|P[AR]|RI|S[CD]|T[NX]"
    r"|UT|V[AIT]|W[AIVY]|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut"
    r"|Delaware|Florida|Georgia"
    r"|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland"
    r"|Massachusetts|Michigan|Minnesota"
    r"|Mississippi|Missouri|Montana|Nebraska|Nevada|New\s(?:Hampshire|Jersey|Mexico|York)"
    r"|(?:North|South)\s(?:Carolina"
    r"|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode\sIsland|Tennessee|Texas|Utah|Vermont"
    r"|(?:West\s)?Virginia"
    r"|Washington|Wisconsin|Wyoming)"
)
# Not a code that is billed: «lives in Bend, Oregon. 97110 30 min»
_ZIP = r"\d{5}(?:-\d{4})?(?!\d|\s?(?:x\b|\(|:|for\b|\d{1,3}\s?(?:min|m\b|['’]|units?))|-[A-Z]{2}\b)"
_NO_CODE = r"(?!9[27][015-7]\d\d(?!-))"  # «Manual Therapy OR 97140» is no place
_UNIT = (
    r"(?:[,.]{0,2}\s{1,2}(?:Apt|APT|apt|Unit|UNIT|Suite|STE|Ste|Lot|Rm|Room|#)\.?\s?#?\s?\w{1,5})?"
)
_TAIL = rf"(?:[,.]?\s{{1,2}}{_PLACE},?\s(?:{_STATE})\b(?:,?\s{_ZIP})?|,\s{_PLACE}(?=\s{_ZIP}))?"
_CAPS_STREET = (
    r"(?:STREET|ST|AVENUE|AVE|ROAD|RD|DRIVE|DR|LANE|LN|COURT|CT|BOULEVARD|BLVD|WAY|PLACE|PL"
    r"|TERRACE|TER|CIRCLE|CIR"
    r"|HIGHWAY|HWY|PARKWAY|PKWY|TRAIL|TRL|LOOP)"
)
_STREETS = (
    rf"\b\d{{1,6}}[A-Z]?\s(?:[NSEW]{{1,2}}\.?\s|(?:North|South|East|West)\s)?(?:{_WORD}|\d{{1,"
    rf"3}}(?:st|nd|rd|th))"
    rf"(?:\s{_WORD}){{0,2}}\s{_STREET}\b\.?(?:\s[NSEW]{{1,2}}\b)?{_UNIT}{_TAIL}",
)  # fmt: skip
_CAPS_STREETS = (
    rf"\b\d{{1,6}}\s(?:[NSEW]{{1,2}}\.?\s)?[A-Z]{{2,}}(?:\s[A-Z]{{2,}})"
    rf"?\s{_CAPS_STREET}\b\.?{_UNIT}"
    rf"(?:,?\s[A-Z]{{3,}}(?:\s[A-Z]{{3,}})?,?\s{_STATE}(?:\s{_ZIP})?)?",
)  # fmt: skip
_TOLD = (
    rf"(?i:\b(?:address|addr|residence|mailing|(?:lives?|living|resid\w+|staying|house|home"
    rf"|home\svisit|visit|seen"
    rf"|moved)\s(?:at|to|is)(?:\sthe)?)\s?(?:is|:|=)?"
    rf"\s?)(?P<it>\d{{1,6}}[A-Z]?\s{_WORD}(?:\s{_WORD}){{0,3}}{_UNIT}{_TAIL})",
)  # fmt: skip
_FLATS = (
    rf"\b\d{{1,6}}\s{_WORD}(?:\s{_WORD}){{1,2}}[,.]?\s(?:Apt|APT|Suite|Ste|Unit)\.?\s?#?\w{{1,"
    rf"5}}{_TAIL}",
)  # fmt: skip
_BOXES = (
    r"(?i:\bp\.?\s?o\.?\s+box\s+\w+)" + _TAIL,
)  # fmt: skip
_IN_STATES = (
    rf"\b{_PLACE},?\s{_STATE},?\s{_NO_CODE}{_ZIP}\b",
    rf"\b[A-Z]{{3,}}(?:\s[A-Z]{{3,}})?,\s?{_STATE}\s{_NO_CODE}{_ZIP}\b",
    rf"\b(?!Medicare|Medicaid|Aetna|Cigna|Humana|Anthem)(?P<it>{_PLACE}),\s(?:{_STATE})"
    rf"\b(?!\s\d|['’])",
)  # fmt: skip
_OTHERS = (
    r"(?i:\b\d{1,6}\s(?:[nsew]\.?\s)?[a-z]{3,}\s(?:street|avenue|ave|road|rd|drive|lane|ln"
    r"|blvd|boulevard|court)\b)",
    r"(?i:\b\d{1,6}\s(?:[nsew]{1,2}\.?\s)?\d{1,3}(?:st|nd|rd|th)\s(?:st|street|ave|avenue|rd"
    r"|road|dr|drive"
    r"|ln|lane|ct|court|pl|place|way|blvd|ter|terrace)\b\.?(?:[,.]?\s(?:(?:apt|unit|ste|rm)"
    r"\.?\s?#?|#)\s?\w{1,5}\b)?)",
    r"(?i:\b(?:address|addr|lives? (?:at|on)|resid\w+ at)\s?(?:is|:|=)?\s?)(?P<it>\d{1,"
    r"6}\s(?i:(?:[nsew]\.?\s)?"
    r"[a-z]{2,}(?:\s[a-z]{2,}){0,2}\s(?:st|ave|rd|dr|ln|ct|pl|way|blvd|ter|cir|hwy|trail"
    r"|street|drive))\b"
    r"(?i:[,.]?\s(?:(?:apt|unit|ste|rm)\.?\s?#?|#)\s?\w{1,5}\b)?)",
    r"(?i:\b(?:room|rm)\s?#?\s?)(?P<it>\d{1,4}[A-Za-z]?)(?=,?\s(?i:bed|resident)\b)",
    r"(?i:\b(?:apt|apartment)\.?\s?#?\s?)(?P<it>\d{1,4}[A-Za-z]?)\b(?!\s?(?:min|x|ft|feet|/))",
    rf"(?i:\bzip(?:\s?code)?\W{{0,3}}(?:is\s)?)(?P<it>{_ZIP})\b",
    rf"(?i:\b(?:lives?|living|resid(?:es?|ing)|moved(?:\shere|\sback)?|relocated|commutes?"
    rf"|drives?|drove|travel(?:s|ed|led)?|retired|grew\sup|born|raised|native|home|house"
    rf"|apartment|condo|farm|hometown|city|town)(?:\s(?:in|to|from|of|near|outside|out\sof"
    rf"|over\sfrom|down\sfrom|up\sfrom|on)){{1,2}}\s(?:the\s)?(?:city\sof\s|town\sof\s"
    rf"|downtown\s)?)(?P<it>{_PLACE})(?=\b)",
    rf"(?i:\b(?:city|town|county|precinct|parish|hometown|place\sof\sbirth|birthplace)"
    rf"\s?[:=]\s?)(?P<it>{_PLACE}|[A-Z]{{3,}}(?:\s[A-Z]{{3,}})?)",
    rf"\b{_WORD}(?:\s{_WORD})?\s(?:County|Parish|Township|Borough)\b",
    r"(?<![\d.])-?\d{1,2}\.\d{4,8}°?\s?[NS]?,\s?-?\d{1,3}\.\d{4,8}°?\s?[EW]?",
)  # fmt: skip


def _signed(sign: str, patterns: Iterable[str]) -> Signed:
    return Signed(sign, (("address", pattern) for pattern in patterns))


SIGNED = (
    _signed(rf"\s{_STREET}\b", _STREETS),
    _signed(rf"\s{_CAPS_STREET}\b", _CAPS_STREETS),
    _signed(r"\d[A-Z]?\s[A-Z]", _TOLD),
    _signed("Apt|APT|Suite|Ste|Unit", _FLATS),
    _signed("(?i:box)", _BOXES),
    _signed(rf"[,\s]{_STATE}\b", _IN_STATES),
)
_COMPILED = tuple(regex(pattern) for pattern in _OTHERS)
_STATE_ALONE = regex(_STATE)
_PAYER = regex(r"\b(?:Medicare|Medicaid|Tricare|Blue|Aetna|Cigna|Humana|Anthem)\b")
_NO_PLACE = regex(
    r"(?:Medicare|Medicaid|SLP|Home|Bed|The|Her|His|My|Assisted|Independent|Skilled|Long"
    r"|Nursing|Memory|Rehab|SNF|PT|OT)\b"
)


def find(text: str) -> Iterator[Span]:
    """Streets, cities, counties, ZIP codes and coordinates."""
    for signed in SIGNED:
        yield from (span for span in signed.find(text) if _is_place(span, text))
    for pattern in _COMPILED:
        yield from (span for span in matches("address", pattern, text) if _is_place(span, text))


def _is_place(span: Span, text: str) -> bool:
    return not (
        _STATE_ALONE.fullmatch(text, span.start, span.end)
        or _NO_PLACE.match(text, span.start)
        or _PAYER.search(text, span.start, span.end)
    )
