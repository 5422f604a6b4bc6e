"""What a model reads is held against the words and the built-in reading; it may only ask."""

import dataclasses

import pytest
from asking import TODAY, ask, same_fields

from assistant.llm_agent.visit_reading import ReadFact, VisitCheck
from benchmarks.language_model.provider_faults import GOOD, VISIT
from benchmarks.language_model.scripted_model import Reply, reads


def test_where_the_readings_differ_the_answer_asks(server, with_model, embedded):
    message = "10 min 97110 and later 20 min 97110, Medicare, PT"
    server.replies(
        reads({"code": "97110", "minutes": 20, "words": "20 min 97110"}),
        Reply("The minutes decide."),
    )
    answer = ask(with_model(), message)
    assert same_fields(answer, ask(embedded, message))
    (asked,) = [q for q in answer.questions if q.id == "reading"]
    assert asked.options[-1] == "20 min 97110"
    assert asked.text in answer.text


@pytest.mark.parametrize(
    "service",
    [
        {"code": "97110", "minutes": 50, "words": "50 min 97110"},
        {"code": "97110", "minutes": 50, "words": "10 min 97110"},
        {"code": "97140", "minutes": 10, "words": "10 min 97110"},
        {"code": "97110", "minutes": 10, "words": "10 min 97110", "by": "assistant"},
    ],
)
def test_a_reading_that_the_words_do_not_bear_out_changes_and_asks_nothing(
    server, with_model, embedded, service
):
    server.replies(reads(service), GOOD)
    answer = ask(with_model(), VISIT)
    assert answer.questions == ask(embedded, VISIT).questions
    assert not answer.model["reading"][0]["borne_out"]


@pytest.mark.parametrize(
    ("message", "fact"),
    [
        (f"{VISIT}, seen 11/3/2026", ("date_of_service", "2026-11-03", "11/3/2026")),
        (f"{VISIT}, seen 11/3/2026", ("date_of_service", "2026-03-11", "11/3/2026")),
        (
            f"{VISIT}, plan of care certified 3/9/2026",
            ("date_of_service", "2026-03-09", "3/9/2026"),
        ),
        (VISIT, ("discipline", "OT", "PT")),
        (VISIT, ("payer", "aetna", "Aetna")),
        (VISIT, ("payer", "nobody", "Medicare")),
    ],
)
def test_what_the_visits_words_do_not_bear_out_asks_nothing(
    server, with_model, embedded, message, fact
):
    server.replies(reads(visit=[dict(zip(("about", "value", "words"), fact, strict=True))]), GOOD)
    answer = ask(with_model(), message)
    assert same_fields(answer, ask(embedded, message))
    assert [q for q in answer.questions if q.id.startswith("reading")] == []


def test_a_payer_day_or_discipline_read_otherwise_is_asked(embedded):
    """Held against built-in claims that lack what the words say, as a reader may miss it."""
    claims = ask(embedded, VISIT).claims
    missed = dataclasses.replace(
        claims[0], payer=None, date_of_service="2026-11-20", discipline=None
    )
    answer = dataclasses.replace(ask(embedded, VISIT), claims=[missed])
    check = VisitCheck(embedded.tools, embedded.knowledge)
    said = ("10 min 97110, PT, the insurance is Aetna, seen 11/3/2026",)
    facts = check.facts(
        [
            ReadFact("payer", "Aetna", "the insurance is Aetna"),
            ReadFact("date_of_service", "2026-11-03", "seen 11/3/2026"),
            ReadFact("discipline", "PT", "PT"),
        ],
        said,
        TODAY,
    )
    assert all(fact.borne_out for fact in facts)
    asked = {q.id: q.options for q in check.questions(facts, answer)}
    assert asked == {
        "reading-payer": ["Aetna"],
        "reading-date_of_service": ["2026-11-20", "2026-11-03"],
        "reading-discipline": ["PT"],
    }
    seen = dataclasses.replace(missed, payer="aetna", date_of_service="2026-11-03")
    both = dataclasses.replace(answer, claims=[missed, dataclasses.replace(seen, discipline="PT")])
    assert check.questions(facts, both) == []  # one of the two visits has it so


