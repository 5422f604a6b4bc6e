"""What is found for a question, and what is not."""

from datetime import date

import pytest

from assistant.evidence import Authority
from assistant.knowledge import load
from assistant.library import Kind, Library
from assistant.library.field import build_field, stems
from assistant.library.found import Only
from assistant.library.guides import guide_document, own_documents
from assistant.library.phrasing import Phrasings
from assistant.library.store import Store
from assistant.library.words import codes_in, parse_question

SAME_DAY = "Can I bill 97110 and 97530 on the same day? Do I need 59?"


# Guides as passages


def test_every_passage_is_an_exact_stretch_of_its_document():
    for document, passages in own_documents(load()):
        for passage in passages:
            assert document.text[passage.start : passage.end] == passage.text
        assert len({passage.id for passage in passages}) == len(passages)


def test_a_guide_is_its_answer_and_then_its_disagreements_without_references():
    knowledge = load()
    guide = next(one for one in knowledge.guides if one.id == "bill-97530-and-97140-same-day")
    _, (answer, disagreement) = guide_document(guide, knowledge)
    assert answer.heading == ""
    assert answer.asked_as == guide.asked_as
    assert disagreement.heading == "Where sources disagree"
    assert "[" not in answer.text
    assert answer.kind is Kind.GUIDE


def test_every_sentence_of_a_guide_keeps_its_references_in_order():
    knowledge = load()
    for guide in knowledge.guides:
        _, passages = guide_document(guide, knowledge)
        refs = [ref.id for passage in passages for one in passage.sentences for ref in one.refs]
        assert refs
        for ref in refs:
            assert ref in knowledge.sources or ref in knowledge.statements
        for passage in passages:
            for sentence in passage.sentences:
                assert sentence.text in passage.text


# A question as words


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("97110 and 97530", ("97110", "97530")),
        ("evaluations 97161-97163", ("97161", "97163", "97162")),
        ("G0283, not 97014.", ("G0283", "97014")),
        ("$97530 or 97530.50 or zip 100231", ()),
        ("97110-97535 is too wide to be meant", ("97110", "97535")),
    ],
)
def test_codes_in_a_text(text: str, codes: tuple[str, ...]):
    assert codes_in(text) == codes


def test_a_question_is_searched_for_as_quoted_words_never_as_operators():
    wanted = parse_question('pain" OR (x NEAR y) NOT title:* AND "', {}, frozenset())
    store = Store(None)
    assert store.found_by_words(wanted.match, 5) == []
    assert "title:" not in wanted.match


def test_names_of_codes_and_misspelt_words_are_understood():
    wanted = parse_question(
        "theract with theraputic exersize",
        {"theract": ("97530",), "pt eval": ("97161", "97162")},
        frozenset({"therapeutic", "exercise"}),
        frozenset({"with"}),
    )
    assert wanted.meant == ("97530",)
    assert wanted.text == "theract with therapeutic exercise"


def test_a_word_that_is_spelt_right_is_not_mended():
    known, english = frozenset({"staff", "walker"}), frozenset({"stuff", "walked"})
    assert parse_question("stuff walked", {}, known, english).text == "stuff walked"


ODD = [
    "",
    "   ",
    "?!",
    "the of and",
    "x" * 100_000,
    "\0",
    "💥 ' \" --",
    "zx qv " * 4000,
    "()[]{}*^:;,.-+~&|<>=@#$%\\/",
    "\u202e\ufeff\u0000\ud83d",
]


@pytest.mark.parametrize("query", ODD)
def test_odd_questions_find_nothing_and_break_nothing(
    library: Library, unbuilt: Library, query: str
):
    assert library.search(query).passages == ()
    assert unbuilt.search(query).passages == ()


@pytest.mark.parametrize(
    "query",
    [
        "'; DROP TABLE passages; -- 97530",
        '97530" OR "1"="1',
        "97530 AND NOT (97140 NEAR/3 97110)",
        "title:97530 ^asked_as* {text} : -heading",
        "UNION SELECT * FROM documents WHERE 97530",
        "97530 " * 4000,
        "can i bill theract " + "and manual " * 2000,
        "97530\0 97140",
        "97530 \ud83d",
    ],
)
def test_queries_in_the_syntax_of_a_database_are_only_words(
    library: Library, unbuilt: Library, query: str
):
    for one in (library, unbuilt):
        found = one.search(query)
        assert len(found.passages) <= 5
    assert library.document("kx-modifier") is not None


# Searching what was built


@pytest.mark.parametrize(
    ("question", "guide"),
    [
        (SAME_DAY, "bill-97110-and-97530-same-day"),
        ("what documentation does 97530 need?", "document-97530"),
        ("theract and manual same visit, 59?", "bill-97530-and-97140-same-day"),
        ("when do we start kx this year", "kx-modifier"),
        ("what percent does medicare take off for a pta", "cq-co-payment"),
        ("MD never sent back the signed POC", "initial-certification"),
        ("what is the 8 minute rule?", "medicare-8-minute-rule"),
        ("KX threshold 2026", "kx-modifier"),
        ("difference between 97530 and 97535", "97530-or-97535"),
        ("heating pad before the session", "hot-cold-packs-97010"),
    ],
)
def test_the_guide_that_answers_comes_first(library: Library, question: str, guide: str):
    found = library.search(question)
    assert found.mode == "fused"
    assert found.note == ""
    assert found.passages[0].document == guide
    assert len(found.passages) <= 5


