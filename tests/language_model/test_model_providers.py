"""Settings, and the protocols of other providers: by the same door, with the same fields."""

import dataclasses
import subprocess
import sys

import pytest
from asking import ask, same_fields

from assistant.answering import Assistant
from assistant.llm_agent import UnusableModel, model_settings
from benchmarks.language_model.provider_faults import GOOD, READ, VISIT, WORDS
from benchmarks.language_model.scripted_model import Reply, scripted_model


@pytest.mark.parametrize(
    ("given", "environment", "told"),
    [
        ("nonsense", {}, "provider:name"),
        ("openai:", {}, "provider:name"),
        ("openai:gpt", {"OPENAI_API_KEY": "k"}, "ASSISTANT_MODEL_REMOTE_CONFIRMED=1"),
        ("anthropic:claude", {"ANTHROPIC_API_KEY": "k"}, "ASSISTANT_MODEL_REMOTE_CONFIRMED=1"),
        ("ollama:llama", {"OLLAMA_HOST": "10.0.0.9:11434"}, "ASSISTANT_MODEL_REMOTE_CONFIRMED=1"),
        ("openai:gpt", {"ASSISTANT_MODEL_URL": "http://127.0.0.1.evil.example/v1"}, "CONFIRMED=1"),
        ("mistralai:x", {}, "ASSISTANT_MODEL_REMOTE_CONFIRMED=1"),
        ("openai:gpt", {"ASSISTANT_MODEL_REMOTE_CONFIRMED": "1"}, "OPENAI_API_KEY"),
        ("openai:x", {"ASSISTANT_MODEL_URL": "file:///etc"}, "not an address"),
        ("ollama:x", {"ASSISTANT_MODEL_SECONDS": "soon"}, "ASSISTANT_MODEL_SECONDS"),
    ],
)
def test_settings_that_cannot_be_used_say_what_to_do(given, environment, told):
    with pytest.raises(UnusableModel, match=told):
        model_settings(given, environment)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("ollama:llama3.1", "http://127.0.0.1:11434"),
        ("openai:local", "http://localhost:8000/v1"),
        ("openai:local", "http://[::1]:8000/v1"),
    ],
)
def test_a_model_on_this_machine_needs_no_confirmation(given, address):
    environment = {} if given.startswith("ollama") else {"ASSISTANT_MODEL_URL": address}
    assert model_settings(given, environment).address == address


