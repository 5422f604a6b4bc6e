"""A name that several codes share, settled by payer, discipline and the words around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.claim import Service
from assistant.knowledge import Knowledge
from assistant.patterns import regex
from assistant.plain_reader.mentions.payers_named import is_medicare
from assistant.plain_reader.rewording import evaluations
from assistant.plain_reader.rewording.monitoring import LONG_MINUTES
from assistant.plain_reader.turns import follow_up
from assistant.rules.modifiers import DISCIPLINE_MODIFIER

if TYPE_CHECKING:
    from assistant.plain_reader.known import Facts

_CAREGIVERS = frozenset(("97550", "97551", "97552"))  # whose caregivers may stand far off
_LASER = ("97037", "97039")  # that it is a laser tells nothing between them
_MANAGEMENT = ("98979", "98980")
_HELD_BY_HAND = regex(  # «estim with the PT holding the electrode»
    r"\b(?:hold\w*|hand-?held)\b[^.,;]{0,20}\b(?:probe|electrodes?|wand|applicator)"
    r"|constant attendance|\bin attendance\b|\bstayed (?:with|beside)\b|\bwith (?:a |the )?probe\b",
    re.I,
)
_LEFT_ALONE = regex(r"\b(?:left|was) alone\b|\bunsupervised\b", re.I)


class NameSettler:
    """Settles shared names; built once for a knowledge base.

    Args:
        code_of: the code that the chart gives for words, where it decides.
    """

    def __init__(self, knowledge: Knowledge, code_of: Callable[[str], str | None]) -> None:
        self._knowledge = knowledge
        self._code_of = code_of
        self._refused = {c for (c, _), (status, *_) in knowledge.statuses.items() if status == "I"}
        self._firsts = {c.code: c.first_code for c in knowledge.codes.values() if c.first_code}
        self._labels = {code: entry.label for code, entry in knowledge.codes.items()}

    def settle(self, before: Facts, facts: Facts, text: str) -> None:
        """Make a service of every shared name that payer, discipline and words decide."""
        for n, name in reversed(list(enumerate(facts.choices))):
            able = self._possible(name.codes, facts)
            whole = name in before.choices or _CAREGIVERS.issuperset(name.codes)
            said = text if whole else name.around
            said = _LEFT_ALONE.sub("unattended", _HELD_BY_HAND.sub("attended", said))
            able = evaluations.of_grade(able, said, self._labels)
            charted = [self._code_of(said)] if _CAREGIVERS.issuperset(name.codes) else []
            code = next((c for c in able if [c] == charted), None)
            if able == _MANAGEMENT and name.minutes is not None:
                code = _MANAGEMENT[name.minutes >= LONG_MINUTES]
            elif code is None:
                beside = said.replace(name.words, " ") if name.codes == _LASER else said
                code = able[0] if len(able) == 1 else follow_up.picked(able, beside, self._labels)
            code = code or next((c for c in able if c == self._code_of(name.around)), None)
            if code is None:
                facts.choices[n] = replace(name, codes=able)
                continue
            del facts.choices[n]
            facts.services = [*facts.services, Service(code, name.minutes, name.by)]
            facts.new_services = True

    def _possible(self, codes: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
        """The codes that the payer takes and the discipline may bill; all where none is left."""
        owner = DISCIPLINE_MODIFIER[facts.discipline] if facts.discipline else ""
        held = [self._knowledge.code(c) for c in codes if c in self._knowledge.codes]
        able = [c.code for c in held if not (owner and c.locked and c.locked != owner)]
        able = [c for c in able if self._firsts.get(c) not in able]
        if is_medicare(facts.payer):
            able = [code for code in able if code not in self._refused]
        return tuple(able) or codes
