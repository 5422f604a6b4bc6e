"""Schemathesis against the real application: what the OpenAPI document says is what happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
import yaml
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from assistant.answering import Assistant
from web.access import OWNER, Role
from web.accounts.rates import Rates
from web.app import create_app
from web.consults.letters import Desk
from web.consults.settings import DeskSettings
from web.settings import Settings

TABLE = Path(__file__).with_name("authorisation.yaml")
ROUTES = [one for one in yaml.safe_load(TABLE.read_text("utf-8")) if " /api/" in one]
OPERATIONS = [*ROUTES, "GET /health"]
REQUESTS = 3  # of each operation and kind; `st run` with more is for when a route is new
# That every well-formed request is taken cannot hold: a code or a day may be one not held here.
LEFT_OUT = [checks.positive_data_acceptance]
# A part of a form that has no file in it is sent as a file all the same.
UPLOADS = ("POST /api/batches", "POST /api/knowledge/documents")
FEW = settings(
    max_examples=REQUESTS,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def app(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    database = tmp_path_factory.mktemp("schema") / "kept.sqlite"
    names = ("testserver", "localhost")  # as which schemathesis calls
    own = Settings(f"sqlite:///{database}", host_names=names, rates=Rates(0, 0, 0))
    made = create_app(own, assistant, DeskSettings(Desk("desk@practice.example")))
    yield made
    made.state.safety.engine.dispose()


@pytest.fixture(scope="module")
def key(app: FastAPI) -> str:
    """An admin's key."""
    admin = app.state.safety.accounts.add(OWNER, "Ada", Role.ADMIN, "quite a long password").person
    return str(app.state.safety.keys.make(admin, "schemathesis"))


@pytest.fixture(scope="module")
def schema(app: FastAPI) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_asgi("/api/openapi.json", app)


def test_every_operation_is_tried(schema: schemathesis.BaseSchema) -> None:
    found = {f"{one.ok().method.upper()} {one.ok().path}" for one in schema.get_all_operations()}
    assert {one.replace(":path}", "}") for one in OPERATIONS} == found


@pytest.mark.parametrize("route", OPERATIONS)
def test_an_operation_does_what_it_says(
    schema: schemathesis.BaseSchema, key: str, route: str
) -> None:
    method, path = route.replace(":path}", "}").split()
    left_out = [*LEFT_OUT, checks.negative_data_rejection] if route in UPLOADS else LEFT_OUT
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @FEW
        @given(case=schema[path][method].as_strategy(generation_mode=mode))
        def call(case: schemathesis.Case) -> None:
            headers = {"Authorization": f"Bearer {key}"}
            case.call_and_validate(headers=headers, excluded_checks=left_out)

        try:
            call()
        except Unsatisfiable:  # nothing of it can be wrong: it takes neither parameters nor a body
            assert mode is GenerationMode.NEGATIVE
