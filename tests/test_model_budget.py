"""The day's tokens: held before a call, counted after it, whoever else asks at the same time."""

import importlib
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from assistant.llm_agent import LlmAgent, Trouble, UseBook, model_settings
from assistant.llm_agent.models import MOST_WRITTEN
from assistant.llm_agent.use import FILE, Purse, Use
from assistant.streaming import Progress
from benchmarks.language_model.provider_faults import GOOD, READ, VISIT
from benchmarks.language_model.scripted_model import Reply, scripted_model

TODAY = date(2026, 11, 21)
USED = 960  # tokens that the scripted server names for a call


@pytest.fixture(scope="module")
def server():
    importlib.import_module("langchain.agents")  # seconds of import, none of any answer's time
    with scripted_model() as running:
        yield running


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    return Assistant.open(tmp_path_factory.mktemp("data"))


@pytest.fixture
def agent(server, embedded, tmp_path):
    """Makes an agent with a book of its own; settings by their names after ASSISTANT_MODEL_."""
    made = []

    def make(**settings):
        named = {f"ASSISTANT_MODEL_{name}": str(value) for name, value in settings.items()}
        model = model_settings(
            "openai:scripted",
            {"ASSISTANT_MODEL_URL": server.address, "ASSISTANT_MODEL_SECONDS": "15", **named},
        )
        made.append(LlmAgent(model, embedded.tools, embedded.knowledge, UseBook(tmp_path / "book")))
        return made[-1]

    yield make
    for one in made:
        one.close()


def ask(agent, embedded):
    inquiry = Inquiry((VISIT,), TODAY)
    *_, answer = agent.answer(embedded.answer(inquiry), inquiry)
    return answer


def until(is_so):
    for _ in range(1000):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


def held_now(book):
    with sqlite3.connect(book / FILE) as connection:
        return connection.execute("SELECT coalesce(sum(tokens), 0) FROM set_aside").fetchone()[0]


def test_a_days_use_is_counted_and_shown(server, agent, embedded, tmp_path):
    server.replies(READ, GOOD)
    limited = agent(DAY_TOKENS=9_000_000)
    answer = ask(limited, embedded)
    assert answer.model["use"] == {"calls": 2, "tokens_read": 1800, "tokens_written": 120}
    assert answer.model["budget"]["day_used"] == 2 * USED
    day = limited.used(TODAY)
    assert (day.used, day.left) == (Use(2, 1800, 120), 9_000_000 - 2 * USED)
    assert day.told == "openai:scripted: 1,920 of 9,000,000 tokens used today"
    assert held_now(tmp_path / "book") == 0


def test_no_call_is_made_that_the_day_may_not_hold(server, agent, embedded, tmp_path):
    server.replies(READ, GOOD)
    book = UseBook(tmp_path / "book")
    book.add(TODAY, "a:b", Use(1, 10, 0))
    answer = ask(agent(DAY_TOKENS=MOST_WRITTEN + 10), embedded)
    assert (answer.model["trouble"], answer.model["use"]["calls"]) == ("day_budget", 0)
    assert not server.asked
    assert answer.claims == ask(agent(DAY_TOKENS=10), embedded).claims


def test_an_answer_keeps_what_it_has_where_the_day_ends_in_the_middle(
    server, agent, embedded, tmp_path
):
    told = []

    def reply(body):
        told.append(held_now(tmp_path / "book"))
        return READ if len(told) == 1 else GOOD

    server.script = reply
    ask(agent(), embedded)
    book, first = UseBook(tmp_path / "book"), told[0]
    limit = book.of_day(TODAY).tokens + first + USED // 2  # enough for one call, not for two
    told.clear()
    answer = ask(agent(DAY_TOKENS=limit), embedded)
    assert (answer.model["trouble"], answer.model["use"]["calls"]) == ("day_budget", 1)
    assert answer.model["reading"]
    assert "token budget is used up" in answer.text
    assert held_now(tmp_path / "book") == 0


def test_an_answers_own_budget_holds_what_a_reply_may_have(server, agent, embedded):
    server.replies(READ, GOOD)
    answer = ask(agent(TOKENS=MOST_WRITTEN + 100), embedded)
    assert (answer.model["trouble"], answer.model["use"]["calls"]) == ("budget", 0)


