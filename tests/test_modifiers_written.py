"""Modifiers as people write them, held against the visit, and what goes with it."""

from datetime import date
from decimal import Decimal

import pytest

from assistant.answering import Assistant
from assistant.claim import ClaimLine, Discipline, Service, Visit
from assistant.conversation import Inquiry
from assistant.knowledge import load
from assistant.rules.dollars import Gpci
from assistant.tools import BillingTools

TOOLS = BillingTools(load())
TODAY = date(2026, 11, 21)


def ids(written, minutes=None, *, on=TODAY, discipline=Discipline.PT, **more):
    services = tuple(Service(c, m) for c, m in (minutes or {"97530": 20, "97110": 15}).items())
    visit = Visit(services, on, "medicare", discipline, **more)
    return {f.id for f in TOOLS.check_modifiers(written, visit)}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"97530": ["GP"], "97110": ["GP"]}, set()),
        ({"97530": ["59", "GP"]}, {"modifier-59-no-edit-97530"}),
        ({"97530": ["59"]}, {"modifier-59-no-edit-97530", "discipline-missing-97530"}),
        (
            {"97530": ["59", "XU", "GP"]},
            {"modifier-59-no-edit-97530", "modifier-59-and-x-97530"},
        ),
        ({"97530": ["GO"]}, {"discipline-wrong-97530"}),
        ({"97530": ["GP", "GO"]}, {"discipline-twice-97530"}),
        ({"97110": ["52", "GP"]}, {"modifier-52-97110"}),
        ({"97110": ["76", "GP"]}, {"modifier-76-97110"}),
        ({"97110": ["AT", "GP"]}, {"modifier-AT-97110"}),
        ({"97110": ["KX", "GP"]}, {"kx-unchecked-97110"}),
        ({"97110": ["CQ", "GP"]}, {"assistant-not-named-97110"}),
        ({"97110": ["CO", "GP"]}, {"assistant-wrong-97110"}),
        ({"97110": ["ZZ", "GP"]}, {"modifier-ZZ-unknown-97110"}),
    ],
)
def test_todays_visit(written, expected):
    assert ids(written) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [("2479", {"kx-early-97110"}), ("2480", set()), ("2481", set())],
)
def test_kx_below_at_and_above_the_amount(before, expected):
    amount = {"allowed_before": Decimal(before), "visit_allowed": Decimal("0.01")}
    assert ids({"97110": ["GP", "KX"]}, {"97110": 15}, **amount) == expected


@pytest.mark.parametrize(
    ("on", "code", "expected"),
    [
        (date(2019, 6, 30), "97530", set()),
        (date(2019, 6, 30), "97140", {"modifier-59-column-97140"}),
        (date(2019, 12, 31), "97140", {"modifier-59-column-97140"}),
        (date(2020, 1, 1), "97530", {"modifier-59-no-edit-97530"}),
    ],
)
def test_59_on_the_days_around_the_edits_end(on, code, expected):
    assert ids({code: ["59", "GP"]}, {"97140": 15, "97530": 15}, on=on) == expected


def test_an_edit_that_no_modifier_lifts():
    found = ids({"97161": ["59", "GP"]}, {"97161": 30, "97162": 30})
    assert "modifier-59-blocked-97161" in found


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    return Assistant.open(tmp_path_factory.mktemp("data"))


@pytest.mark.parametrize(
    ("message", "finding"),
    [
        ("97530-59 20 min, 97110 GP 15 min, Medicare PT", "modifier-59-no-edit-97530"),
        ("I put 59 on 97530, 20 min, and 97110 15 min, Medicare PT", "modifier-59-no-edit-97530"),
        ("97550 40 minutes with patient present, OT, Medicare", "caregiver-patient-present"),
        ("PT: 97110 10:00-10:30. OT: 97535 10:15-10:45. Medicare", "co-treatment-minutes"),
    ],
)
def test_what_is_written_is_warned_of(assistant, message, finding):
    answer = assistant.answer(Inquiry((message,), TODAY))
    assert finding in {f.id for f in answer.findings}


@pytest.mark.parametrize(
    "message",
    [
        "do I need 59 on 97530 with 97110? 97530 20 min, 97110 15 min, Medicare PT",
        "97550 40 minutes, patient not present, OT, Medicare",
        "PT: 97110 10:00-10:30. OT: 97535 10:30-10:45. Medicare",
    ],
)
def test_and_what_is_not_is_not(assistant, message):
    found = {f.id for f in assistant.answer(Inquiry((message,), TODAY)).findings}
    assert not found & {"caregiver-patient-present", "co-treatment-minutes"}
    assert not any(slug.startswith("modifier-59") for slug in found)


def test_a_localitys_factors_are_the_users():
    lines = (ClaimLine("97530", 1, ("GP",)),)
    national = TOOLS.estimate_payment(lines, TODAY).result
    factors = Gpci(Decimal("1.1"), Decimal("1.2"), Decimal("0.9"), "somewhere")
    local = TOOLS.estimate_payment(lines, TODAY, factors).result
    assert national.total_allowed == Decimal("35.07")
    # (0.44 x 1.1 + 0.60 x 1.2 + 0.01 x 0.9) x 33.4009
    assert local.total_allowed == Decimal("40.52")
    assert local.locality == "somewhere"
    partner = TOOLS.estimate_payment(lines, TODAY, qualifying_participant=True).result
    assert partner.total_allowed == Decimal("35.25")
