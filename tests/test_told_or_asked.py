"""What was done is told apart from what is asked of a rule; words are read as what they are."""

from datetime import date
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.conversation import Answer, AnswerKind, Inquiry
from assistant.knowledge import load
from assistant.plain_reader.activities.likeness import Likeness
from assistant.plain_reader.activities.told import Told
from assistant.plain_reader.mentions import minutes
from tests.built import lend_embedder

KNOWLEDGE = load()
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    lend_embedder(folder, tmp_path_factory.getbasetemp() / "embedder")
    return folder


@pytest.fixture(scope="module")
def told(data: Path) -> Told:
    return Told(Likeness(KNOWLEDGE.worked_examples, data), KNOWLEDGE)


@pytest.fixture(scope="module")
def assistant(data: Path) -> Assistant:
    return Assistant.open(data)


def answer(assistant: Assistant, said: str) -> Answer:
    return assistant.answer(Inquiry((said,), TODAY))


def chosen(reply: Answer) -> set[str]:
    found = {choice.code for choice in reply.code_choices if choice.code}
    return found | {line.code for claim in reply.claims for line in claim.lines}


@pytest.mark.parametrize(
    "said",
    [
        "tub transfer with a bench, min A",
        "she folded towels while standing on foam",
        "which code for dressing with one hand after a stroke?",
        "grade III mobs to the ankle then calf stretching",
        "thickened liquid trials with chin tuck",
        "walked the hall with a rolling walker, cues for step length",
    ],
)
def test_what_was_done_is_told(told: Told, said: str) -> None:
    assert told.tells(said)


@pytest.mark.parametrize(
    "said",
    [
        "a list of everything that conflicts with therapeutic activities",
        "my assistant did half the visit, separate line?",
        "the auditor wants to see the plan and the signatures",
        "two therapists shared one client, who bills the hour",
        "chronic care management by the nurse",
        "how the second unit is paid less",
        "the physician signed the plan late",
    ],
)
def test_what_is_asked_of_a_rule_is_not_told(told: Told, said: str) -> None:
    assert not told.tells(said)


def test_where_no_embedder_is_everything_counts_as_told(tmp_path: Path) -> None:
    told = Told(Likeness(KNOWLEDGE.worked_examples, tmp_path), KNOWLEDGE)
    assert told.tells("the physician signed the plan late")


def test_the_direction_is_kept_and_made_anew_only_where_its_texts_changed(
    data: Path, told: Told
) -> None:
    made = told.make_ready()
    files = {file: file.stat().st_mtime_ns for file in (data / "embedder").glob("told-*-*.npy")}
    again = Told(Likeness(KNOWLEDGE.worked_examples, data), KNOWLEDGE).make_ready()
    assert (again == made).all()
    assert {f: f.stat().st_mtime_ns for f in (data / "embedder").glob("told-*-*.npy")} == files
    assert len(files) == 1


@pytest.mark.parametrize(
    "said",
    [
        "PT and OT saw him together for an hr, who bills",
        "2 medicare patients at 10 am, how do i bill",
        "list of everything that conflicts with theract",
        "chronic care management 20 minutes nurse time",
        "soldier's wife on tricare, can our pta see her",
        "CLIA waiver for a urine dipstick",
        "radiation treatment planning code",
        "SPT treated my medicare patient while I watched",
    ],
)
def test_no_code_is_chosen_for_a_question_on_something_else(
    assistant: Assistant, said: str
) -> None:
    reply = answer(assistant, said)
    assert not chosen(reply)
    assert reply.kind in (AnswerKind.GUIDANCE, AnswerKind.DECLINED)


@pytest.mark.parametrize(
    ("said", "not_chosen"),
    [
        ("choking hazards were reviewed", "97535"),  # no cooking
        ("chemotherapy infusion, first hour, which code", "97010"),  # no cryotherapy
        ("she met with her case manager", "97140"),  # no muscle energy technique
        ("saw him for an hour", "97530"),  # no sawing
        ("gait belt training", "97116"),
        ("laser dot head repositioning, 10 reps each way", "97037"),
        ("perineal biofeedback, surface EMG, quick flicks and long holds", "97112"),
        ("bedside dysphagia assessment", "92526"),
    ],
)
def test_a_word_is_read_as_what_it_is(assistant: Assistant, said: str, not_chosen: str) -> None:
    assert not_chosen not in chosen(answer(assistant, said))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("amb 300' w/ RW, CGA", []),
        ("amb 50' x 2 with RW", []),
        ("gait training 2x150' 15 min", [15]),
        ("amb 75' w/ RW, CGA 20 min", [20]),
        ("gait 15' and te 15 min", [15, 15]),
        ("gait training 25' with RW", [25]),
        ("walked 15', TE 20'", [15, 20]),
    ],
)
def test_feet_are_no_minutes(said: str, found: list[int]) -> None:
    assert [m.minutes for m in minutes.find(said) if m.sure] == found


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("TE 15 min, and car transfers, medicare PT", "car transfers"),
        ("Walked with a cane 15 min and then did car transfers. PT Medicare", "car transfers"),
        ("amb 150' w/ RW min A, then ther ex 15', medicare PT", "amb 150' w/ RW min A"),
    ],
)
def test_what_has_no_minutes_is_named(assistant: Assistant, said: str, named: str) -> None:
    reply = answer(assistant, said)
    assert reply.claims
    assert any(f"«{named}" in one and "no minutes" in one for one in reply.assumptions)


@pytest.mark.parametrize(
    "said",
    [
        "97110 15 min (squats, SLS), medicare PT",
        "97110 15 min: squats, SLS, medicare PT",
        "97110 20 min, pt tolerated well, medicare PT. Plan: gait training next visit",
        "car transfers 15 min, bed mobility, medicare PT",
    ],
)
def test_the_content_of_what_has_minutes_is_not(assistant: Assistant, said: str) -> None:
    assert not any("no minutes" in one for one in answer(assistant, said).assumptions)
