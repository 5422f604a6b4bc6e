"""Who gave how many minutes of what: read as it was meant, or asked."""

import re
from collections import Counter
from functools import cache
from typing import Any

import pytest
import yaml

from assistant.answering import Assistant
from assistant.claim import Clinician
from assistant.conversation import Answer
from assistant.plain_reader.binding.ledger import ledger
from assistant.plain_reader.reading import Reading
from tests.test_reader import CASES, answer

LETTERS = {"therapist": "T", "assistant": "A"}


@cache
def told() -> list[dict[str, str]]:
    text = (CASES / "who_gave_what.yaml").read_text(encoding="utf-8")
    found: list[dict[str, str]] = yaml.safe_load(text)
    return found


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(tmp_path_factory.mktemp("data"))


def given(reply: Answer) -> Counter[str]:
    """The minutes of each code by therapist and by assistant that the rules were asked about."""
    visits: list[dict[str, Any]] = [
        step["input"]["visit_to_review"] for step in reply.trace if step["tool"] == "review_visit"
    ]
    sums: Counter[str] = Counter()
    for one in visits[-1]["services"] if visits else ():
        if one["by"] in LETTERS and one["minutes"]:
            sums[f"{one['code']} {LETTERS[one['by']]}"] += one["minutes"]
    return sums


def meant(gave: str) -> Counter[str]:
    sums: Counter[str] = Counter()
    for part in gave.split(";"):
        code, *shares = part.split()
        for share in shares:
            sums[f"{code} {share[0]}"] += int(share[1:])
    return +sums


@pytest.mark.parametrize("case", told(), ids=lambda case: case["say"][:70])
def test_each_persons_minutes(assistant: Assistant, case: dict[str, str]) -> None:
    reply = answer(assistant, case["say"])
    if "gave" in case:
        assert given(reply) == meant(case["gave"]), reply.text
    else:
        assert reply.questions
        assert not [line for one in reply.claims for line in one.lines]


@pytest.mark.parametrize(
    "said",
    [
        "97110 30 min: PT 15, PTA 20. Medicare",
        "TE 25 min. I did 10, my PTA did 10. medicare",
        "97112 31 min: PT 16 min + PTA 14 min. Medicare",
    ],
)
def test_shares_that_are_not_the_whole_are_asked_about(assistant: Assistant, said: str) -> None:
    asked = answer(assistant, said).questions[0].text
    assert re.search(r"\d+ minutes of \S.* are told, and \d+ by who gave them", asked)


@pytest.mark.parametrize(
    "said",
    [
        "97110 20 min, 97140 15 min, Medicare PT",  # nobody but the therapist
        "97110 20 PTA 97140 15, Medicare",  # of two ways to read it neither is surer
        "97110 20 min, PTA and PT together, Medicare",  # says more than a ledger holds
    ],
)
def test_what_a_ledger_cannot_tell_it_leaves(said: str) -> None:
    found = Reading()
    codes = {"97110", "97140"}
    assert ledger.take(said, found, _numbers, lambda words: False, frozenset(codes)) is None
    assert not found.services


def test_a_writer_who_is_an_assistant_gave_what_is_mine() -> None:
    found = Reading(writer=Clinician.ASSISTANT)
    said = "97110 20 min by me, my PT did 97140 15 min"
    ledger.take(said, found, _numbers, lambda words: False, frozenset({"97110", "97140"}))
    assert [(one.code, one.by) for one in found.services] == [
        ("97110", Clinician.ASSISTANT),
        ("97140", Clinician.THERAPIST),
    ]


def _numbers(text: str) -> list[Any]:
    from assistant.plain_reader.mentions.mention import CodeMention

    return [CodeMention(m.start(), m.end(), (m[0],)) for m in re.finditer(r"\b\d{5}\b", text)]
