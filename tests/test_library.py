import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import LibraryError
from assistant.evidence import Authority
from assistant.knowledge import load
from assistant.library import Kind, Library, Passage
from assistant.library.embedder import FOLDER, SentenceTransformersEmbedder, model_folder
from assistant.library.embedder import open_embedder as open_onnx
from assistant.library.field import build_field, stems
from assistant.library.found import Only, near_of
from assistant.library.guides import guide_document, own_documents
from assistant.library.others import other_vectors
from assistant.library.phrasing import Phrasings
from assistant.library.ranking import Asked, chats, folded, ranked, weight
from assistant.library.relevance import telling, word_shares
from assistant.library.store import FILE, Store
from assistant.library.words import codes_in, parse_question
from tests.built import copied, shipped

SAME_DAY = "Can I bill 97110 and 97530 on the same day? Do I need 59?"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped knowledge, built; nobody changes it."""
    return shipped(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def library(built: Path) -> Iterator[Library]:
    library = Library(built)
    yield library
    library.close()


@pytest.fixture(scope="module")
def unbuilt(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("unbuilt"))


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


# Ranking


def passage(name: str, authority: Authority, text: str, kind: Kind = Kind.DOCUMENT) -> Passage:
    return Passage(name, name, kind, name, "", text, 0, len(text), name, authority)


def test_an_industry_page_does_not_come_before_a_guide():
    page = passage("page", Authority.INDUSTRY, "Twenty minutes of one code are two units.")
    guide = passage("guide", Authority.CMS_MANUAL, "Twenty minutes are one unit.", Kind.GUIDE)
    found = ranked({"page": 1.5, "guide": 0.8}, {"page": page, "guide": guide}, Asked())
    assert [one.id for one in found] == ["guide", "page"]


def test_law_comes_before_an_industry_page_that_matches_as_well():
    names = {"blog": Authority.INDUSTRY, "payer": Authority.PAYER, "law": Authority.LAW}
    held = {name: passage(name, who, f"{name} says so") for name, who in names.items()}
    found = ranked(dict.fromkeys(held, 1.0), held, Asked())
    assert [one.id for one in found] == ["law", "payer", "blog"]


def test_what_says_the_same_again_is_folded_into_the_first():
    text = "Bill the code with the most minutes first and then give the rest to the next one."
    first = passage("first", Authority.PAYER, text)
    again = passage("again", Authority.INDUSTRY, text + " Always.")
    other = passage("other", Authority.INDUSTRY, "Send the notes within ten days of the request.")
    assert [one.id for one in folded([first, again, other])] == ["first", "other"]


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


# Without an index


def test_nothing_built_yet_finds_the_shipped_guides_by_words(unbuilt: Library):
    found = unbuilt.search(SAME_DAY)
    assert found.mode == "lexical"
    assert "python -m ingest build" in found.note
    assert found.passages[0].document == "bill-97110-and-97530-same-day"
    assert found.passages[0].sentences[0].refs
    assert not (unbuilt.folder / FILE).exists()


def test_an_index_that_another_process_has_open_is_said_and_words_still_find(
    built: Path, tmp_path: Path
):
    data = copied(built, tmp_path / "data")
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD.format(str(data))],
        stdin=subprocess.PIPE,
        stdout=-1,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "fused"
        second = Library(data)
        found = second.search(SAME_DAY)
        assert found.mode == "lexical"
        assert "nother process" in found.note
        assert found.passages[0].document == "bill-97110-and-97530-same-day"
    finally:
        holder.communicate("done\n", timeout=30)
    second._retry_at = 0.0
    assert second.search(SAME_DAY).mode == "fused"
    second.close()
    third = Library(data)  # in the process that had it open before
    assert third.search(SAME_DAY).mode == "fused"
    third.close()


_HOLD = """
import sys
from pathlib import Path
from assistant.library import Library
library = Library(Path({!r}))
print(library.search("8 minute rule").mode, flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize(
    "harm", ["removed", "emptied", "garbage", "crashed", "embedder", "pointer"]
)
def test_a_bad_index_is_said_and_words_still_find(built: Path, tmp_path: Path, harm: str):
    data = copied(built, tmp_path / "data")
    folder = next(one for one in (data / "index").iterdir() if one.is_dir())
    database = folder / "chroma.sqlite3"
    store = Store(data / FILE)
    pointer = store.pointer()
    assert pointer is not None
    if harm == "removed":
        subprocess.run(["rm", "-r", str(folder)], check=True)
    elif harm == "emptied":
        database.unlink()
    elif harm == "garbage":
        database.write_bytes(os.urandom(50_000))
    elif harm == "crashed":  # a process died while it opened a bad index
        (data / "index" / f"{folder.name}.opening").touch()
        database.write_bytes(os.urandom(50_000))
    elif harm == "embedder":
        subprocess.run(["rm", "-r", str(data / FOLDER)], check=True)
    else:
        store.point_to(replace(pointer, fingerprint="0" * 12))
    library = Library(data)
    found = library.search(SAME_DAY)
    assert found.mode == "lexical"
    assert found.note.startswith("By words alone: ")
    assert "python -m ingest build" in found.note
    assert found.passages[0].document == "bill-97110-and-97530-same-day"
    library.close()


def test_a_crash_while_opening_is_looked_into_and_a_whole_index_serves(built: Path, tmp_path: Path):
    data = copied(built, tmp_path / "data")
    folder = next(one for one in (data / "index").iterdir() if one.is_dir())
    mark = data / "index" / f"{folder.name}.opening"
    mark.touch()
    library = Library(data)
    assert library.search(SAME_DAY).mode == "fused"
    assert not mark.exists()
    library.close()


def test_a_file_that_is_no_store_of_ours_is_refused(tmp_path: Path):
    (tmp_path / FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(LibraryError, match="cannot be used as the store"):
        Library(tmp_path).search("8 minute rule")


# What answering costs


def test_answering_imports_neither_torch_nor_transformers(built: Path, tmp_path: Path):
    data = copied(built, tmp_path / "data")
    probe = (
        "import sys; from pathlib import Path; from assistant.library import Library; "
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'chromadb', 'onnxruntime'}; "
        "print(sorted(heavy & set(sys.modules))); "
        f"print(Library(Path({str(data)!r})).search('8 minute rule').mode); "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:3] == ["[]", "fused", "['chromadb', 'onnxruntime']"]


@pytest.mark.filterwarnings("default")
def test_onnx_and_sentence_transformers_give_the_same_vectors(built: Path):
    texts = [SAME_DAY, "8", "Strength, range and flexibility of the shoulder. " * 80]
    onnx = open_onnx(built).embed(texts)
    original = SentenceTransformersEmbedder(model_folder(), None).embed(texts)
    assert (onnx * original).sum(axis=1).min() > 0.9999


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


def test_authorities_outrank_one_another_in_this_order():
    order = [
        (Authority.LAW, Authority.CMS_MANUAL, Authority.CMS_PAGE),
        (Authority.CONTRACTOR,),
        (Authority.PAYER, Authority.LOCAL),
        (Authority.SOCIETY,),
        (Authority.INDUSTRY,),
    ]
    weights = [{weight(passage("one", who, "x"), Asked()) for who in rank} for rank in order]
    assert all(len(same) == 1 for same in weights)
    values = [same.pop() for same in weights]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)


