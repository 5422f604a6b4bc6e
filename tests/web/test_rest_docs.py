"""The commands of docs/rest.md, run as they are written against the real application."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from browsing import served

from assistant.answering import Assistant
from web.access import OWNER
from web.accounts.rates import Rates
from web.app import create_app
from web.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "rest.md").read_text("utf-8")
COMMANDS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.S | re.M)
ADDING = "/api/knowledge/documents"  # begins to make an index, which is tried elsewhere


def _values(text: str) -> list[Any]:
    """The JSON values that stand one after the other."""
    found, at = [], 0
    while at < len(text.rstrip()):
        value, at = json.JSONDecoder().raw_decode(text, at)
        found.append(value)
    return found


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_every_command_does_what_the_page_says(assistant: Assistant, tmp_path: Path) -> None:
    settings = Settings(f"sqlite:///{tmp_path / 'kept.sqlite'}", rates=Rates(0, 0, 0))
    app = create_app(settings, assistant)
    key = app.state.safety.keys.make(OWNER, "the page on REST")
    told = []
    with served(app) as address:
        for command in (one for one in COMMANDS if ADDING not in one):
            done = subprocess.run(
                ["sh", "-euc", command.replace("curl -s", "curl -sSf")],
                env={**os.environ, "ADDRESS": address, "KEY": key, "no_proxy": "127.0.0.1"},
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            assert done.returncode == 0, f"{command}\n{done.stderr}"
            told.append(done.stdout)
    app.state.safety.engine.dispose()
    answered, reviewed, as_csv, batches, looked_up, chosen, checked = told
    lines = json.loads(answered)["claims"][0]["lines"]
    assert [(one["code"], one["units"]) for one in lines] == [("97110", 1), ("97530", 1)]
    lines = json.loads(reviewed)["visits"][0]["lines"]
    assert [one["units"] for one in lines] == [2, 1]
    assert as_csv.startswith("visit,date_of_service,kind")
    assert _values(batches)[1]["items"][0]["name"] == "visits.csv"
    codes, _, pairs, _, threshold, passages = _values(looked_up)
    assert codes["items"][0]["code"] == "97110"
    assert pairs["items"][0]["column2"] == "97530"
    assert threshold["in_force"]["value"] == 2480
    assert passages["items"]
    assert json.loads(chosen)["code"] == "97530"
    assert json.loads(checked)["missing"] > 0


def test_the_page_names_every_route() -> None:
    listed = Path(__file__).with_name("authorisation.yaml").read_text("utf-8")
    rooms = {m for m in re.findall(r"/api/(?:knowledge/)?(\w+)", listed) if m != "jobs"}
    assert {room for room in rooms if room not in PAGE} == set()
