"""The trade's short names, which are words like others until something stands beside them."""

from __future__ import annotations

from assistant.patterns import regex

SHORTHAND = {  # codes only beside minutes; elsewhere these are words like others
    "act": "97530",
    "adl": "97535",
    "adls": "97535",
    "cp": "97010",
    "ex": "97110",
    "exs": "97110",
    "dysphagia therapy": "92526",
    "dysphagia treatment": "92526",
    "dysphagia tx": "92526",
    "speech tx": "92507",
    "swallow therapy": "92526",
    "swallowing treatment": "92526",
    "group": "97150",
    "grp": "97150",
    "gt": "97116",
    "heat": "97010",
    "hp": "97010",
    "ice": "97010",
    "neuro": "97112",
    "pool": "97113",
    "sc": "97535",
    "tact": "97530",
    "tex": "97110",
}
ALSO_WORDS = frozenset(("us", "ex", "hp", "cp"))  # no codes in a list either
IN_LISTS = frozenset(("neuro", "adl", "adls", "tex", "tact"))  # codes beside a name in a list


def counts_in_a_list(name: str) -> bool:
    """Whether a short name is a code's where it stands in one list with another name."""
    return name in IN_LISTS or (len(name) == 2 and name not in ALSO_WORDS)


_LETTERS = regex(r"\b[A-Z]{2,4}\b")


def by_letters(text: str) -> frozenset[str]:
    """The codes that capitals may stand for where nothing is beside them: «no HP»."""
    return frozenset(
        code for m in _LETTERS.findall(text) if (code := SHORTHAND.get(m.lower())) is not None
    )
