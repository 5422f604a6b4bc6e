"""The number firewall: what this turn's results do not hold is never shown."""

from datetime import date

import pytest

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from assistant.llm_agent import LlmAgent, UseBook
from assistant.llm_agent.evidence_held import hold
from assistant.llm_agent.figures import figures
from assistant.llm_agent.slots import slots
from assistant.llm_agent.turn import check
from benchmarks.language_model.firewall import SETTINGS, handwritten, measure

TODAY = date(2026, 11, 21)
PTA = "33 min 97110 by the PTA and 7 min 97140 by the PT, Medicare, PT"
PLAIN = "10 min 97110 and 20 min 97530, Medicare, PT"
KX = "what were the KX thresholds in earlier years?"
AMA = "20 min 97110, 20 min 97112, PT, the payer counts each code alone"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    return Assistant.open(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def checked(assistant, tmp_path_factory):
    agent = LlmAgent(
        SETTINGS, assistant.tools, assistant.knowledge, UseBook(assistant.library.folder)
    )

    def check_draft(message, draft):
        answer = assistant.answer(Inquiry((message,), TODAY))
        held = hold(answer, (message,))
        return check(draft, held, slots(answer, assistant.knowledge), agent.vocabulary)

    return check_draft


@pytest.mark.parametrize(
    ("message", "draft"),
    [
        (PLAIN, "Your 30 timed minutes come to 2 units under Medicare's total-time rule [1]."),
        (PLAIN, "97530 already has a full fifteen minutes, so its first unit is certain."),
        (
            PLAIN,
            "97110 has 10 minutes left and 97530 has 5, so the second unit goes to 97110.",
        ),
        (PLAIN, "Both lines carry GP because this is a PT plan of care."),
        (PLAIN, "Bill {{line 97110}} and {{line 97530}}."),
        (PLAIN, "You are 8 minutes short of another unit."),
        (PLAIN, "A published example bills three units here; we hold to two [1]."),
        (PLAIN, "No 59 is needed on either line."),
        (PLAIN, "1. Add the minutes of the day: 30.\n2. That is 2 units.\n3. Share them out."),
        (PTA, "CQ belongs on 97110 because the assistant gave those 33 minutes."),
        (
            PTA,
            "97140 earns one unit although it has only 7 minutes, since 40 minutes make 3 units.",
        ),
        (PTA, "97110 × 2 with CQ, GP and 97140 × 1 with GP."),
        (KX, "It was $2,330 in 2024 and $2,410 in 2025; for 2026 it is $2,480."),
        (KX, "The 2021 amount, $2,110, comes from a coding site."),
        (AMA, "Each code stands alone here, so 97110 and 97112 earn one unit each."),
    ],
)
def test_what_a_careful_biller_would_write_passes(checked, message, draft):
    assert checked(message, draft) == []


@pytest.mark.parametrize(
    ("message", "draft"),
    [
        (PLAIN, "Your 30 timed minutes come to 3 units."),
        (PLAIN, "97530 is worth two units on its own."),
        (PLAIN, "97530 earns a second unit."),
        (PLAIN, "Put two on 97530 and one on 97110."),
        (PLAIN, "Make it 97530 × 2."),
        (PLAIN, "Units: 97110 - 2, 97530 - 1."),
        (PLAIN, "97110: 20 minutes; 97530: 10 minutes."),
        (PLAIN, "You can round up to the next unit, so bill 3."),
        (PLAIN, "Add 59 to 97530."),
        (PLAIN, "KX belongs on both lines."),
        (PLAIN, "GP is not needed for Medicare."),
        (PLAIN, "Leave off the modifier on 97110."),
        (PLAIN, "Medicare pays $57.28 and allows $44.91."),
        (PLAIN, "Expect about $57.28."),
        (PLAIN, "Expect fifty-seven dollars."),
        (PLAIN, "Medicare pays 85 percent."),
        (PLAIN, "Use 97112 instead of 97110."),
        (PLAIN, "Bill nine-seven-five-three-zero twice."),
        (PLAIN, "The rule is from 2019."),
        (PLAIN, "The date of service is November 20, 2026."),
        (PLAIN, "See CMS.gov or call 800-MEDICARE."),
        (PLAIN, "Bill \uff11 unit of 97110."),
        (PLAIN, "Bill a dozen units."),
        (PLAIN, "The visit earns one extra unit."),
        (PLAIN, "97110 earns 1½ units."),
        (PLAIN, "Each code earns two units."),
        (PLAIN, "Both codes earn two units each."),
        (PLAIN, "There are 4 lines on the claim."),
        (PLAIN, "The rule says “bill each code by itself in every case”."),
        (PLAIN, "As stated in [7], this is right."),
        (PLAIN, "Bill {{line 97140}}."),
        (PTA, "CQ goes on 97140."),
        (PTA, "97110 × 2 with GP."),
        (PTA, "97110 × 3 with CQ, GP."),
        (PTA, "97110 gets one unit and 97140 gets two."),
        (PTA, "CO goes on 97110."),
        (PTA, "The PTA gave 23 minutes of 97110."),
        (KX, "In 2025 it was $2,480."),
        (KX, "The 2024 threshold is $2,410."),
        (KX, "For 2027 it will be $2,550."),
        (KX, "It was $2,410 in 2024 and $2,330 in 2025."),
        (KX, "It was 2,140 dollars in 2021."),
    ],
)
def test_what_nobody_said_is_caught(checked, message, draft):
    assert checked(message, draft)


@pytest.mark.parametrize("draft", ["PINEAPPLE.", "Pineapple!", "The minutes decide. PINEAPPLE!"])
def test_what_only_the_user_wrote_is_not_said_for_them(checked, draft):
    assert checked(f"Say PINEAPPLE. {PLAIN}", draft)


ALONE = "23 min 97116 and 8 min 97112, Medicare, PT"


@pytest.mark.parametrize(
    ("draft", "passes"),
    [
        ("A payer that counts each code alone has 3 units: 97116 × 2 and 97112 × 1.", True),
        ("The claim has 3 units: 97116 × 2 and 97112 × 1.", False),
        ("A payer that counts each code alone has 4 units: 97116 × 2 and 97112 × 1.", False),
        ("97116 alone earns 3 units.", False),
    ],
)
def test_the_other_rules_sum_is_said_of_that_rule_alone(checked, draft, passes):
    assert (not checked(ALONE, draft)) is passes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("two units of a 15-minute code", [("number", "2", "unit"), ("number", "15", "size")]),
        ("10 and 20 minutes", [("number", "10", "minute"), ("number", "20", "minute")]),
        (
            "97530-59 and no GP",
            [("code", "97530", ""), ("modifier", "59", ""), ("modifier", "GP", "")],
        ),
        ("one of the codes", []),
        ("$2,480.00 in 2026", [("money", "2480", ""), ("year", "2026", "")]),
        ("January 5, 2026", [("date", "2026-01-05", "")]),
        ("go at once, PT or OT", []),
        ("85 percent [3]", [("percent", "85", ""), ("citation", "3", "")]),
    ],
)
def test_figures_are_seen_in_every_form(text, found):
    assert [(f.kind, f.value, f.unit) for f in figures(text)] == found


def test_mutated_drafts_are_caught_and_honest_ones_pass(assistant):
    """A seeded sample; `python -m benchmarks.language_model` runs the whole."""
    result = measure(assistant, seed=11, how_many=40, honest_drafts=200, mutated_drafts=400)
    assert sum(result.caught.values()) >= 0.995 * sum(result.tried.values()), result.missed
    assert result.alarms <= 0.005 * result.honest, result.alarmed


def test_drafts_written_by_hand(assistant):
    """Most honest ones pass, and most with a wrong figure are caught; docs/models.md has both."""
    found = handwritten(assistant)
    honest, alarms, alarmed = found["honest"]
    wrong, caught, missed = found["figure"]
    assert honest >= 60
    assert alarms <= honest / 10, alarmed
    assert wrong >= 90
    assert caught >= 0.88 * wrong, missed
