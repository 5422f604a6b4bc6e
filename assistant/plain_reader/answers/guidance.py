"""Answers about a rule: from the tools where they know it, else from the guides, cited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations

from assistant.claim import ClaimLine, Discipline, Setting
from assistant.conversation import AnswerKind, Question
from assistant.evidence import Reason
from assistant.knowledge import Dispute, Element, Knowledge, value_id
from assistant.library import Library
from assistant.plain_reader.answers import (
    about_payers,
    choosing,
    disputed,
    modifier_meaning,
    most_units,
    pair_verdict,
    passages,
    pricing,
    therapy_kind,
    year_amounts,
)
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.asked.notes import without_request
from assistant.plain_reader.known import Facts
from assistant.rules import disputes
from assistant.tools import BillingTools

MOST_PAIRS = 6


class Guidance:
    """Answers questions about rules; `library` finds the passages."""

    def __init__(self, tools: BillingTools, knowledge: Knowledge, library: Library) -> None:
        self._tools = tools
        self._knowledge = knowledge
        self._library = library

    def together(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        """May these codes stand on one day, does 59 belong, and what must the note show."""
        day = facts.day.day if facts.day else today
        setting = facts.setting or Setting.PRACTITIONER
        codes = [c for c in facts.codes if c in self._knowledge.codes]
        told: list[str] = []
        found: list[Dispute] = []
        for one, other in list(combinations(codes, 2))[:MOST_PAIRS]:
            ruling = parts.worksheet.call(
                self._tools.check_edit_pair,
                code_one=one,
                code_two=other,
                date_of_service=day,
                setting=setting,
            )
            told.append(f"- {pair_verdict.told(ruling.result, one, other)}")
            told += [f"  - {item}" for item in self._reasons(parts, ruling.because)]
            found += disputes.on_pair(self._knowledge.disputes, one, other)
        parts.say(f"**{' + '.join(codes)} on one day** (Medicare, {day}):", *told)
        for name in (m for m in facts.modifiers if m.startswith("X")):
            held = self._knowledge.modifiers[name]
            parts.say(f"**{name}**: {held.meaning}{parts.worksheet.mark(held.statement)}.")
        self._payer_on_59(parts, facts, day)
        self._pair_notes(parts, codes)
        disputed.add(parts, found, self._knowledge)
        self.passages(parts, text, facts, today, "edits", "modifier_59", pair=True)

    def _payer_on_59(self, parts: Parts, facts: Facts, day: date) -> None:
        if facts.payer is None or facts.payer.id == "medicare":
            parts.say(
                "Other payers run edit tables of their own: ask the payer before adding 59 where "
                f"Medicare has no edit{parts.worksheet.mark('modifier-59-no-edit-no-use')}."
            )
            return
        payer = parts.worksheet.call(self._tools.look_up_payer, payer=facts.payer.id)
        items = []
        for key in ("modifier_59", "edits"):
            value = payer.on(key, day)
            if value is not None:
                mark = parts.worksheet.mark(value_id(f"payer:{payer.id}/{key}", value))
                items.append(f"- {value.value} (as of {value.as_of or value.start}){mark}")
        name = payer.name if payer.values else facts.payer.words
        if items:
            parts.say(f"**{name}**", *items)
        else:
            parts.say(
                f"**{name}**: nothing is held here on its edits or 59. Ask it: which edit table, "
                "whether it wants 59 or an X modifier, and on which line."
            )

    def _pair_notes(self, parts: Parts, codes: Sequence[str]) -> None:
        ruling = parts.worksheet.call(self._tools.documentation_requirements, codes=list(codes))
        items = []
        for pair in ruling.result.pairs:
            for need in pair.needs:
                items.append(f"- {need.text}{parts.worksheet.mark(need.statement)}")
        if items:
            parts.say("**What the note must show for both**", *dict.fromkeys(items))

    def document(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        """What the note must show: Medicare's conditions apart from good practice."""
        codes = [c for c in facts.codes if c in self._knowledge.codes]
        ruling = parts.worksheet.call(self._tools.documentation_requirements, codes=codes)
        checklist = ruling.result
        if not codes:  # «what goes into a progress report?»: the note of a day comes after it
            self.passages(parts, text, facts, today)
        for one in checklist.codes:
            label = self._knowledge.code(one.code).label
            parts.say(
                f"**A note for {one.code} ({label}) must show** (Medicare)",
                *self._elements(parts, one.conditions),
            )
            if one.good_practice:
                parts.say(
                    f"**Good practice for {one.code}, not a Medicare condition**",
                    *self._elements(parts, one.good_practice),
                )
        every = checklist.every_visit
        parts.say(
            "**Every treatment day, whatever the code** (Medicare)",
            *self._elements(parts, every.conditions),
        )
        if not codes and every.good_practice:
            parts.say("**Good practice**", *self._elements(parts, every.good_practice))
        parts.findings += parts.worksheet.warned(ruling.findings)
        found = disputes.on_topic(self._knowledge.disputes, codes, "documentation") if codes else ()
        disputed.add(parts, found, self._knowledge)

    def _elements(self, parts: Parts, elements: Sequence[Element]) -> list[str]:
        return [f"- {e.text}{parts.worksheet.mark(e.statement)}" for e in elements]

    def note(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        """A pasted note against what the billed codes need."""
        codes = [c for c in facts.codes if c in self._knowledge.codes]
        if not codes:
            parts.kind = AnswerKind.CLARIFY
            question = "Which codes does the note support? Name them with the note."
            parts.say(question)
            parts.questions.append(Question("codes", question, [], "note"))
            return
        day = facts.day.day if facts.day else today
        ruling = parts.worksheet.call(
            self._tools.review_note, note=without_request(text), codes=codes, date_of_service=day
        )
        for code in ("*", *ruling.result.codes):
            own = [e for e in ruling.result.elements if e.code == code]
            name = "Every treatment day" if code == "*" else code
            items = []
            for element in own:
                mark = parts.worksheet.mark(element.statement)
                kind = "" if element.is_condition else " (good practice)"
                wanted = element.text.rstrip(".")
                if element.quote is not None:
                    items.append(f"- Present{kind}: {wanted}: «{element.quote.text}»{mark}")
                else:
                    pattern = f" Pattern: {element.pattern}" if element.pattern else ""
                    items.append(f"- Missing{kind}: {wanted}.{pattern}{mark}")
            parts.say(f"**{name}**", *items)
        parts.findings += parts.worksheet.warned(ruling.findings)

    def pay(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        """What Medicare's fee schedule allows: a first unit of each code, or the units named."""
        day = facts.day.day if facts.day else today
        codes = [c for c in facts.codes if c in self._knowledge.codes]
        units = {c: n for c, n in facts.claimed.items() if c in codes}
        pricing.say_of_plan(parts, facts.payer, self._knowledge)
        if units:
            priced = self._pay_together(parts, {c: units.get(c, 1) for c in codes}, day, facts)
        else:
            priced = self._pay_each(parts, codes, day, facts)
        if len(codes) > 1:
            parts.say(
                "The code follows what the minutes were for, never what it pays"
                f"{parts.worksheet.mark('payment-code-follows-intent')}."
            )
        about = disputes.on_topic(self._knowledge.disputes, codes, "payment")
        found = [d for d in about if d.applies.get("codes")]  # on these codes, not on all payment
        disputed.add(parts, found, self._knowledge)
        if not priced:
            self._say_what_they_are(parts, facts)
        if day.year <= today.year:  # a guide on another year answers nothing
            self.passages(parts, text, facts, today, *(["payment"] if priced else []))

    def _pay_each(self, parts: Parts, codes: Sequence[str], day: date, facts: Facts) -> bool:
        items, known = [], False
        for code in codes:
            lines = (ClaimLine(code, 1),)
            ruling = pricing.priced(parts, lines, day, facts.locality, self._tools)
            where, known = ruling.result.locality, known or bool(ruling.result.lines)
            for priced in ruling.result.lines:
                items.append(
                    f"- {code}: ${priced.allowed:,.2f} allowed for a first unit ({where})."
                )
            items += [f"- {r.code}: {r.reason}." for r in ruling.result.refused]
            items += [f"  - {item}" for item in self._reasons(parts, ruling.because[:2])]
        parts.say(f"**Medicare fee schedule, {day}**", *dict.fromkeys(items))
        return known

    def _pay_together(
        self, parts: Parts, units: Mapping[str, int], day: date, facts: Facts
    ) -> bool:
        lines = tuple(ClaimLine(c, n) for c, n in units.items())
        ruling = pricing.priced(parts, lines, day, facts.locality, self._tools)
        found = ruling.result
        items = [f"- {x.code} × {len(x.units)}: ${x.allowed:,.2f} allowed." for x in found.lines]
        items += [f"- {r.code}: {r.reason}." for r in found.refused]
        items += [f"  - {item}" for item in self._reasons(parts, ruling.because)]
        all_in = f": ${found.total_allowed:,.2f} allowed in all ({found.locality})"
        total = all_in if found.lines else ""
        parts.say(f"**Medicare fee schedule, {day}{total}**", *dict.fromkeys(items))
        return bool(found.lines)

    def code(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        """What is known of a code, then the guide that answers the question."""
        if about_payers.asked_keys(text):  # «most units of 97530 at Humana»: what the plan says
            self.payer(parts, text, facts, today)
        self._say_what_they_are(parts, facts)
        parts.say(*therapy_kind.told(text, facts.codes, self._knowledge))
        most_units.tell(parts, text, facts, today, self._knowledge)
        self.passages(parts, text, facts, today)

    def compare(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        """What each code is, then the guide on choosing between them."""
        self._say_what_they_are(parts, facts)
        self.passages(parts, text, facts, today, "code_choice", pair=True)

    def _say_what_they_are(self, parts: Parts, facts: Facts) -> None:
        for code in [c for c in facts.codes[:3] if c in self._knowledge.codes]:
            ruling = parts.worksheet.call(self._tools.look_up_code, code=code)
            parts.say(*(f"**{r.text}**" for r in ruling.because))

    def shared(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        """Which code is meant by a name that several share, then the guide on them."""
        parts.kind = AnswerKind.CODE_CHOICE
        choosing.ask_which(parts, facts.choices, self._knowledge)
        self.passages(parts, text, facts, today)

    def amounts(self, parts: Parts, text: str, facts: Facts, today: date) -> bool:
        """The year's amounts, where the question gives no patient's dollars; False: none held."""
        day = facts.day.day if facts.day else today
        return year_amounts.tell(parts, text, day, self._tools)

    def meaning(self, parts: Parts, text: str, facts: Facts) -> str:
        """Say what the modifiers asked about mean; the words to search passages with."""
        return modifier_meaning.say(parts, text, facts.modifiers, self._knowledge)

    def payer(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        """All that is held on the payer named, each value with its date, what is asked first."""
        if facts.payer is None or facts.payer.id == "medicare":
            return
        payer = parts.worksheet.call(self._tools.look_up_payer, payer=facts.payer.id)
        day = facts.day.day if facts.day else today
        about_payers.tell(parts, payer, facts.payer.words, day, text)

    def threshold(self, parts: Parts, facts: Facts, today: date) -> bool:
        """Where the patient stands against the KX amount; False where a fact is missing."""
        dollars = facts.dollars
        if dollars.before is None:
            return False
        day = facts.day.day if facts.day else today
        if facts.discipline is None:
            parts.kind = AnswerKind.CLARIFY
            text = "Which discipline? PT and SLP share one annual amount, OT has its own."
            parts.say(text)
            parts.questions.append(Question("discipline", text, list(Discipline), "claim"))
            return True
        ruling = parts.worksheet.call(
            self._tools.check_kx,
            discipline=facts.discipline,
            allowed_before=dollars.before,
            visit_allowed=dollars.visit,
            date_of_service=day,
        )
        parts.say(*(f"- {item}" for item in self._reasons(parts, ruling.because)))
        return True

    def passages(
        self, parts: Parts, text: str, facts: Facts, today: date, *topics: str, pair: bool = False
    ) -> bool:
        """Add the passage that answers, and point to the next; False where none is relevant.

        Args:
            pair: whether only a passage on all the codes named answers.
        """
        on = min(facts.day.day, today) if facts.day else today
        payer = facts.payer.id if facts.payer else None
        asked = passages.Asked(text, facts.codes, payer, topics, on)
        found = passages.find(parts, asked, self._library)
        wanted = facts.codes if pair else ()
        return passages.tell(parts, found, self._knowledge, wanted)

    def _reasons(self, parts: Parts, reasons: Sequence[Reason]) -> list[str]:
        return [f"{r.text}{parts.worksheet.mark(r.statement)}" for r in reasons]
