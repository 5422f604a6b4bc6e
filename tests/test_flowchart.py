"""A chart that would mislead a reader does not load."""

import copy
from typing import Any

import pytest

from assistant.errors import KnowledgeError
from assistant.flowchart import Verdict, parse_flowchart

CHART: dict[str, Any] = {
    "title": "Small",
    "first": "wet",
    "ask": "What for?",
    "questions": [
        {
            "id": "wet", "text": "In water?", "counts_as_yes": "pool", "counts_as_no": "land",
            "statement": "s", "presumed": False, True: "pool", False: "task",
        },
        {
            "id": "task", "text": "A task?", "counts_as_yes": "task", "counts_as_no": "strength",
            "statement": "s", "core": True, "yes": "activity", "no": "exercise",
        },
    ],
    "outcomes": [
        {"id": "pool", "codes": ["97113"], "label": "water", "statement": "s"},
        {"id": "activity", "codes": ["97530"], "label": "task", "statement": "s"},
        {"id": "exercise", "codes": ["97110"], "label": "exercise", "statement": "s"},
    ],
}  # fmt: skip
CUES: dict[str, Any] = {
    "intents": [
        {
            "id": "doing",
            "option": "the task",
            "answers": {"task": True},
            "signs": ["lift|carry box"],
        },
        {"id": "strength", "option": "strength", "answers": {"task": False}, "signs": ["strength"]},
    ]
}
ACTIVITIES: dict[str, Any] = {
    "activities": [
        {
            "id": "squats", "cues": ["squat"], "question": "What for?",
            "options": {"legs": "strength", "getting things": "doing"},
        }
    ]
}  # fmt: skip


def files() -> dict[str, Any]:
    return copy.deepcopy({"small": CHART, "cues": CUES, "activities": ACTIVITIES})


def test_a_chart_loads_with_what_is_presumed() -> None:
    chart = parse_flowchart(files(), "small")
    assert chart.questions["wet"].presumed is Verdict.NO
    assert chart.intents["strength"].outcome == "exercise"
    assert chart.route({"task": Verdict.YES}) == (
        {"wet": Verdict.NO, "task": Verdict.YES},
        "activity",
    )


def _unknown_key(raw: dict[str, Any]) -> None:
    raw["small"]["questions"][0]["yess"] = "pool"


def _dangling(raw: dict[str, Any]) -> None:
    raw["small"]["questions"][1]["yes"] = "nowhere"


def _circle(raw: dict[str, Any]) -> None:
    raw["small"]["questions"][1]["no"] = "wet"


def _unreached(raw: dict[str, Any]) -> None:
    raw["small"]["outcomes"].append({**CHART["outcomes"][0], "id": "lonely"})


def _twice(raw: dict[str, Any]) -> None:
    raw["small"]["outcomes"].append(CHART["outcomes"][0])


def _no_such_question(raw: dict[str, Any]) -> None:
    raw["cues"]["intents"][0]["answers"] = {"tasks": True}


def _no_outcome(raw: dict[str, Any]) -> None:
    raw["cues"]["intents"][0]["answers"] = {}


def _no_such_intent(raw: dict[str, Any]) -> None:
    raw["activities"]["activities"][0]["options"]["other"] = "balance"


def _needless(raw: dict[str, Any]) -> None:
    raw["activities"]["activities"][0]["options"] = {"legs": "strength", "arms": "strength"}


def _long_option(raw: dict[str, Any]) -> None:
    raw["cues"]["intents"][0]["option"] = "word " * 13


def _bad_answer(raw: dict[str, Any]) -> None:
    raw["cues"]["intents"][0]["answers"] = {"task": "perhaps"}


def _no_such_place(raw: dict[str, Any]) -> None:
    raw["cues"]["intents"][0]["beside"] = "behind"


def _treatments_of_nothing(raw: dict[str, Any]) -> None:
    raw["treatments"] = {"tasks": {"named": ["lifting"]}}


def _no_file(raw: dict[str, Any]) -> None:
    del raw["cues"]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_unknown_key, "unknown key yess"),
        (_dangling, "leads to 'nowhere'"),
        (_circle, "a circle: wet > task > wet"),
        (_unreached, "nothing leads to lonely"),
        (_twice, "'pool' is missing or taken"),
        (_no_such_question, "unknown question"),
        (_no_outcome, "do not lead to an outcome"),
        (_no_such_intent, "unknown intent balance"),
        (_needless, "needs no question"),
        (_long_option, "more than 12 words"),
        (_bad_answer, "'perhaps' is not yes, no or open"),
        (_no_such_place, "beside is 'behind'"),
        (_treatments_of_nothing, "treatments.yaml: unknown key tasks"),
        (_no_file, "cues.yaml: is missing"),
    ],
)
def test_a_faulty_chart_is_refused_by_name(spoil: Any, says: str) -> None:
    raw = files()
    spoil(raw)
    with pytest.raises(KnowledgeError, match=says):
        parse_flowchart(raw, "small")
