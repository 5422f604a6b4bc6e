"""Notes against what the billed codes need: evidence in the note's words, and audit findings."""

import json
import time
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant import knowledge as knowledge_base
from assistant.claim import ClaimLine, CountingRule
from assistant.errors import ImpossibleFact, MissingFact, UnknownCode
from assistant.evidence import Ruling
from assistant.rules import documentation
from assistant.rules.documentation import NoteReview
from assistant.rules.note import LONGEST_NOTE

CASES = yaml.safe_load((Path(__file__).parent / "cases/documentation.yaml").read_text("utf-8"))
TODAY = date(2026, 3, 2)
LISTS = ("note-conditions-missing", "note-no-list")
KNOWLEDGE = knowledge_base.load()


@pytest.fixture(scope="module")
def knowledge() -> knowledge_base.Knowledge:
    return KNOWLEDGE


def review(case: dict[str, Any], knowledge: knowledge_base.Knowledge) -> Ruling[NoteReview]:
    return documentation.review_note(
        case["note"],
        [ClaimLine(code, units, tuple(modifiers)) for code, units, modifiers in case["lines"]],
        on=case.get("day", TODAY),
        knowledge=knowledge,
        counting_rule=CountingRule(case.get("rule", "cms")),
        earlier_notes=case.get("earlier", ()),
    )


@pytest.mark.parametrize("case", CASES, ids=itemgetter("name"))
def test_a_note_is_audited_as_the_table_says(
    case: dict[str, Any], knowledge: knowledge_base.Knowledge
) -> None:
    ruling = review(case, knowledge)
    found = {f.id: f.severity.value for f in ruling.findings if not f.id.startswith(LISTS)}
    assert found == case["findings"]
    minutes = ruling.result.minutes
    assert {code: minutes[code] for code in case.get("minutes", {})} == case.get("minutes", {})
    lacking = {
        pair.pair.name: [need.need.id for need in pair.needs if not need.is_met]
        for pair in ruling.result.pairs
    }
    assert {name: lacking[name] for name in case.get("pairs", {})} == case.get("pairs", {})


@pytest.mark.parametrize("case", CASES, ids=itemgetter("name"))
def test_evidence_is_the_notes_own_words(
    case: dict[str, Any], knowledge: knowledge_base.Knowledge
) -> None:
    result = review(case, knowledge).result
    quotes = [e.quote for e in result.elements if e.quote]
    quotes += [quote for pair in result.pairs for need in pair.needs for quote in need.quotes]
    for quote in quotes:
        assert quote.text
        assert case["note"][quote.start : quote.end] == quote.text


@pytest.mark.parametrize("case", CASES, ids=itemgetter("name"))
def test_what_is_said_rests_on_statements(
    case: dict[str, Any], knowledge: knowledge_base.Knowledge
) -> None:
    ruling = review(case, knowledge)
    named = [r.statement for r in ruling.because] + [f.statement for f in ruling.findings]
    assert [name for name in named if name and name not in knowledge.statements] == []


def test_a_missing_element_has_a_sentence_to_complete(
    knowledge: knowledge_base.Knowledge,
) -> None:
    bare = "97530: functional activity training, 20 minutes."
    ruling = documentation.review_note(bare, ["97530"], on=TODAY, knowledge=knowledge)
    missing = [e for e in ruling.result.elements if e.quote is None]
    assert {e.code for e in ruling.result.missing} == {"*", "97530"}
    assert all("[" in e.pattern and "]" in e.pattern for e in missing)
    assert "note-conditions-missing-97530" in {f.id for f in ruling.findings}


GOOD = """Date of service: 03/02/2026. Right hip arthroplasty, two weeks ago.
97110 Therapeutic exercise, 15 min: seated knee extension, 3 x 10 with 4 lb, sitting at edge of mat.
Quadriceps strength 3+/5 (was 3/5). Therapist progressed resistance and corrected compensation.
Needed to climb the two steps into her home; not yet safe as a home programme because of form.
97530 Therapeutic activities, 18 min: sit-to-stand transfers from an 18 inch chair while carrying a
tray, dynamic and multi-component. Min assist, verbal and tactile cues for weight shift.
Patient cannot yet rise from the toilet alone; goal 2: independent toilet transfers. Chair lowered
from 20 inches. A therapist was needed to grade the height and guard against loss of balance.
Total timed minutes: 33. Total treatment time: 40 min.
Patient tolerated treatment well. Signed: Jane Roe, PT, DPT"""


def test_a_full_note_shows_every_condition(knowledge: knowledge_base.Knowledge) -> None:
    ruling = documentation.review_note(GOOD, ["97110", "97530"], on=TODAY, knowledge=knowledge)
    assert [(e.code, e.id) for e in ruling.result.missing] == []
    assert [f.id for f in ruling.findings if f.id.startswith("note-")] == []


