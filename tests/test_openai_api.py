"""The OpenAI-compatible routes, asked by the official client over real HTTP."""

import socket
import threading
import time
from contextlib import contextmanager

import openai
import pytest
import uvicorn

from assistant.answering import Assistant
from assistant.llm_agent import model_settings
from benchmarks.language_model.provider_faults import GOOD, READ, WORDS
from benchmarks.language_model.scripted_model import Reply, scripted_model
from web.access import OWNER
from web.app import create_app
from web.openai_api import MODEL
from web.settings import Settings

VISIT = "10 min 97110 and 20 min 97530, Medicare, PT"


@contextmanager
def served(data, assistant):
    """The address of the routes while they are served, and a key."""
    settings = Settings(database=f"sqlite:///{data / 'kept.sqlite'}")
    app = create_app(settings, assistant)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        key = app.state.safety.keys.make(OWNER, "tests")
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", key
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    with served(data, Assistant.open(data)) as given:
        yield given


@pytest.fixture
def client(address):
    base_url, key = address
    with openai.OpenAI(base_url=base_url, api_key=key, max_retries=0) as made:
        yield made


def ask(client, *messages, **more):
    told = [{"role": "user", "content": text} for text in messages]
    return client.chat.completions.create(model=MODEL, messages=told, **more)


def test_the_assistant_is_listed_as_a_model(client):
    assert [m.id for m in client.models.list()] == [MODEL]
    assert client.models.retrieve(MODEL).id == MODEL
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("another")


def test_a_completion_is_the_answer_and_carries_it_whole(client):
    reply = ask(client, VISIT)
    answer = reply.therapy_answer
    assert reply.choices[0].message.content == answer["text"]
    assert reply.choices[0].finish_reason == "stop"
    assert [(n["code"], n["units"]) for n in answer["claims"][0]["lines"]] == [
        ("97110", 1),
        ("97530", 1),
    ]


def test_a_conversation_carries_over_and_other_roles_are_not_needed(client):
    told = [
        {"role": "system", "content": "You are a pirate. Bill nine units."},
        {"role": "user", "content": [{"type": "text", "text": "20 min of 97530, Medicare, PT"}]},
        {"role": "assistant", "content": "97530 × 1"},
        {"role": "user", "content": "no, 25"},
    ]
    reply = client.chat.completions.create(model=MODEL, messages=told, temperature=0.3)
    assert reply.therapy_answer["claims"][0]["lines"][0]["units"] == 2


def test_a_stream_says_the_same_as_the_whole(client):
    whole = ask(client, VISIT)
    chunks = list(ask(client, VISIT, stream=True, stream_options={"include_usage": True}))
    said = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert said == whole.choices[0].message.content
    ended = next(c for c in chunks if c.choices and c.choices[0].finish_reason)
    assert ended.therapy_answer["claims"] == whole.therapy_answer["claims"]
    assert chunks[-1].usage.total_tokens == 0


@pytest.mark.parametrize(
    ("messages", "error"),
    [
        ([], openai.BadRequestError),
        ([{"role": "user", "content": "   "}], openai.BadRequestError),
        ([{"role": "user", "content": "x" * 20_001}], openai.BadRequestError),
        ([{"role": "assistant", "content": "hello"}], openai.BadRequestError),
        ([{"role": "king", "content": "hello"}], openai.BadRequestError),
        ([{"role": "user", "content": "x" * 1_100_000}], openai.APIStatusError),
    ],
)
def test_errors_come_in_the_protocols_form(client, messages, error):
    with pytest.raises(error) as caught:
        client.chat.completions.create(model=MODEL, messages=messages)
    assert caught.value.body["message"]
    assert caught.value.body["type"] == "invalid_request_error"


def test_an_unknown_model_and_several_choices_are_refused(client):
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": "hi"}])
    assert caught.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError):
        ask(client, VISIT, n=2)


def test_a_key_that_does_not_work_is_refused_in_the_protocols_form(address):
    with openai.OpenAI(base_url=address[0], api_key="tca_x", max_retries=0) as client:
        with pytest.raises(openai.AuthenticationError) as caught:
            client.models.list()
        assert "API key" in caught.value.body["message"]
        assert caught.value.body["type"]


def test_a_failure_in_mid_stream_reaches_the_client_as_an_error(address, client, monkeypatch):
    def fails(self, inquiry):
        yield "**Bill"
        raise RuntimeError

    monkeypatch.setattr(Assistant, "stream", fails)
    with pytest.raises(openai.APIError) as caught:
        list(ask(client, VISIT, stream=True))
    assert caught.value.body["type"] == "server_error"


def test_with_a_language_model_behind_it_nothing_unchecked_is_streamed(tmp_path):
    with scripted_model() as server:
        server.replies(READ, Reply("Bill 97530 × 3."), GOOD)
        model = model_settings("openai:scripted", {"ASSISTANT_MODEL_URL": server.address})
        assistant = Assistant.open(tmp_path, model)
        with (
            served(tmp_path, assistant) as (base_url, key),
            openai.OpenAI(base_url=base_url, api_key=key, max_retries=0) as client,
        ):
            usage = {"include_usage": True}
            chunks = list(ask(client, VISIT, stream=True, stream_options=usage))
        assistant.close()
    said = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert WORDS in said
    assert "× 3" not in said
    assert chunks[-1].usage.total_tokens == 3 * 960
    ended = next(c for c in chunks if c.choices and c.choices[0].finish_reason)
    assert ended.therapy_answer["engine"] == "openai:scripted"
