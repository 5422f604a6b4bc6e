"""The desk's routes: with a desk, without one, and the worker's command."""

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from chatting import ADDRESS, sign_in
from fastapi.testclient import TestClient

from web.access import OWNER
from web.accounts.person import Person, Role
from web.accounts.rates import Rates
from web.app import create_app
from web.consults.letters import Desk
from web.consults.settings import DeskSettings
from web.settings import Settings

QUESTION = {"text": "10 min 97110 and 20 min 97530, Medicare, PT", "key": "visit-1"}


@pytest.fixture
def desk_client(assistant, tmp_path):
    desk = DeskSettings(Desk("desk@practice.example"), undo=timedelta(0))
    settings = Settings(f"sqlite:///{tmp_path / 'desk.sqlite'}", rates=Rates(0, 0, 0))
    app = create_app(settings, assistant, desk)
    with TestClient(app, base_url=ADDRESS) as made:
        sign_in(made)
        made.headers["Authorization"] = f"Bearer {app.state.safety.keys.make(OWNER, 'tests')}"
        yield made
    app.state.consults.engine.dispose()


def until(look):
    for _ in range(1200):
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def test_a_question_is_drafted_reviewed_and_read(desk_client):
    taken = desk_client.post("/api/consults", json=QUESTION)
    assert taken.status_code == 202
    number = taken.json()["id"]
    assert desk_client.post("/api/consults", json=QUESTION).json()["id"] == number

    def standing():
        return desk_client.get(f"/api/consults/{number}").json()

    until(lambda: standing()["state"] == "drafted")
    assert standing()["reply"] == ""
    reviews = desk_client.app.state.consults.reviews
    reviews.approve(number, reviews.open(number).newest.draft.body_hash, "ann")
    until(lambda: standing()["state"] == "sent")
    assert "97530" in standing()["reply"]


def test_figures_and_health(desk_client):
    until(lambda: "consult_workers 1.0" in desk_client.get("/api/metrics").text)
    assert desk_client.get("/health").json()["consults"] == {
        "set_up": True,
        "well": True,
        "troubles": [],
    }


def test_a_member_sees_only_what_they_asked(desk_client):
    number = desk_client.post("/api/consults", json=QUESTION).json()["id"]
    other = Person(7, "other", Role.MEMBER)
    from web.access import member

    desk_client.app.dependency_overrides[member] = lambda: other
    assert desk_client.get(f"/api/consults/{number}").status_code == 404
    assert desk_client.get("/api/consults/999").status_code == 404


@pytest.mark.parametrize(
    "body",
    [{}, {"text": ""}, {"text": "x", "reply_to": "nobody"}, {"text": "x", "to": "y"}, {"text": 1}],
)
def test_what_cannot_be_taken_is_refused(desk_client, body):
    assert desk_client.post("/api/consults", json=body).status_code == 422


def test_without_a_desk_it_is_said(client):
    key = client.app.state.safety.keys.make(OWNER, "tests")
    reply = client.post("/api/consults", json=QUESTION, headers={"Authorization": f"Bearer {key}"})
    assert reply.status_code == 503
    assert "ASSISTANT_MAIL_ADDRESS" in reply.json()["detail"]
    assert client.get("/health").json()["consults"] == {"set_up": False}


def test_the_worker_says_where_nothing_is_set_up():
    plain = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTANT_MAIL")}
    command = [sys.executable, "-m", "web", "worker"]
    ended = subprocess.run(command, env=plain, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "ASSISTANT_MAIL_ADDRESS" in ended.stdout


def test_the_worker_works_until_it_is_stopped(tmp_path):
    settings = {
        "ASSISTANT_MAIL_ADDRESS": "desk@practice.example",
        "ASSISTANT_DATABASE": f"sqlite:///{tmp_path / 'desk.sqlite'}",
    }
    command = [sys.executable, "-m", "web", "worker"]
    with subprocess.Popen(
        command, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        assert "works for desk@practice.example" in worker.stdout.readline()
        assert until(lambda: checked(settings) == 0)
        worker.terminate()
        assert worker.wait(30) == 0


def checked(settings):
    """What the container's health check gets."""
    command = [sys.executable, "-m", "web", "worker", "--check"]
    return subprocess.run(command, env={**os.environ, **settings}, check=False).returncode


def test_the_page_leaves_the_work_to_workers_where_it_is_told_to(assistant, tmp_path):
    desk = DeskSettings(Desk("desk@practice.example"), works=False)
    settings = Settings(f"sqlite:///{tmp_path / 'desk.sqlite'}", rates=Rates(0, 0, 0))
    app = create_app(settings, assistant, desk)
    with TestClient(app, base_url=ADDRESS):
        names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("consults ")]
    assert "python -m web worker" in app.state.consults.announcement
    app.state.consults.engine.dispose()