def test_one_codes_words_are_no_evidence_for_another(
    knowledge: knowledge_base.Knowledge,
) -> None:
    note = (
        "97110: 15 min.\n97530: 15 min lifted a box from floor to shelf, strength 3/5, min assist."
    )
    ruling = documentation.review_note(note, ["97110"], on=TODAY, knowledge=knowledge)
    texts = " ".join(e.quote.text for e in ruling.result.elements if e.quote and e.code == "97110")
    assert "box" not in texts


def test_a_denied_element_is_not_shown(knowledge: knowledge_base.Knowledge) -> None:
    note = "97110: 15 min pulleys. Strength 3/5 not assessed today."
    ruling = documentation.review_note(note, ["97110"], on=TODAY, knowledge=knowledge)
    quotes = [e.quote.text for e in ruling.result.elements if e.quote and e.code == "97110"]
    assert not any("not assessed" in quote for quote in quotes)


def test_conditions_stand_apart_from_good_practice(knowledge: knowledge_base.Knowledge) -> None:
    asked = documentation.requirements(["97530"], knowledge=knowledge).result
    (own,) = asked.codes
    assert own.conditions
    assert own.good_practice
    assert not {e.id for e in own.conditions} & {e.id for e in own.good_practice}
    assert any("clock" in (e.text + e.id) or "start" in e.text for e in own.good_practice)


def test_requirements_cite_a_statement_each(knowledge: knowledge_base.Knowledge) -> None:
    asked = documentation.requirements(knowledge.documented_codes, knowledge=knowledge)
    assert asked.because
    assert all(reason.statement in knowledge.statements for reason in asked.because)


def test_requirements_of_a_pair_say_what_keeps_the_codes_apart(
    knowledge: knowledge_base.Knowledge,
) -> None:
    asked = documentation.requirements(["97530", "97110"], knowledge=knowledge).result
    assert [pair.name for pair in asked.pairs] == ["97110+97530"]
    assert [need.id for need in asked.pairs[0].needs] == ["own-minutes", "own-purpose", "one-story"]


def test_a_code_without_a_list_is_said_to_have_none(knowledge: knowledge_base.Knowledge) -> None:
    ruling = documentation.requirements(["97018"], knowledge=knowledge)
    assert [f.id for f in ruling.findings] == ["note-no-list-97018"]


def test_codes_are_read_from_the_note_where_none_are_given(
    knowledge: knowledge_base.Knowledge,
) -> None:
    ruling = documentation.review_note(GOOD, [], on=TODAY, knowledge=knowledge)
    assert ruling.result.codes == ("97110", "97530")


def test_the_review_is_plain_json(knowledge: knowledge_base.Knowledge) -> None:
    ruling = documentation.review_note(GOOD, ["97110", "97530"], on=TODAY, knowledge=knowledge)
    again = json.loads(json.dumps(ruling.result.to_dict()))
    assert [one["code"] for one in again["codes"]] == ["*", "97110", "97530"]
    asked = documentation.requirements(["97110", "97530"], knowledge=knowledge).result
    assert json.loads(json.dumps(asked.to_dict()))["codes"][0]["code"] == "97110"


@pytest.mark.parametrize("note", ["", "   \n\t"])
def test_an_empty_note_is_asked_for(note: str, knowledge: knowledge_base.Knowledge) -> None:
    with pytest.raises(MissingFact, match="Paste"):
        documentation.review_note(note, ["97110"], on=TODAY, knowledge=knowledge)


def test_a_note_of_a_hundred_kilobytes_is_refused(knowledge: knowledge_base.Knowledge) -> None:
    with pytest.raises(ImpossibleFact, match="at most"):
        documentation.review_note("a" * 100_000, ["97110"], on=TODAY, knowledge=knowledge)


def test_a_note_without_any_code_asks_for_it(knowledge: knowledge_base.Knowledge) -> None:
    with pytest.raises(MissingFact, match="Which codes"):
        documentation.review_note("He felt better.", [], on=TODAY, knowledge=knowledge)


def test_an_unknown_code_is_refused(knowledge: knowledge_base.Knowledge) -> None:
    with pytest.raises(UnknownCode):
        documentation.review_note(GOOD, ["12345"], on=TODAY, knowledge=knowledge)


@given(st.text(max_size=400))
def test_any_text_at_all_is_reviewed_or_asked_for(text: str) -> None:
    if not text.strip():
        return
    ruling = documentation.review_note(text, ["97110", "97530"], on=TODAY, knowledge=KNOWLEDGE)
    for element in ruling.result.elements:
        if element.quote:
            assert text[element.quote.start : element.quote.end] == element.quote.text


@pytest.mark.parametrize(
    "unit",
    ["97110 15 min, ", "a", "[", "10:05-10:23 ", "PTA ", "lift 3x10 ", " \n", "goal 97530: "],
)
def test_the_longest_note_is_read_in_good_time(
    unit: str, knowledge: knowledge_base.Knowledge
) -> None:
    note = (unit * LONGEST_NOTE)[: LONGEST_NOTE - 5] + "97110"
    start = time.perf_counter()
    documentation.review_note(note, ["97110", "97530"], on=TODAY, knowledge=knowledge)
    assert time.perf_counter() - start < 5
