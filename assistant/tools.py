"""The rules as tools: one function each, the same for the plain reader, a model and MCP."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from assistant.claim import ClaimLine, CountingRule, Discipline, Setting, Visit
from assistant.errors import ImpossibleFact
from assistant.evidence import Finding, Reason, Ruling
from assistant.flowchart import Answered, Verdict
from assistant.knowledge import Code, Dated, Dispute, Knowledge, Payer, value_id
from assistant.rules import (
    code_choice,
    disputes,
    documentation,
    dollars,
    edits,
    episode,
    modifier_audit,
    modifiers,
    payment,
    units,
    visit,
)


class BillingTools:
    """Every deterministic tool. Each returns a ruling with its reasons, or says what is missing."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def count_units(
        self, minutes: dict[str, int], counting_rule: CountingRule
    ) -> Ruling[units.Allocation]:
        """Turn the minutes of 15-minute codes into units.

        Args:
            minutes: Code to whole one-to-one minutes, for one patient, day and discipline.
            counting_rule: cms pools the day's timed minutes; ama counts each code alone.
        """
        for code in minutes:
            self._refuse_unpooled(self._knowledge.code(code))
        count = units.by_total_time if counting_rule is CountingRule.CMS else units.by_midpoint
        return count(minutes)

    @staticmethod
    def _refuse_unpooled(code: Code) -> None:
        if not code.is_pooled:
            raise ImpossibleFact(
                "code",
                code.code,
                f"{code.code} is not timed in units of 15 minutes: leave it out here, or review "
                "the whole visit.",
            )

    def review_visit(self, visit_to_review: Visit) -> visit.VisitReview:
        """Work out the claim lines of one visit: units, modifiers, edits, limits, questions.

        Args:
            visit_to_review: One patient, one date of service, one discipline.
        """
        return visit.review(visit_to_review, self._knowledge)

    def choose_code(
        self, answers: dict[str, str], activity: str = ""
    ) -> Ruling[code_choice.Choice]:
        """Walk the code-selection flowchart with the answers known so far.

        Args:
            answers: Question id of the flowchart to "yes" or "no"; leave out what is not known.
            activity: The words that describe what the patient did, kept as evidence.
        """
        chart = self._knowledge.flowchart()
        unknown = answers.keys() - chart.questions.keys()
        if unknown:
            raise ImpossibleFact(
                "question",
                sorted(unknown),
                f"The flowchart has no question {', '.join(sorted(unknown))}; "
                f"its questions are {', '.join(chart.questions)}.",
            )
        said = {key: Answered(Verdict(value), activity) for key, value in answers.items()}
        return code_choice.walk(chart, said)

    def check_edit_pair(
        self,
        code_one: str,
        code_two: str,
        date_of_service: date,
        setting: Setting = Setting.PRACTITIONER,
    ) -> Ruling[edits.PairRuling]:
        """Say whether Medicare's NCCI edits join two codes on a day, with the pair's history.

        Args:
            code_one: A procedure code.
            code_two: Another procedure code.
            date_of_service: The day of the visit.
            setting: practitioner (private practice) or outpatient_hospital.
        """
        for code in (code_one, code_two):
            self._knowledge.code(code)
        return edits.pair(
            code_one, code_two, on=date_of_service, table=setting, knowledge=self._knowledge
        )

    def check_kx(
        self,
        discipline: Discipline,
        allowed_before: Decimal,
        visit_allowed: Decimal | None,
        date_of_service: date,
    ) -> Ruling[modifiers.ThresholdProgress]:
        """Say whether the claim needs modifier KX (Medicare's annual therapy threshold).

        Args:
            discipline: PT, OT or SLP.
            allowed_before: Medicare-allowed dollars since January 1, this visit excluded.
            visit_allowed: This visit's allowed dollars, or nothing where not known.
            date_of_service: The day of the visit.
        """
        return modifiers.kx(
            discipline, allowed_before, visit_allowed, on=date_of_service, knowledge=self._knowledge
        )

    def check_episode(self, episode_of_care: episode.Episode, day: date) -> Ruling[episode.Clock]:
        """Say what Medicare needs next in an episode of care, and by when.

        Certification of the plan (30 days, the signed-order exception of 2025), recertification
        (90 days, or the plan's shorter duration) and the progress report by the 10th treatment
        day. Each comes back as done, open, overdue, not needed, or unknown with what to ask.

        Args:
            episode_of_care: Its first treatment day; where known the days of signature, verbal
                order, recertification, last progress report and discharge, whether a signed order
                is on file and when the plan was sent, and the treatment days or their number.
            day: The day asked about.
        """
        return episode.clock(episode_of_care, on=day, knowledge=self._knowledge)

    def estimate_payment(
        self,
        lines: tuple[ClaimLine, ...],
        date_of_service: date,
        gpci: dollars.Gpci = dollars.NATIONAL,
        qualifying_participant: bool = False,
        locality: str = "",
    ) -> Ruling[dollars.Estimate]:
        """Estimate what Medicare's fee schedule allows for the lines of one day.

        Args:
            lines: All therapy lines of the patient, day and provider.
            date_of_service: The day of the visit.
            gpci: The locality's three factors and its name; national where none are given.
            qualifying_participant: Whether the clinician is a qualifying APM participant.
            locality: Medicare's payment locality instead of the factors: contractor and number
                ("01182 18"), state and number ("CA 18"), or its name.
        """
        if locality:
            gpci = payment.locality_gpci(locality, on=date_of_service, knowledge=self._knowledge)
        return payment.estimate(
            lines,
            on=date_of_service,
            knowledge=self._knowledge,
            gpci=gpci,
            qualifying_participant=qualifying_participant,
        )

    def check_modifiers(
        self, written: dict[str, list[str]], visit_to_review: Visit
    ) -> tuple[Finding, ...]:
        """Say what is wrong with the modifiers that somebody means to put on a visit's lines.

        Args:
            written: Code to the modifiers written on its line.
            visit_to_review: The visit they belong to.
        """
        found = visit.review(visit_to_review, self._knowledge)
        case = modifier_audit.Case(
            visit=visit_to_review,
            payer=self._knowledge.payer(visit_to_review.payer or "medicare"),
            lines=found.lines,
            pairs=[pair.result for pair in found.pairs],
            threshold=found.threshold,
        )
        return modifier_audit.audit(written, case, self._knowledge)

    def documentation_requirements(self, codes: list[str]) -> Ruling[documentation.Checklist]:
        """List what the note must show for codes: Medicare's conditions, and good practice.

        Args:
            codes: The procedure codes; none asks for what every visit's note must show.
        """
        return documentation.requirements(codes, knowledge=self._knowledge)

    def review_note(
        self, note: str, codes: list[str], date_of_service: date
    ) -> Ruling[documentation.NoteReview]:
        """Check a pasted note against what each billed code needs.

        Args:
            note: The therapist's note, identifiers removed.
            codes: The codes billed for the visit.
            date_of_service: The day of the visit.
        """
        return documentation.review_note(note, codes, on=date_of_service, knowledge=self._knowledge)

    def look_up_code(self, code: str) -> Ruling[Code]:
        """Describe a procedure code: plain meaning, clock, discipline, therapy kind.

        Args:
            code: The procedure code.
        """
        held = self._knowledge.code(code)
        return Ruling(held, (Reason(_described(held)),))

    def look_up_value(self, name: str, date_of_service: date) -> Ruling[Dated]:
        """Give a dated value of the knowledge base, such as the year's KX amount.

        Args:
            name: The parameter, such as medicare/kx_threshold_ot or medicare/conversion_factor.
            date_of_service: The day on which it must be in force.
        """
        parameter = self._knowledge.parameter(name)
        held = parameter.on(date_of_service)
        until = f" to {held.until}" if held.until else ""
        money = parameter.unit.startswith("USD")
        amount = f"${Decimal(str(held.value)):,.2f}" if money else held.value
        text = f"{parameter.label}: {amount} ({held.start}{until})."
        return Ruling(held, (Reason(text, value_id(name, held)),))

    def look_up_payer(self, payer: str) -> Payer:
        """Give all that is known of a payer's therapy rules, each value with its date and source.

        Args:
            payer: The payer's id.
        """
        return self._knowledge.payer(payer)

    def find_disputes(self, codes: list[str], topic: str) -> tuple[Dispute, ...]:
        """List published statements on these codes and topic that the authority contradicts.

        Args:
            codes: The procedure codes concerned.
            topic: Such as units, edits, modifier_59, kx, documentation, code_choice, payment.
        """
        return disputes.on_topic(self._knowledge.disputes, codes, topic)


def _described(code: Code) -> str:
    clock = {
        "untimed": "untimed: one unit a day",
        "fifteen": "timed in units of 15 minutes",
        "own": f"timed on its own clock: first {code.first_minutes} minutes"
        + (f", then each further {code.further_minutes}" if code.further_minutes else ""),
    }[code.clock]
    if code.clock == "own" and code.first_code:
        clock = f"an add-on to {code.first_code}: each further {code.further_minutes} minutes"
    note = f" {code.note[0].upper()}{code.note[1:]}." if code.note else ""
    return f"{code.code}: {code.label}; {clock}.{note}"