def test_answers_at_the_same_time_share_one_day(server, agent, embedded, tmp_path):
    """Ten ask at once where the day has room for two calls at a time, and for few in all."""
    lock, seen = threading.Lock(), {"now": 0, "most": 0, "held": []}
    book = UseBook(tmp_path / "book")

    def first(body):
        seen["held"].append(held_now(tmp_path / "book"))
        return READ if any("read_message" in str(t) for t in body.get("tools", [])) else GOOD

    server.script = first
    ask(agent(), embedded)
    call = seen["held"][0]
    limit = book.of_day(TODAY).tokens + int(2.6 * call)
    enough = threading.Event()

    def reply(body):
        with lock:
            seen["now"] += 1
            seen["most"] = max(seen["most"], seen["now"])
            if seen["now"] == 2:
                enough.set()
        taken = book.of_day(TODAY).tokens + held_now(tmp_path / "book")
        enough.wait(5)
        with lock:
            seen["now"] -= 1
            seen["held"].append(taken)
        return GOOD

    server.script = reply
    limited = agent(DAY_TOKENS=limit)
    limited.open()
    seen["held"].clear()
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: ask(limited, embedded), range(10)))
    assert seen["most"] == 2
    assert max(seen["held"]) <= limit
    assert book.of_day(TODAY).tokens <= limit
    assert held_now(tmp_path / "book") == 0
    told = {answer.model["trouble"] for answer in answers}
    assert "day_budget" in told
    assert len({str(answer.claims) for answer in answers}) == 1


def test_tokens_are_handed_out_once(tmp_path):
    """Sixteen threads with books of their own, as processes have them."""
    start, given = threading.Barrier(16), []

    def take(n):
        purse = Purse(UseBook(tmp_path), TODAY, "a:b", 1_000)
        start.wait()
        try:
            given.append((purse, purse.take(100)))
        except Trouble as trouble:
            return trouble.kind
        return ""

    with ThreadPoolExecutor(16) as threads:
        ended = list(threads.map(take, range(16)))
    assert sorted(ended) == [""] * 10 + ["day_budget"] * 6
    for purse, number in given:
        purse.settle(number, Use(1, 30, 20))
    assert UseBook(tmp_path).of_day(TODAY) == Use(10, 300, 200)
    Purse(UseBook(tmp_path), TODAY, "a:b", 1_000).take(500)
    with pytest.raises(Trouble, match="used up"):
        Purse(UseBook(tmp_path), TODAY, "a:b", 1_000).take(1)


def test_what_the_dead_held_is_given_back_the_next_day(tmp_path):
    book = UseBook(tmp_path)
    book.set_aside(TODAY, 900, 1_000)
    with pytest.raises(Trouble):
        book.set_aside(TODAY, 200, 1_000)
    book.set_aside(TODAY + timedelta(days=1), 1_000, 1_000)


def test_a_call_that_nobody_waits_for_is_counted(server, agent, embedded, tmp_path):
    """Who closes the page has paid for what was sent."""
    server.replies(Reply("late", pause=3))
    inquiry = Inquiry((VISIT,), TODAY)
    steps = agent().answer(embedded.answer(inquiry), inquiry)
    while next(steps) != Progress("asking_model"):
        pass
    until(lambda: server.asked)
    steps.close()
    book = UseBook(tmp_path / "book")
    until(lambda: book.of_day(TODAY).calls)
    used = book.of_day(TODAY)
    assert used.calls == 1
    assert used.tokens_read > 0
    assert held_now(tmp_path / "book") == 0


def test_a_refused_call_costs_nothing(server, agent, embedded, tmp_path):
    server.replies(Reply(status=401))
    assert ask(agent(), embedded).model["trouble"] == "key"
    assert UseBook(tmp_path / "book").of_day(TODAY) == Use(1, 0, 0)


def test_where_use_cannot_be_counted_no_model_is_asked(server, agent, embedded, tmp_path):
    """A day's budget that nobody counts would be none; an answer is given all the same."""
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / FILE).mkdir()
    server.replies(READ, GOOD)
    answer = ask(agent(), embedded)
    assert answer.model["trouble"] == "uncounted"
    assert "cannot be counted" in answer.text
    assert not server.asked


def test_the_book_adds_up(tmp_path):
    book = UseBook(tmp_path / "new")
    book.add(TODAY, "a:b", Use(1, 10, 5))
    book.add(TODAY, "a:b", Use(2, 1, 1))
    assert book.of_day(TODAY) == Use(3, 11, 6)
