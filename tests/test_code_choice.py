"""The code an activity earns: from the user's words, from replies, and from the chart alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.errors import KnowledgeError
from assistant.flowchart import Activity, Answered, Verdict
from assistant.knowledge import load
from assistant.plain_reader.activities.chart_answers import (
    activity_known,
    choose,
    is_unheard_of,
    read_activity,
    settle,
)
from assistant.plain_reader.activities.likeness import OPEN, Likeness, read_examples
from assistant.rules.code_choice import Choice, mermaid, walk
from tests.built import lend_embedder

FOLDER = Path(__file__).parent / "cases"
GROUPS = [
    group
    for name in ("code_choice", "code_choice_wide")
    for group in yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
]
KNOWLEDGE = load()
CHART = KNOWLEDGE.flowchart("therapy_code")
FUNCTIONAL = "Is the activity functional and goal-directed?"
TECHNIQUE = "Does it teach an ADL or self-care technique?"


def _rows(key: str) -> Iterator[dict[str, Any]]:
    for group in GROUPS:
        for row in group.get(key, []):
            yield {**row, "source": group["source"]}


ROWS = list(_rows("rows"))
REPLIES = [row for row in ROWS if "reply" in row] + list(_rows("replies"))
TERMS = [group for group in GROUPS if "terms" in group]


def chosen(says: str, *replies: str) -> Choice:
    return choose(says, CHART, replies).result


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["says"])
def test_words_earn_the_code(row: dict[str, Any]) -> None:
    choice = chosen(row["says"])
    if "outside" in row:
        assert choice.outcome is None
    elif "open" in row:
        assert (choice.code, list(choice.candidates)) == (None, row["open"])
        assert choice.next_question is not None
        assert len(choice.next_question.options) > 1
    else:
        assert choice.outcome is not None
        assert choice.code == (None if row["code"] == "none" else row["code"])
        assert choice.next_question is None


@pytest.mark.parametrize("group", TERMS, ids=lambda group: str(group["code"]))
def test_a_bare_term_earns_its_code(group: dict[str, Any]) -> None:
    earned = {term: _code_in_words(chosen(term)) for term in group["terms"]}
    expected = "open" if group["code"] == "outside" else group["code"]
    assert {term: code for term, code in earned.items() if code != expected} == {}


def _code_in_words(choice: Choice) -> str:
    return "open" if choice.outcome is None else choice.code or "none"


@pytest.mark.parametrize("row", REPLIES, ids=lambda r: f"{r['says']}: {r['reply']}")
def test_a_reply_settles_what_was_open(row: dict[str, Any]) -> None:
    choice = chosen(row["says"], row["reply"])
    assert choice.outcome is not None
    assert choice.code == (None if row["then"] == "none" else row["then"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["says"])
def test_evidence_is_the_users_own_words(row: dict[str, Any]) -> None:
    for step in chosen(row["says"]).path:
        assert all(words in row["says"] for words in step.evidence.split(" … "))


def test_every_row_names_a_statement_we_hold() -> None:
    assert {group["source"] for group in GROUPS} <= KNOWLEDGE.statements.keys()


def test_there_are_enough_rows_and_none_twice() -> None:
    said = [row["says"] for row in ROWS] + [term for group in TERMS for term in group["terms"]]
    assert len(said) >= 2500
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("says", "path"),
    [
        ("squats for quad strength", [(FUNCTIONAL, "no", "strength")]),
        (
            "20 min lifting boxes to a shelf",
            [(FUNCTIONAL, "yes", "lifting boxes"), (TECHNIQUE, "no", "lifting boxes")],
        ),
        (
            "one-handed dressing training",
            [(FUNCTIONAL, "yes", "one-handed dressing"), (TECHNIQUE, "yes", "one-handed dressing")],
        ),
        ("squats", [(FUNCTIONAL, "open", "squats")]),
    ],
)
def test_the_path_of_a_core_code_is_the_two_questions(
    says: str, path: list[tuple[str, str, str]]
) -> None:
    taken = [(s.text, s.answer.value, s.evidence) for s in chosen(says).path]
    assert [step[:2] for step in taken] == [step[:2] for step in path]
    assert all(words in found for (*_, found), (*_, words) in zip(taken, path, strict=True))


def test_a_circumstance_is_the_only_step_it_adds() -> None:
    assert [s.question for s in chosen("pool exercise for knee strength").path] == ["water"]


@pytest.mark.parametrize(
    ("says", "code"),
    [
        ("squats, not for strength", "97530"),
        ("squats, strength is not the goal", "97530"),
        (
            "towel folding in standing, no ADL or technique, for balance rather than the task",
            "97112",
        ),
        ("treadmill, not for endurance", "97116"),
        ("treadmill for gait pattern instead of endurance", "97116"),
        ("not a group, pegboard for dexterity", "97112"),
    ],
)
def test_a_denied_purpose_does_not_count(says: str, code: str) -> None:
    assert chosen(says).code == code


@pytest.mark.parametrize(
    ("says", "code"),
    [
        ("quad strengthening so he can climb stairs at home", "97110"),
        ("leg press to be able to get up from the floor", "97110"),
        ("balance training for carrying groceries", "97112"),
        ("manual therapy to improve shoulder range", "97140"),
        ("transfer training due to leg weakness", "97530"),
    ],
)
def test_the_goal_behind_the_treatment_is_not_its_purpose(says: str, code: str) -> None:
    """Every note names a functional goal; that alone does not make exercise an activity."""
    assert chosen(says).code == code


@pytest.mark.parametrize(
    ("says", "code"),
    [
        ("leg press and SLR w/ rest breaks PRN", "97110"),
        ("worked on strengthening, waited 1 min between sets", "97110"),
        ("UT stretch and chin tucks, handout given", "97110"),
        ("McConnell tape then step downs for quad strength", "97110"),
        ("soft tissue mobilization, pt educated on posture", "97140"),
        ("transfer training w/ tech assist for safety", "97530"),
    ],
)
def test_a_part_of_treatment_does_not_unmake_it(says: str, code: str) -> None:
    assert chosen(says).code == code


@pytest.mark.parametrize("says", ["KT tape for postural awareness", "handout on body mechanics"])
def test_what_earns_nothing_is_not_made_a_treatment_by_its_purpose(says: str) -> None:
    assert chosen(says).is_billable is False


def test_rest_named_before_a_treatment_is_asked_about() -> None:
    choice = chosen("seated rest, squats for strength")
    assert choice.next_question is not None
    assert choice.next_question.id == "treatment"
    assert chosen("seated rest, squats for strength", "treatment").code == "97110"


@pytest.mark.parametrize(
    ("says", "code"),
    [
        ("ther ex: squats, step ups", "97110"),
        ("TA: squats, step ups", "97530"),
        ("neuromuscular re-education for standing balance needed for ADLs", "97112"),
        ("manual therapy to increase ROM for overhead reach", "97140"),
        ("gait training on stairs to return home", "97116"),
    ],
)
def test_the_name_of_a_service_settles(says: str, code: str) -> None:
    assert chosen(says).code == code


@pytest.mark.parametrize(
    "says", ["squatts for quad strenght", "relaxtion masage", "hamstring streching"]
)
def test_small_typing_errors_are_forgiven(says: str) -> None:
    assert chosen(says).code in ("97110", "97124")


@pytest.mark.parametrize("activity", list(CHART.activities.values()), ids=lambda a: a.id)
def test_any_option_sent_back_settles_its_activity(activity: Activity) -> None:
    says = " ".join(word.split("|")[0] for word in activity.cues[0].split())
    question = chosen(says).next_question
    assert question is not None
    assert question.text == activity.question
    for option in question.options:
        choice = chosen(says, option.text)
        assert choice.outcome is not None
        assert choice.outcome.codes[:1] == option.codes


@pytest.mark.parametrize("reply", ["both", "not sure", "", "97530 pays more", "🤷"])
def test_a_reply_that_does_not_choose_leaves_it_open(reply: str) -> None:
    assert chosen("squats", reply).candidates == ("97110", "97530")


def test_two_questions_in_a_row() -> None:
    says = "caregiver teaching"
    assert chosen(says).next_question.id == "caregiver_alone"  # type: ignore[union-attr]
    choice = chosen(
        says, "the patient was there", "a task of daily life, work or sport done better"
    )
    assert choice.code == "97530"
    assert {
        q: a.value.value for q, a in settle(says, ["the patient was not there"], CHART).items()
    } == {"caregiver_alone": "yes"}


def test_words_that_say_nothing_leave_every_purpose_open() -> None:
    choice = chosen("the usual session")
    assert not activity_known("the usual session", CHART)
    assert {"97110", "97112", "97116", "97530", "97535"} <= set(choice.candidates)
    assert choice.path == ()
    assert len(choice.next_question.options) >= 5  # type: ignore[union-attr]


@pytest.mark.parametrize("says", ["", "   ", "\x00", "żółć 🤸", "x" * 100_000, "squats " * 15_000])
def test_odd_input_is_read_without_error(says: str) -> None:
    chosen(says)


# ---- the chart alone


def answers(**values: str) -> dict[str, Answered]:
    return {question: Answered(Verdict(value), "said so") for question, value in values.items()}


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"functional": "no"}, ["97110"]),
        ({"functional": "yes", "technique": "yes"}, ["97535"]),
        ({"functional": "yes", "technique": "no"}, ["97530"]),
        ({"functional": "yes"}, ["97530", "97535"]),
        ({}, ["97110", "97530", "97535"]),
        ({"control": "open"}, ["97110", "97112", "97530", "97535"]),
        ({"control": "open", "functional": "no"}, ["97110", "97112"]),
        ({"gait": "yes", "functional": "no"}, ["97116"]),
        ({"device": "yes"}, ["97760", "97763"]),
        ({"given_by_clinician": "no", "functional": "yes"}, []),
    ],
)
def test_some_answers_leave_some_codes(given: dict[str, str], codes: list[str]) -> None:
    choice = walk(CHART, answers(**given)).result
    assert list(choice.candidates) == codes
    assert (choice.next_question is None) == (len(codes) < 2)


def test_not_billable_is_an_end_with_a_warning() -> None:
    ruling = walk(CHART, answers(attended="no"))
    assert ruling.result.is_billable is False
    assert [finding.id for finding in ruling.findings] == ["not-billable-unattended"]


def test_reasons_cite_statements_we_hold() -> None:
    assert set(CHART.statements) <= KNOWLEDGE.statements.keys()
    ruling = choose("lifting boxes to a shelf", CHART)
    assert [reason.statement for reason in ruling.because] == [
        "scope-97530",
        "scope-97530-or-97535",
        "scope-97530",
    ]


def test_every_outcome_can_be_reached_and_its_codes_are_held() -> None:
    for outcome in CHART.outcomes.values():
        assert all(KNOWLEDGE.code(code) for code in outcome.codes)


def test_the_picture_marks_the_way_taken() -> None:
    picture = mermaid(CHART, chosen("one-handed dressing training").path)
    assert picture.startswith("flowchart TD\n")
    marked = next(line for line in picture.splitlines() if line.strip().startswith("class "))
    assert {"functional", "technique", "self_care"} <= set(marked.split()[1].split(","))
    assert "activities" not in marked.split()[1].split(",")
    assert "class " not in mermaid(CHART)


def test_the_same_words_give_the_same_answers() -> None:
    says = "standing balance while folding towels"
    assert read_activity(says, CHART) == read_activity(says, CHART)


EXAMPLES = Path(__file__).parents[1] / "knowledge_base" / "flowcharts" / "examples" / "worked.yaml"


@pytest.fixture(scope="module")
def likeness(tmp_path_factory: pytest.TempPathFactory) -> Likeness:
    data = tmp_path_factory.mktemp("data")
    lend_embedder(data, tmp_path_factory.getbasetemp() / "embedder")
    return Likeness(EXAMPLES, data)


def test_worked_examples_name_intents_of_the_chart() -> None:
    held = read_examples(yaml.safe_load(EXAMPLES.read_text(encoding="utf-8")))
    assert set(held.intents) - {OPEN} <= CHART.intents.keys()
    assert len(held.texts) == len(set(held.texts)) >= 700


def test_words_no_list_holds_are_judged_by_likeness(likeness: Likeness) -> None:
    said = "sorting coins"
    assert is_unheard_of(said, CHART)
    like = likeness.find(said)
    assert like is not None
    assert like == likeness.find(f"which code is {said}?")
    if like.intent:
        path = choose(said, CHART, (), like.intent).result.path
        assert {step.evidence for step in path if step.evidence} == {said}


def test_what_is_no_treatment_is_like_no_example(likeness: Likeness) -> None:
    assert likeness.find("filing an insurance appeal") is None
    assert likeness.find("capital of France") is None


def test_without_an_embedder_nothing_is_judged_by_likeness(tmp_path: Path) -> None:
    assert Likeness(EXAMPLES, tmp_path).find("sorting coins") is None


@pytest.mark.parametrize("change", [{"neighbors": 9}, {"least_lead": 1.5}, {"examples": {}}])
def test_examples_that_cannot_serve_are_refused(change: dict[str, Any]) -> None:
    raw = {"neighbours": 9, "least_likeness": 0.45, "least_share": 0.6, "examples": {OPEN: ["x"]}}
    with pytest.raises(KnowledgeError):
        read_examples({**raw, **change})
