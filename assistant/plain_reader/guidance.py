"""Answers about a rule: from the tools where they know it, else from the guides, cited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations

from assistant.claim import ClaimLine, Discipline, Setting
from assistant.conversation import AnswerKind, Citation, Question
from assistant.errors import NotInForce
from assistant.evidence import Authority, Certainty, Reason, Source
from assistant.knowledge import Dispute, Element, Knowledge, value_id
from assistant.library import Kind, Library, Passage, Reference
from assistant.plain_reader import disputed
from assistant.plain_reader.facts import Facts
from assistant.plain_reader.parts import Parts
from assistant.rules import disputes
from assistant.rules.edits import PairStatus
from assistant.tools import BillingTools

SEE_ALSO = 2  # passages pointed to beside the one that is quoted
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
            told.append(f"- {_verdict(ruling.result.status, one, other, ruling.result.denied)}")
            told += [f"  - {item}" for item in self._reasons(parts, ruling.because)]
            found += disputes.on_pair(self._knowledge.disputes, one, other)
        parts.say(f"**{' + '.join(codes)} on one day** (Medicare, {day}):", *told)
        self._payer_on_59(parts, facts, day)
        self._pair_notes(parts, codes)
        disputed.add(parts, found, self._knowledge)
        self.passages(parts, text, facts, today, "edits", "modifier_59")

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
        if not codes:
            self.passages(parts, text, facts, today)

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
            self._tools.review_note, note=text, codes=codes, date_of_service=day
        )
        for code in ("*", *ruling.result.codes):
            own = [e for e in ruling.result.elements if e.code == code]
            name = "Every treatment day" if code == "*" else code
            items = []
            for element in own:
                mark = parts.worksheet.mark(element.statement)
                kind = "" if element.is_condition else " (good practice)"
                if element.quote is not None:
                    items.append(f"- Present{kind}: {element.text}: «{element.quote.text}»{mark}")
                else:
                    pattern = f" Pattern: {element.pattern}" if element.pattern else ""
                    items.append(f"- Missing{kind}: {element.text}.{pattern}{mark}")
            parts.say(f"**{name}**", *items)
        parts.findings += parts.worksheet.warned(ruling.findings)

    def pay(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        """What Medicare's fee schedule allows for a unit of each code."""
        day = facts.day.day if facts.day else today
        codes = [c for c in facts.codes if c in self._knowledge.codes]
        items = []
        for code in codes:
            line = ClaimLine(code, 1)
            ruling = parts.worksheet.call(
                self._tools.estimate_payment, lines=(line,), date_of_service=day
            )
            for priced in ruling.result.lines:
                where = ruling.result.locality
                items.append(
                    f"- {code}: ${priced.allowed:,.2f} allowed for a first unit ({where})."
                )
            items += [f"- {r.code}: {r.reason}." for r in ruling.result.refused]
            items += [f"  - {item}" for item in self._reasons(parts, ruling.because[:2])]
        parts.say(f"**Medicare fee schedule, {day}**", *dict.fromkeys(items))
        if len(codes) > 1:
            parts.say(
                "The code follows what the minutes were for, never what it pays"
                f"{parts.worksheet.mark('payment-code-follows-intent')}."
            )
        found = disputes.on_topic(self._knowledge.disputes, codes, "payment")
        disputed.add(parts, found, self._knowledge)
        self.passages(parts, text, facts, today, "payment")

    def code(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        """What is known of a code, then the guide that answers the question."""
        for code in facts.codes[:3]:
            if code not in self._knowledge.codes:
                continue
            ruling = parts.worksheet.call(self._tools.look_up_code, code=code)
            parts.say(*(f"**{r.text}**" for r in ruling.because))
        self.passages(parts, text, facts, today)

    def amounts(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        """The year's amounts, where the question gives no patient's dollars."""
        day = facts.day.day if facts.day else today
        items = []
        for name in REVIEW_AMOUNT if "review" in text.lower() else KX_AMOUNTS:
            try:
                held = parts.worksheet.call(
                    self._tools.look_up_value, name=name, date_of_service=day
                )
            except NotInForce as error:
                items.append(f"- {error}")
                continue
            items += [f"- {item}" for item in self._reasons(parts, held.because)]
        parts.say(*items)

    def payer(self, parts: Parts, facts: Facts, today: date) -> None:
        """All that is held on the payer named, each value with its date."""
        if facts.payer is None or facts.payer.id == "medicare":
            return
        payer = parts.worksheet.call(self._tools.look_up_payer, payer=facts.payer.id)
        if payer.kind == "other" and not payer.values:
            return
        name = payer.name if payer.values else facts.payer.words
        day = facts.day.day if facts.day else today
        items = []
        for key in payer.values:
            value = payer.on(key, day)
            if value is None or key == "still_edits":
                continue
            mark = parts.worksheet.mark(value_id(f"payer:{payer.id}/{key}", value))
            seen = f"as of {value.as_of or value.start}"
            items.append(f"- {PAYER_KEYS[key]}: {_shown(value.value)} ({seen}){mark}")
        if items:
            parts.say(f"**{name}**, as far as was seen; a plan's contract overrides it", *items)
        missing = [PAYER_KEYS[k] for k in ASKED_OF_PAYERS if k not in payer.values]
        if missing:
            parts.say(f"Not known here, so ask {name}: {'; '.join(missing)}.")

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

    def passages(self, parts: Parts, text: str, facts: Facts, today: date, *topics: str) -> bool:
        """Add the passage that answers, and point to the next; False where none is relevant."""
        found = self._library.search(
            text,
            k=5,
            codes=facts.codes,
            payer=facts.payer.id if facts.payer else None,
            topics=topics,
            on=facts.day.day if facts.day else today,
        )
        parts.worksheet.record(
            "find_passages",
            {"query": text, "topics": topics},
            {"search": found.mode, "note": found.note, "passages": [p.id for p in found.passages]},
        )
        if not found.passages:
            return False
        first, *others = found.passages
        self._quote(parts, first)
        by_title = {p.title: p for p in reversed(others)}
        more = [by_title[title] for title in dict.fromkeys(p.title for p in others)]
        more = [p for p in more if p.title != first.title]
        if more:
            pointers = [
                f"- {p.title}{_mark(_cite_passage(parts, p, None, self._knowledge))}"
                for p in more[:SEE_ALSO]
            ]
            parts.say("**See also**", *pointers)
        return True

    def _quote(self, parts: Parts, passage: Passage) -> None:
        if not passage.sentences:
            mark = _mark(_cite_passage(parts, passage, None, self._knowledge))
            said = f"{self._speaker(passage)}: «{passage.text.strip()}»{mark}"
            parts.say(f"**{passage.title}**", said)
            return
        lines: list[str] = []
        for sentence in passage.sentences:
            marks = "".join(
                _mark(_cite_reference(parts, passage, ref, self._knowledge))
                for ref in sentence.refs
            )
            text = f"{sentence.text}{marks}"
            if sentence.opens == "item":
                lines.append(f"- {text}")
            elif sentence.opens or not lines:
                lines += ["", text] if lines else [text]
            else:
                lines[-1] += f" {text}"
        own = _mark(_cite_passage(parts, passage, None, self._knowledge))
        parts.say(f"**{passage.title}**{own}\n\n" + "\n".join(lines))

    def _speaker(self, passage: Passage) -> str:
        source = self._knowledge.sources.get(passage.source)
        name = source.publisher if source else passage.title
        return f"{name} ({passage.authority.value})"

    def _reasons(self, parts: Parts, reasons: Sequence[Reason]) -> list[str]:
        return [f"{r.text}{parts.worksheet.mark(r.statement)}" for r in reasons]


KX_AMOUNTS = ("medicare/kx_threshold_pt_slp", "medicare/kx_threshold_ot")
REVIEW_AMOUNT = ("medicare/targeted_review_threshold",)
PAYER_KEYS = {
    "counting_rule": "counting rule (all timed minutes together, or each code alone)",
    "daily_unit_limit": "most timed units a day",
    "daily_limit_text": "daily limit",
    "edits": "edit table in use",
    "modifier_59": "59 or X modifiers, and on which line",
    "discipline_modifiers": "GP, GO and GN wanted",
    "assistant_modifiers": "CQ and CO wanted",
    "assistant_payment_share": "share paid for assistants",
    "mppr": "payment reduction for several procedures",
    "authorisation": "authorization",
    "modifier_order": "order of modifiers",
}
ASKED_OF_PAYERS = (
    "counting_rule",
    "daily_unit_limit",
    "modifier_59",
    "discipline_modifiers",
    "assistant_modifiers",
    "authorisation",
)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value == "cms":
        return "all timed minutes together (CMS)"
    if value == "ama":
        return "each code alone (midpoint)"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).rstrip(".")


def _verdict(status: PairStatus, one: str, other: str, denied: str) -> str:
    return {
        PairStatus.NONE: f"**Yes**: {one} and {other} may stand together without 59.",
        PairStatus.MODIFIER: (
            f"**Only with 59 on {denied}**, and only where the minutes of {one} and {other} were "
            "separate, each with a purpose of its own."
        ),
        PairStatus.BLOCKED: f"**No**: {denied} is not paid beside the other, with any modifier.",
        PairStatus.NOT_HELD: f"**Not held here**: look {one} and {other} up before billing both.",
        PairStatus.UNCONFIRMED: (
            f"**Check first**: an edit may join {one} and {other}, but it is not confirmed here."
        ),
    }[status]


def _mark(citation: int | None) -> str:
    return f" [{citation}]" if citation is not None else ""


def _cite_reference(
    parts: Parts, passage: Passage, ref: Reference, knowledge: Knowledge
) -> int | None:
    if ref.id in knowledge.statements:
        return parts.worksheet.cite(ref.id)
    return _cite_passage(parts, passage, ref, knowledge)


def _cite_passage(
    parts: Parts, passage: Passage, ref: Reference | None, knowledge: Knowledge
) -> int:
    held = knowledge.sources.get(ref.id) if ref else None

    def build(n: int) -> Citation:
        return Citation(
            n=n,
            source=held.id if held else passage.source,
            title=held.title if held else passage.title,
            locator=ref.locator if ref else passage.heading,
            url=held.url if held else passage.url,
            quote=_said_with(passage, ref) if ref else passage.text,
            authority=_authority(passage, held),
            effective=str(passage.effective) if passage.effective else None,
            certainty=_certainty(passage, ref),
            note=_note(passage, held),
            passage=passage.id,
        )

    key = f"{ref.id} {ref.locator}" if ref else ""
    return parts.worksheet.cite_place(f"passage:{passage.id}:{key}", build)


def _authority(passage: Passage, held: Source | None) -> str:
    """Who speaks: the source a sentence cites; our own note as a whole is local."""
    if held is not None:
        return held.authority.value
    return Authority.LOCAL.value if passage.kind is Kind.GUIDE else passage.authority.value


def _note(passage: Passage, held: Source | None) -> str:
    if held is not None:
        return f"as told in our note «{passage.title}»"
    return "our own note; each sentence cites its source" if passage.kind is Kind.GUIDE else ""


def _said_with(passage: Passage, ref: Reference) -> str:
    """The passage's sentences that rest on a reference."""
    return " … ".join(s.text for s in passage.sentences if ref in s.refs) or passage.text


def _certainty(passage: Passage, ref: Reference | None) -> str:
    """How sure the sentences are that rest on a reference; the guides label each that is not."""
    if ref is None:
        return passage.certainty.value
    said = [s.text for s in passage.sentences if ref in s.refs]
    if said and all("(from memory" in text for text in said):
        return Certainty.MEMORY.value
    if said and all("(inferred" in text or "(from memory" in text for text in said):
        return Certainty.INFERRED.value
    return Certainty.VERIFIED.value
