"""«drop the gait», «no group then», «the manual was another patient's»: what is taken out."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from assistant.claim import Service
from assistant.patterns import regex
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import shorthand
from assistant.plain_reader.mentions.mention import CodeMention
from assistant.plain_reader.turns.anothers import is_anothers

_REMOVE = regex(
    r"\b(?:remove|drop|take (?:\w+ ){0,4}(?:off|out)\b|delete|without"
    r"|leave (?:\w+ ){0,3}(?:off|out)\b|lose\b(?= the)|skip|scratch|cross out|never ?mind"
    r"|forget|cancel|didn't do|did not do)\b|^\W*(?:(?:no|actually|ok|so|well|sorry|wait|oh)\W+)*"
    r"(?:there was |we did |did )?no\s+(?!just\b|only\b)(?:the\s+)?"
    r"(?:\d{5}\b|[a-z]+(?:\s[a-z]+)?(?:\s+today)?\W*$)",
    re.I,
)


def removes(text: str) -> bool:
    """Whether the message takes something out."""
    return bool(_REMOVE.search(text))


def removing_clause(text: str) -> str:
    """The text up to the end of the clause that takes something out; all where none does."""
    match = _REMOVE.search(text)
    end = re.search(r"[,;.](?=\s)", text[match.end() :]) if match else None
    return text[: match.end() + end.start()] if match and end else text


_TAKES_BACK = regex(r"\b(?:forget|never ?mind|nvm|scratch|undo|ignore|cancel|wasn'?t)\b", re.I)


def _parted(before: Facts, named: Set[str]) -> list[Service]:
    """What was told before, where the code was only a part of it: «forget the massage thing»."""
    earlier = before.previous.services if before.previous else []
    came = named and not named & {s.code for s in earlier}
    if not came or not earlier or len(before.services) != len(earlier) + len(named):
        return []
    sums = [sum(s.minutes or 0 for s in some) for some in (earlier, before.services)]
    return list(earlier) if sums[0] == sums[1] and sums[0] else []


_ONLY_REMOVES = regex(
    r"^\W*(?:(?:ok|okay|yes|yeah|then|so|please|just|no)\W+)*"
    r"(?:(?:remove|delete|drop|skip|scratch)(?:\s+(?:it|that|them|this(?: one)?|that one|those))?"
    r"|(?:take|leave)\s+(?:it|that|them|this|those)\s+(?:off|out))(?:\s+(?:then|please))?\W*$",
    re.I,
)


def takes_out(before: Facts, facts: Facts, text: str, mentions: Sequence[CodeMention] = ()) -> bool:
    """Whether the message takes out a code or something done that was told, «no group then».

    Args:
        mentions: where it names codes: those in the clause that takes out are meant.
    """
    others = is_anothers(before, facts.codes, text)
    if not (others or removes(text) or _NOT_BILLED.search(text)):
        return False
    told = {s.code for s in before.services}
    clause = removing_clause(text)
    meant = {m.codes[0] for m in mentions if m.start < len(clause)}
    if clause != text and facts.codes and not meant & {s.code for s in before.services}:
        return False  # «skip the group, that was ther ex too»: of what, is asked
    words = {w.lower() for w in re.findall(r"[A-Za-z]{4,}", clause)} - _REMOVING
    kept = [a for a in before.activities if not words & set(a.text.lower().split())]
    if not facts.codes and len(before.focus) == 1 and _ONLY_REMOVES.match(text):
        meant = {*before.focus} & told
    named = meant or set(facts.codes) or (shorthand.by_letters(text) & told)
    if not named and len(kept) == len(before.activities):
        return False
    facts.activities = before.activities if named else kept
    facts.services = [s for s in before.services if s.code not in named]
    if _TAKES_BACK.search(text) and (parted := _parted(before, named)):
        facts.services = parted
    facts.choices = [c for c in before.choices if not set(c.codes) & named]
    facts.new_services = True
    return True


_NOT_BILLED = regex(
    r"\b(?:was|were|is)\b.*\b(?:alone|on (?:his|her|their) own|by (?:him|her)self|unsupervised"
    r"|unskilled"
    r"|not skilled|un-?billable|not billable|warm[- ]?up|not (?:one[- ]on[- ]one|1:1)"
    r"|for (?:somebody|someone|some other|another|a different)(?: else| patient| pt)?)\b"
    r"|\b(?:wasn'?t|weren'?t|was not|were not) (?:done|given|performed|provided|part of)\b"
    r"|\b(?:didn'?t|did not|never) happen|\bneither\b|\bundo\b",
    re.I,
)
_REMOVING = frozenset(
    ("remove", "drop", "take", "leave", "skip", "scratch", "never", "mind", "forget", "cancel",
     "with", "then", "that", "this", "without", "delete", "training", "work", "practice")
)  # fmt: skip
