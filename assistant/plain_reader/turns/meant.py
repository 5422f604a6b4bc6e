"""What a later message means in full: slips mended, names for what it hints at, answers as told."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.claim import Service
from assistant.knowledge import Knowledge
from assistant.patterns import regex
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import disciplines
from assistant.plain_reader.mentions.codes import CodeReader
from assistant.plain_reader.mentions.payers_named import PayerReader
from assistant.plain_reader.turns import (
    answered,
    later_turn,
    ordinals,
    part_again,
    pieces,
    restored,
    short_turn,
    short_words,
)
from assistant.plain_reader.turns.ellipsis import Ellipsis
from assistant.plain_reader.turns.references import Referrer
from assistant.plain_reader.words.slips import Mender, in_figures

_AND_SHORT = regex(  # «plus te»
    r"^(?P<lead>\W*(?:(?:and|plus|add|also|n|forgot|you forgot|with|\+)\W+){1,2})"
    r"(?P<name>te|ta|mt|nmr|us|gt)(?=\W*$)",
    re.I,
)
_NO_NTH = regex(r"^\W*no\s+(?=(?:the\s+)?(?:first|second|third|last|other|former|latter)\b)", re.I)


class Meant:
    """Completes later messages by what was told before; built once for a knowledge base."""

    def __init__(
        self,
        knowledge: Knowledge,
        codes: CodeReader,
        payers: PayerReader,
        is_activity: Callable[[str], bool],
    ) -> None:
        self._codes = codes
        self._payers = payers
        self._is_activity = is_activity
        self._referrer = Referrer(codes, knowledge)
        self._ellipsis = Ellipsis(
            lambda text: [(m.start, m.end) for m in codes.find(text)], payers.spans
        )
        names = [*knowledge.code_names, *(p.name for p in knowledge.payers.values())]
        self._mender = Mender(names)

    def mended(self, text: str) -> str:
        """A short turn with its slips set right and its numbers in figures."""
        text = _NO_NTH.sub("no, ", self._mender.mended(text))
        text = _AND_SHORT.sub(lambda m: f"{m['lead']}{m['name'].upper()}", text)
        return in_figures(text) if len(text.split()) <= short_words.LONGEST else text

    def asked(self, before: Facts, text: str) -> str:
        """What a follow-up to a rule question asks in full; "" where it is none."""
        in_a_visit = before.has_minutes or bool(before.services and before.payer)
        return self._ellipsis.asked(text, before.rule_question, in_a_visit=in_a_visit)

    def resolved(self, before: Facts, text: str) -> str:
        """The text, whom and which codes it only hints at by their names."""
        text = answered.listed(text, [s.code for s in before.services if s.minutes is None])
        text = part_again.named(
            _NO_NTH.sub("no, ", text), before.giver or later_turn.only_helper(before)
        )
        if before.tells_a_visit:
            text = pieces.line(text, lambda w: self._is_activity(w) or bool(self._named(w)))
        text = answered.graded(text) if before.choices else text
        if before.activities or before.choices or not before.services:
            return text
        known = restored.ever_told(before) if restored.brings_back(text) else before.services
        text = self._referrer.told(text, known, before.focus)
        return short_turn.told(before, self._numbered(text), text)

    def in_numbers(self, before: Facts, text: str) -> str:
        """The resolved text, codes by their numbers."""
        return self._numbered(self.resolved(before, text))

    def told_codes(self, before: Facts, text: str) -> tuple[str, ...]:
        """The codes told before that a text names or hints at."""
        told = {s.code for s in before.services}
        return tuple(c for c in self._named(self.resolved(before, text)) if c in told)

    def answered(self, before: Facts, text: str) -> tuple[str, str] | None:
        """A refused message as two that this one makes clear; None where it answers nothing."""
        if not before.refused or before.before_said is None:
            return None
        told = self._named(before.said)
        named = self._referrer.told(text, [Service(c) for c in told], ())
        codes = self._named(ordinals.counted(named, told))
        return answered.told_whose(before.said, text, codes[0] if len(codes) == 1 else "")

    def asked_again(self, before: Facts, text: str) -> str:
        """A first message that was not clear, to be asked about again; "" where this one is new.

        It stands together with the payer and the discipline that this message names.
        """
        first = before.before_said is not None and not before.before_said.tells_a_visit
        if not (before.refused and first and answered.tells_no_figure(text)):
            return ""
        told = self._payers.find(text) or disciplines.find_anew(text, None)
        return f"{before.said.rstrip(' .')}. {text}" if told else before.said

    def _named(self, text: str) -> tuple[str, ...]:
        named = (m.codes for m in self._codes.find(text))
        return tuple(dict.fromkeys(codes[0] for codes in named if len(codes) == 1))

    def _numbered(self, text: str) -> str:
        return later_turn.numbered(text, self._codes.find(text))