@pytest.mark.parametrize("provider", ["openai", "anthropic", "ollama"])
def test_only_the_configured_provider_is_imported(provider):
    code = (
        "import sys\nfrom assistant.llm_agent import model_settings\n"
        "from assistant.llm_agent.models import make_model\n"
        "here = {'ASSISTANT_MODEL_URL': 'http://127.0.0.1:9'}\n"
        f"make_model(model_settings('{provider}:x', here))\n"
        "every = {'langchain_openai', 'langchain_anthropic', 'langchain_ollama'}\n"
        "print(sorted(every & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == f"['langchain_{provider}']", done.stderr


def test_nothing_of_langchain_is_imported_without_a_model():
    code = (
        "import sys\nimport assistant.answering, assistant.llm_agent\n"
        "print(sorted(m for m in sys.modules if m.startswith(('langchain', 'openai', 'pydantic'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_settings_are_frozen():
    settings = model_settings("ollama:x", {})
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.name = "y"


@pytest.mark.parametrize("stream", ["1", "0"], ids=["streamed", "whole"])
@pytest.mark.parametrize("provider", ["anthropic", "ollama"])
def test_other_providers_word_it_by_the_same_door(server, embedded, provider, stream):
    server.replies(READ, GOOD)
    address = server.address.removesuffix("/v1")
    environment = {"ASSISTANT_MODEL_URL": address, "ASSISTANT_MODEL_STREAM": stream}
    model = model_settings(f"{provider}:scripted", environment)
    assistant = Assistant(embedded.knowledge, embedded.library, model)
    answer = ask(assistant, VISIT)
    assert (answer.engine, answer.model["trouble"]) == (f"{provider}:scripted", None)
    assert same_fields(answer, ask(embedded, VISIT))
    assert all(fact["borne_out"] for fact in answer.model["reading"])
    assert answer.model["use"] == {"calls": 2, "tokens_read": 1800, "tokens_written": 120}
    assistant.close()


def failed(status, message="scripted", **headers):
    return Reply(status=status, error={"type": "error", "message": message}, headers=headers)


OTHERS_FAULTS = {
    "key": ((failed(401),), "key", "both"),
    "unknown model": ((failed(404),), "not_found", "both"),
    "refused": ((failed(400, "bad schema"),), "refused", "both"),
    "too long": ((failed(400, "prompt is too long: 250000 tokens"),), "too_long", "both"),
    "busy for a minute": ((failed(429, "slow", **{"Retry-After": "60"}),), "rate_limit", "both"),
    "overloaded": ((failed(529),), "provider", "both"),
    "fails once": ((failed(500), READ, GOOD), None, "both"),
    "cut in the words": ((READ, Reply(WORDS, cut_after=2)), "cut", "both"),
    "cut at once": ((Reply(WORDS, cut_after=0),), "cut", "both"),
    "its length": ((READ, Reply(WORDS, finish="length")), "cut", "both"),
    "a call broken off": ((Reply(calls=READ.calls, finish="length"), GOOD), None, "both"),
    "half a call": (
        (Reply(calls=[("read_message", '{"services": [{"co')]), GOOD),
        None,
        "anthropic",
    ),
    "an unknown tool": ((Reply(calls=[("send_mail", {"to": "x"})]), READ, GOOD), None, "both"),
    "wrong types": ((Reply(calls=[("read_message", {"services": 3})]), READ, GOOD), None, "both"),
    "says nothing": ((READ, Reply("")), "empty", "both"),
    "lies twice": ((READ, Reply("Bill 97530 × 3.")), "unsupported", "both"),
    "not its protocol": ((Reply(raw=b"<html>hello</html>"),), "unreadable", "both"),
}


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        (provider, name)
        for name, (_, _, which) in OTHERS_FAULTS.items()
        for provider in ("anthropic", "ollama")
        if which in ("both", provider)  # ollama's protocol sends arguments whole
    ],
)
def test_other_providers_faults_end_as_they_should(server, embedded, provider, name):
    replies, trouble, _ = OTHERS_FAULTS[name]
    server.replies(*replies)
    environment = {
        "ASSISTANT_MODEL_URL": server.address.removesuffix("/v1"),
        "ASSISTANT_MODEL_SECONDS": "15",
    }
    model = model_settings(f"{provider}:scripted", environment)
    assistant = Assistant(embedded.knowledge, embedded.library, model)
    answer = ask(assistant, VISIT)
    engine = "embedded" if trouble else f"{provider}:scripted"
    assert (answer.engine, answer.model["trouble"]) == (engine, trouble)
    assert same_fields(answer, ask(embedded, VISIT))
    assistant.close()


@pytest.mark.parametrize("provider", ["openai", "anthropic", "ollama"])
def test_a_model_on_this_machine_is_asked_past_any_proxy_and_leads_nowhere_else(
    server, embedded, provider, monkeypatch
):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    address = server.address if provider == "openai" else server.address.removesuffix("/v1")
    model = model_settings(f"{provider}:scripted", {"ASSISTANT_MODEL_URL": address})
    assistant = Assistant(embedded.knowledge, embedded.library, model)
    server.replies(READ, GOOD)
    assert ask(assistant, VISIT).engine == f"{provider}:scripted"
    with scripted_model() as elsewhere:
        elsewhere.replies(READ, GOOD)
        away = {"Location": f"{elsewhere.address}/chat/completions"}
        server.replies(Reply(status=307, raw=b"", headers=away))
        assert ask(assistant, VISIT).engine == "embedded"
        assert elsewhere.asked == []
    assistant.close()


@pytest.mark.parametrize("provider", ["anthropic", "ollama"])
def test_other_providers_call_our_tools(server, embedded, provider):
    count = ("count_units", {"minutes": {"97110": 10, "97530": 20}, "counting_rule": "cms"})
    server.replies(Reply(calls=[count]), READ, GOOD)
    environment = {"ASSISTANT_MODEL_URL": server.address.removesuffix("/v1")}
    model = model_settings(f"{provider}:scripted", environment)
    assistant = Assistant(embedded.knowledge, embedded.library, model)
    answer = ask(assistant, VISIT)
    called = [call for call in answer.model["tool_calls"] if call["tool"] == "count_units"]
    assert called[0]["output"]["result"]["units"] == {"97110": 1, "97530": 1}
    assert answer.engine == f"{provider}:scripted"
    assistant.close()
