"""What a document says that our tools can work out again, in other words than the articles'."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.knowledge import load
from assistant.library.guides import own_documents
from ingest.claims import Checker, Document, claims_in

CASES = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "claims_of_documents.yaml").read_text(encoding="utf-8")
)
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(load())


@pytest.mark.parametrize("case", CASES["wrong"], ids=lambda case: case["says"][:50])
def test_what_is_wrong_is_found(checker: Checker, case: dict):
    found = checker.remarks(case["says"], case.get("title", ""), Document(TODAY))
    assert [case["held"] in one.held for one in found] == [True], found
    assert found[0].dispute == case.get("dispute", "")
    assert case["says"][found[0].start : found[0].end] in case["says"]
    assert found[0].statement


@pytest.mark.parametrize("says", CASES["right"], ids=lambda says: says[:50])
def test_what_is_right_or_not_ours_to_judge_is_left_alone(checker: Checker, says: str):
    title = "About CPT 97530"
    assert checker.remarks(says, title, Document(TODAY)) == []


@pytest.mark.parametrize("says", CASES["own_rules"], ids=lambda says: says[:50])
def test_a_payer_may_have_rules_of_its_own(checker: Checker, says: str):
    assert checker.remarks(says, "", Document(TODAY, own_rules=True)) == []


def test_our_own_guides_and_statements_are_not_contradicted(checker: Checker):
    knowledge = load()
    found, claims = [], 0
    for document, _ in own_documents(knowledge):
        claims += len(list(claims_in(document.text, document.title, knowledge)))
        found += [
            f"{document.id}: {one.quote}"
            for one in checker.remarks(document.text, document.title, Document(TODAY))
        ]
    assert found == []
    assert claims > 20


def test_a_day_decides_which_value_held(checker: Checker):
    says = "Add KX once the patient is above the therapy threshold of $2,410."
    assert checker.remarks(says, "", Document(date(2025, 6, 1))) == []
    assert checker.remarks(says, "", Document(date(2026, 6, 1)))
    edit = "NCCI bundles 97140 with 97530, so append modifier 59."
    assert checker.remarks(edit, "", Document(date(2019, 6, 3))) == []
