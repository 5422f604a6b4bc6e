"""What the images are built from, without an engine: each path, command and program they name."""

import fnmatch
import re
import subprocess
import sys
from pathlib import Path

import pytest
from composed import copy_image, image_commands

TOP = Path(__file__).parents[1]
DOCKERFILE = TOP / "web" / "Dockerfile"
DEMO = TOP / "web" / "consults" / "demo"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """What the page's image holds of this repository."""
    folder = tmp_path_factory.mktemp("site")
    copy_image(DOCKERFILE, folder)
    return folder


def _instructions() -> list[list[str]]:
    joined = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in joined.splitlines()]
    return [line.split() for line in lines if line and not line.startswith("#")]


def test_the_dockerfile_copies_what_exists_and_reaches_the_engine():
    ignore = (TOP / ".dockerignore").read_text(encoding="utf-8").split("\n")
    sent = [line[1:] for line in ignore if line.startswith("!")]
    copied = [path for verb, *paths in _instructions() if verb == "COPY" for path in paths[:-1]]
    assert copied
    assert [path for path in copied if not (TOP / path).exists()] == []
    assert [path for path in copied if not any(fnmatch.fnmatch(path, each) for each in sent)] == []


def test_the_container_does_not_run_as_root():
    instructions = _instructions()
    verbs = [verb for verb, *_ in instructions]
    users = [rest for verb, *rest in instructions if verb == "USER"]
    assert users
    assert users[-1] not in (["root"], ["0"])
    assert verbs[-1] == "CMD"


def test_the_image_it_starts_from_names_a_version():
    (base,) = [rest[0] for verb, *rest in _instructions() if verb == "FROM"]
    assert re.fullmatch(r"\S+:\d\S*", base)


def test_the_container_starts_modules_that_exist():
    commands = " ".join(" ".join(rest) for verb, *rest in _instructions() if verb == "CMD")
    modules = re.findall(r"-m (\w+)", commands)
    assert modules
    assert [name for name in modules if not (TOP / name / "__main__.py").is_file()] == []


def test_the_image_can_be_set_up_from_what_it_copies(site):
    """Every file that `make setup` needs is there; nothing is installed."""
    assert "make setup" in DOCKERFILE.read_text(encoding="utf-8")
    tried = subprocess.run(
        ["make", "--dry-run", "setup"], cwd=site, capture_output=True, text=True, check=False
    )
    assert tried.returncode == 0, tried.stderr
    assert "requirements.lock" in tried.stdout


@pytest.mark.parametrize("module", ["web", "ingest", "assistant"])
def test_what_the_image_holds_starts_by_itself(site, module):
    """Without the tests, the benchmarks and the documents."""
    told = subprocess.run(
        [sys.executable, "-m", module, "--help"],
        cwd=site,
        env={"PATH": "/usr/bin:/bin", "PYTHONSAFEPATH": "", "HOME": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert "usage" in told.stdout


def test_the_lock_holds_what_the_compose_file_asks_for():
    """PostgreSQL's driver and Chroma's client are in the image."""
    lock = (TOP / "requirements.lock").read_text(encoding="utf-8")
    for package in ("psycopg", "chromadb", "uvicorn", "imapclient"):
        assert re.search(rf"(?m)^{package}==", lock), package


def test_the_image_has_a_python_that_the_project_takes():
    (base,) = [rest[0] for verb, *rest in _instructions() if verb == "FROM"]
    project = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.search(r'requires-python = ">=(\d+)\.(\d+)"', project)
    given = re.match(r"python:(\d+)\.(\d+)-slim", base)
    assert wanted
    assert given
    assert tuple(map(int, given.groups())) >= tuple(map(int, wanted.groups()))


def test_the_demos_dockerfile_copies_what_exists():
    lines = (DEMO / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("COPY")]
    assert copied
    assert [path for path in copied if not (TOP / path).is_file()] == []


def test_the_demos_image_runs_what_it_copies(tmp_path):
    """On the distribution's Python, with nothing but what it installs."""
    command = " ".join(image_commands(DEMO / "Dockerfile"))
    file = (DEMO / "Dockerfile").read_text(encoding="utf-8")
    copied = {line.split()[2]: line.split()[1] for line in re.findall(r"(?m)^COPY .*$", file)}
    assert copied["/srv/mail_server.py"] == "web/consults/demo/mail_server.py"
    assert "python3 /srv/mail_server.py /mail" in command
    source = TOP / copied["/srv/mail_server.py"]
    compile(source.read_text(encoding="utf-8"), str(source), "exec")
    imported = set(re.findall(r"(?m)^(?:import|from) (\w+)", source.read_text(encoding="utf-8")))
    assert imported - sys.stdlib_module_names == {"aiosmtpd"}
    assert {"dovecot-imapd", "python3-aiosmtpd"} <= set(file.split())
