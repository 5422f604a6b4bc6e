"""The tools at their own door: what they refuse, and what reaches a model."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from assistant import knowledge as knowledge_base
from assistant.claim import CountingRule, Discipline
from assistant.errors import ImpossibleFact, NotInForce, UnknownCode
from assistant.langchain_tools import langchain_tools
from assistant.rules.episode import Episode, State
from assistant.tools import BillingTools

TOOLS = BillingTools(knowledge_base.load())
DAY = date(2026, 3, 2)


def test_the_episode_clock_is_a_tool() -> None:
    episode = Episode(date(2026, 1, 5), treatment_days=9)
    clock = TOOLS.check_episode(episode, date(2026, 2, 5)).result
    assert clock.certification.state is State.OVERDUE
    assert clock.recertification.by == date(2026, 4, 5)
    assert clock.progress_report.days_left == 1


def test_a_model_may_ask_for_it() -> None:
    (tool,) = (tool for tool in langchain_tools(TOOLS) if tool.name == "check_episode")
    given = {"episode_of_care": {"first_treatment": "2026-01-05"}, "day": "2026-01-06"}
    due = json.loads(tool.invoke(given))["result"]["due"]
    assert [item["what"] for item in due] == ["certification", "recertification", "progress_report"]
    assert "recertification" in tool.description


@pytest.mark.parametrize("code", ["97161", "97129", "G0283"])
def test_only_codes_of_the_pool_are_counted_together(code: str) -> None:
    with pytest.raises(ImpossibleFact, match="not timed in units of 15 minutes"):
        TOOLS.count_units({"97110": 15, code: 15}, CountingRule.CMS)


def test_an_unknown_code_is_named() -> None:
    with pytest.raises(UnknownCode, match="97999"):
        TOOLS.count_units({"97999": 15}, CountingRule.AMA)
    with pytest.raises(UnknownCode, match="97999"):
        TOOLS.check_edit_pair("97110", "97999", DAY)


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity", "1000001"])
def test_amounts_that_cannot_be(amount: str) -> None:
    for given in ((Decimal(amount), None), (Decimal(1), Decimal(amount))):
        with pytest.raises(ImpossibleFact, match="dollars allowed"):
            TOOLS.check_kx(Discipline.PT, *given, DAY)


def test_a_year_not_held_is_refused_by_name() -> None:
    with pytest.raises(NotInForce, match="2027-01-01"):
        TOOLS.check_kx(Discipline.OT, Decimal(1), None, date(2027, 1, 1))


def test_the_review_amount_stands_beside_the_threshold() -> None:
    ruling = TOOLS.check_kx(Discipline.PT, Decimal("2999.99"), Decimal("0.02"), DAY)
    assert ruling.result.to_dict()["may_be_reviewed"] is True
    assert [finding.id for finding in ruling.findings] == ["kx-targeted-review"]
