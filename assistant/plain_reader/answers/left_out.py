"""What stands in the message and not in the claim: said beside it, and asked."""

from __future__ import annotations

from assistant.conversation import AnswerKind, Question
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.known import Facts

A_UNIT = 8  # minutes; fewer left over are nobody's


def say(parts: Parts, facts: Facts) -> None:
    """What was left out of the claim: minutes without a code, and numbers without a place."""
    loose = [m for m in facts.loose_minutes if m != facts.treatment_total]
    if loose and sum(loose) != sum(s.minutes or 0 for s in facts.services):
        told = " and ".join(map(str, loose))
        parts.assumptions.append(f"{told} minutes stand without a code and are left out.")
        parts.questions.append(
            Question("loose-minutes", f"Which code were the {told} minutes?", [], "claim")
        )
    if (rest := _without_a_code(facts)) >= A_UNIT:
        parts.assumptions.append(
            f"Of the {facts.treatment_total} minutes told as the whole, {rest} stand under no code "
            "here and are not billed. If they were treatment, say what was done."
        )
    parts.assumptions += _numbers(facts)
    if facts.helper_unplaced:
        parts.assumptions.append(
            "I could not place who gave what in your last message and left it out. Say the minutes "
            "with their code: «the PTA gave 10 minutes of 97530»."
        )
    if facts.anothers:
        codes = " and ".join(facts.anothers)
        parts.assumptions.append(
            f"{codes}: another discipline's own visit. Its minutes count on its own claim and "
            "leave these units as they are; tell that visit apart to bill it."
        )


def say_beside(parts: Parts, facts: Facts) -> None:
    """Numbers without a place, where what was done came to a choice of codes and to no claim."""
    if parts.kind is AnswerKind.CODE_CHOICE and not parts.claims and facts.activities:
        parts.assumptions += _numbers(facts)


def _numbers(facts: Facts) -> list[str]:
    return [
        f"I could not place a number in «{words}» and left it out. If it is minutes, say of what."
        for words in facts.unplaced
    ]


def _without_a_code(facts: Facts) -> int:
    """Minutes of the whole visit, where it is told, that nothing said to be done accounts for."""
    done = [one.minutes for one in facts.services]
    done += [one.minutes for one in facts.activities] + [one.minutes for one in facts.choices]
    if facts.treatment_total is None or None in done:
        return 0
    told = sum(minutes or 0 for minutes in done) + sum(facts.loose_minutes)
    return facts.treatment_total - told - sum(minutes for minutes, _ in facts.unbilled_minutes)