@pytest.mark.parametrize(
    "question", ["weather in Paris tomorrow", "the best pizza recipe", "DRG weight for septicemia"]
)
def test_where_nothing_answers_nothing_is_found(library: Library, question: str):
    found = library.search(question)
    assert found.passages == ()
    assert "Nothing here answers" in found.note


def test_a_code_of_another_field_is_named_and_nothing_is_found(library: Library):
    found = library.search("how do I bill 45378 with 27447?")
    assert found.passages == ()
    assert found.note == "No passage here is about 45378, 27447."


def test_what_is_not_in_force_on_the_day_is_left_out_and_said(library: Library):
    question = "What does Medicare pay for the main therapy codes in 2026?"
    assert library.search(question, on=date(2026, 5, 1)).passages[0].until == date(2026, 12, 31)
    later = library.search(question, on=date(2027, 5, 1))
    assert all(one.holds(date(2027, 5, 1)) for one in later.passages)
    assert "not in force on 2027-05-01" in later.note


def test_the_payer_asked_for_comes_first(library: Library):
    for payer, guide in (("aetna", "payer-aetna"), ("cigna", "payer-cigna")):
        found = library.search("therapy billing rules and units a day", payer=payer)
        assert found.passages[0].document == guide


def test_passages_and_documents_open_by_id(library: Library):
    first = library.search(SAME_DAY).passages[0]
    assert library.passage(first.id) == first
    document = library.document(first.document)
    assert document is not None
    assert document.text[first.start : first.end] == first.text
    assert first in library.passages(first.document)
    assert library.passage("no-such-passage") is None
    assert library.passage("statement:kx-threshold") is not None


@pytest.mark.parametrize(
    "question",
    ["what do therapists earn", "cataract surgery fee", "dental crown", "canine therapy"],
)
def test_other_fields_and_neighbours_of_ours_are_not_answered(
    library: Library, unbuilt: Library, question: str
):
    assert library.search(question).passages == ()
    assert unbuilt.search(question).passages == ()


def test_the_words_of_treatments_are_of_our_field_and_those_of_others_are_not():
    field = build_field(load())
    for ours in ("squats and lunges", "sliding board transfer", "buttoning a shirt"):
        assert field.ours(stems(ours)) > 0.6
        assert field.theirs(stems(ours)) == 0
    for theirs in ("dental crown", "anesthesia salary", "colonoscopy biopsy"):
        assert field.ours(stems(theirs)) == 0
        assert field.theirs(stems(theirs)) >= 0.5


def test_a_listed_way_of_asking_is_like_the_question_that_says_the_same_in_other_words():
    knowledge = load()
    asked = [one for _, made in own_documents(knowledge) for one in made if one.asked_as]
    phrasings = Phrasings(asked, knowledge.code_names)
    ids = {one.document: one.id for one in asked}
    said = phrasings.likeness("theract versus self care", ids.values())
    assert max(said, key=said.__getitem__) == ids["97530-or-97535"]
    assert phrasings.likeness("", ids.values())[ids["97530-or-97535"]] == 0


# What one may ask to be left out, and who outranks whom


def test_a_filter_leaves_out_whatever_is_not_about_the_codes_payers_and_authorities(
    library: Library,
):
    question = "therapy units a day and modifiers"
    by_code = library.search(question, only=Only(codes=("97140",)), k=10).passages
    assert by_code
    assert all("97140" in one.codes for one in by_code)
    by_payer = library.search(question, only=Only(payers=("aetna",)), k=10).passages
    assert by_payer
    assert all("aetna" in one.payers for one in by_payer)
    contractor = Only(authorities=(Authority.CONTRACTOR,))
    by_authority = library.search("KX threshold for the year", only=contractor, k=10).passages
    assert by_authority
    assert {one.authority for one in by_authority} == {Authority.CONTRACTOR}


def test_filters_join_and_the_date_of_service_is_one_of_them(library: Library):
    question = "What does Medicare pay for 97530?"
    in_2026 = library.search(question, only=Only(codes=("97530",), on=date(2026, 5, 1)))
    later = library.search(question, only=Only(codes=("97530",), on=date(2027, 5, 1)))
    assert any(one.until == date(2026, 12, 31) for one in in_2026.passages)
    assert all("97530" in one.codes and one.holds(date(2027, 5, 1)) for one in later.passages)
    assert "not in force on 2027-05-01" in later.note
    none = library.search(question, only=Only(codes=("97530",), payers=("tricare",)))
    assert none.passages == ()


def test_by_words_alone_the_filters_hold_too(unbuilt: Library):
    found = unbuilt.search("therapy units a day", only=Only(payers=("cigna",))).passages
    assert found
    assert all("cigna" in one.payers for one in found)


def test_a_word_of_another_field_is_not_mended_into_one_of_ours():
    known = {"phototherapy", "code"}
    assert parse_question("prolotherapy code", {}, known, {"code"}).text == "prolotherapy code"
    assert parse_question("photoherapy code", {}, known, {"code"}).text == "phototherapy code"