def test_where_the_payers_are_read_otherwise_the_answer_asks(server, with_model, embedded):
    message = "10 min 97110 and 20 min 97530, Medicare, PT. Was Aetna last year"
    visit = [{"about": "payer", "value": "Medicare", "words": "Medicare"}]
    server.replies(reads(visit=visit), GOOD)
    answer = ask(with_model(), message)
    assert same_fields(answer, ask(embedded, message))
    (asked,) = [q for q in answer.questions if q.id == "reading-payer"]
    assert asked.options == ["Aetna", "Medicare Part B"]
    assert asked.text in answer.text
    assert ask(embedded, message, asked.options[1]).claims[0].payer == "medicare"


def test_an_earlier_word_on_the_payer_counts_no_more(embedded):
    check = VisitCheck(embedded.tools, embedded.knowledge)
    said = ("10 min 97110, Medicare, PT", "make it Aetna")
    (fact,) = check.facts([ReadFact("payer", "Medicare", "Medicare")], said, TODAY)
    assert not fact.borne_out


PAIR = "97012 and 20 min 97140, outpatient hospital, Medicare, PT, each had its own slot"
HALF = "20 min 97110 and half an hour of squats on the reformer for strength, Medicare, PT"


@pytest.mark.parametrize(
    ("message", "about", "value", "words", "option"),
    [
        (PAIR, "separate_minutes", "yes", "each had its own slot", "The minutes were separate"),
        (
            "20 min 97110 and 20 min 97112, PT, Acme, who round every line for themselves",
            "counting_rule",
            "ama",
            "who round every line for themselves",
            "It counts each code alone",
        ),
        (
            "10 min 97110 and 20 min 97530, PT, the red, white and blue card",
            "payer",
            "Medicare",
            "the red, white and blue card",
            "Medicare Part B",
        ),
    ],
)
def test_what_only_a_model_understands_is_asked(
    server, with_model, embedded, message, about, value, words, option
):
    server.replies(reads(visit=[{"about": about, "value": value, "words": words}]), GOOD)
    answer = ask(with_model(), message)
    built_in = ask(embedded, message)
    assert same_fields(answer, built_in)
    (asked,) = [q for q in answer.questions if q.id == f"reading-{about}"]
    assert asked.options[-1] == option
    assert f"“{words}”" in asked.text
    assert ask(embedded, message, option).claims != built_in.claims


@pytest.mark.parametrize(
    ("about", "value", "words"),
    [
        ("setting", "outpatient_hospital", "10 min"),  # words without a word
        ("setting", "practitioner", "Medicare, PT"),  # what the claim has
        ("separate_minutes", "yes", "Medicare, PT"),  # changes no line
        ("allowed_before", "2470", "Medicare, PT"),  # a figure that the words do not hold
        ("setting", "moon", "Medicare, PT"),
    ],
)
def test_what_changes_nothing_or_is_not_said_is_not_asked(
    server, with_model, embedded, about, value, words
):
    server.replies(reads(visit=[{"about": about, "value": value, "words": words}]), GOOD)
    assert ask(with_model(), VISIT).questions == ask(embedded, VISIT).questions


@pytest.mark.parametrize(
    ("message", "services", "asks"),
    [
        (HALF, [("97110", 20, "20 min 97110"), (None, 30, "half an hour of squats")], False),
        (HALF, [("97110", 20, "20 min 97110"), (None, 20, "20 min")], True),
        (
            "9:00-9:20 97110, 9:20-9:45 97530, Medicare, PT",
            [("97110", 20, "9:00-9:20 97110"), ("97530", 25, "9:20-9:45 97530")],
            False,
        ),
    ],
)
def test_minutes_without_a_code_are_compared_by_their_sum(
    server, with_model, embedded, message, services, asks
):
    built_in = ask(embedded, message)
    assert built_in.claims
    told = [{"code": c, "minutes": n, "words": w} for c, n, w in services]
    server.replies(reads(*told), GOOD)
    answer = ask(with_model(), message)
    assert all(fact["borne_out"] for fact in answer.model["reading"])
    assert [q.id for q in answer.questions if q not in built_in.questions] == ["reading"] * asks


def test_visits_of_several_days_are_compared_together(server, with_model, embedded):
    message = "Medicare, PT\n11/2/2026: 20 min 97110\n11/3/2026: 30 min of 97530"
    assert len(ask(embedded, message).claims) == 2
    first = {"code": "97110", "minutes": 20, "words": "20 min 97110"}
    for minutes, words in ((30, "30 min of 97530"), (20, "20 min")):
        second = {"code": "97530" if minutes == 30 else None, "minutes": minutes, "words": words}
        server.replies(reads(first, second), GOOD)
        answer = ask(with_model(), message)
        assert any(q.id == "reading" for q in answer.questions) == (minutes == 20)
