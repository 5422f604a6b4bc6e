"""Which of the passages found comes first."""

import pytest

from assistant.evidence import Authority
from assistant.library import Kind, Library, Passage
from assistant.library.found import near_of
from assistant.library.ranking import Asked, chats, folded, ranked, weight
from assistant.library.relevance import telling, word_shares
from assistant.library.store import FILE, Store


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
