"""A scripted model behind real HTTP, and the assistant with and without it."""

import importlib

import pytest

from assistant.answering import Assistant
from assistant.llm_agent import model_settings
from benchmarks.language_model.scripted_model import scripted_model


@pytest.fixture(scope="module")
def server():
    with scripted_model() as running:
        yield running


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def embedded(data):
    return Assistant.open(data)


@pytest.fixture(scope="module")
def with_model(server, data, embedded):
    kept = {}
    importlib.import_module("langchain.agents")  # seconds of import, none of any answer's time

    def make(stream=True, **settings):
        key = (stream, *sorted(settings.items()))
        if key not in kept:
            environment = {
                "ASSISTANT_MODEL_URL": server.address,
                "ASSISTANT_MODEL_STREAM": "1" if stream else "0",
                "ASSISTANT_MODEL_SECONDS": "15",
                **settings,
            }
            model = model_settings("openai:scripted", environment)
            kept[key] = Assistant(embedded.knowledge, embedded.library, model)
            kept[key].check_model()  # imports its provider's package
        return kept[key]

    yield make
    for assistant in kept.values():
        assistant.close()