def test_a_page_that_states_the_rule_outranks_one_that_chats_about_it():
    rule = "Modifier KX is required on each line above the threshold, effective 1 January 2026."
    chat = "Did you know? In this post we wonder about KX, and read on to see what a colleague did!"
    assert chats(chat)
    assert not chats(rule)
    held = {
        "chat": passage("chat", Authority.PAYER, chat),
        "rule": passage("rule", Authority.PAYER, rule),
    }
    assert [one.id for one in ranked({"chat": 1.05, "rule": 1.0}, held, Asked())] == [
        "rule",
        "chat",
    ]


def test_several_ways_of_asking_that_agree_count_and_those_not_returned_count_as_the_last():
    near = near_of([("a", 0.9), ("b", 0.8), ("a", 0.7), ("a", 0.6), ("a", 0.5)], most=5)
    assert near.best == {"a": 0.9, "b": 0.8}
    assert near.several["a"] == pytest.approx((0.9 + 0.7 + 0.6) / 3)
    assert near.several["b"] == pytest.approx((0.8 + 0.5 + 0.5) / 3)
    assert near.ours == pytest.approx(0.7)
    assert near_of([], most=5).best == {}


def test_vectors_of_other_fields_are_kept_and_made_again_where_the_file_is_bad(
    built: Path, tmp_path: Path
):
    data = copied(built, tmp_path / "data")
    embedder = open_onnx(data)
    made = other_vectors(data, embedder)
    file = next((data / FOLDER).glob("other_fields-*.npy"))
    assert (other_vectors(data, embedder) == made).all()
    file.unlink()  # it may be linked to what other tests share
    file.write_bytes(b"not an array")
    (data / FOLDER / "other_fields-000000000000.npy").write_bytes(b"of an older list")
    assert (other_vectors(data, embedder) == made).all()
    assert len(list((data / FOLDER).glob("other_fields-*"))) == 1


def test_a_word_of_another_field_is_not_mended_into_one_of_ours():
    known = {"phototherapy", "code"}
    assert parse_question("prolotherapy code", {}, known, {"code"}).text == "prolotherapy code"
    assert parse_question("photoherapy code", {}, known, {"code"}).text == "phototherapy code"


def test_among_many_passages_a_common_word_is_not_searched_for_unless_all_are_common():
    having = {'"unit"': range(60_000), '"splint"': range(40), '"tied"': ()}
    assert telling(having, 100_000) == '"splint" OR "tied"'
    assert telling({'"unit"': range(60_000)}, 100_000) == '"unit"'
    few = {'"unit"': range(600), '"splint"': range(40)}
    assert telling(few, 700) == '"unit" OR "splint"'


def test_a_passage_that_holds_the_rare_words_has_the_greater_share_of_the_question(
    library: Library,
):
    store = Store(library.folder / FILE)
    having = {match: store.numbers_with(match) for match in ('"medicare"', '"hubbard"', '"zzyzx"')}
    held = store.numbers(one.id for one in store.passages())
    shares, unknown = word_shares(having, held.values(), store)
    best = max(shares, key=shares.__getitem__)
    assert store.passages_by_id([best])[best].document == "hubbard-tank-97036"
    assert 0 < unknown < 1
    store.close()
