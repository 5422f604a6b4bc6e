"""The compose file's services as plain processes: its commands, environment and health checks.

No container engine is needed, and none is replaced: images, networks and volumes are not tried.
What a container would find under a name (`postgres`, `mail`, `chroma`, `/data`) is put in place of
it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dovecot
import postgres
import psycopg
import yaml

TOP = Path(__file__).parents[1]
DEMO = TOP / "web" / "consults" / "demo"
LONGEST = 240  # seconds; a shared machine is slow
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


def given(file: Path) -> dict[str, str]:
    """The settings of an environment file."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def resolved(node: Any, variables: Mapping[str, str]) -> Any:
    """The compose file with its variables filled in, as `docker compose --env-file` does."""
    if isinstance(node, dict):
        return {key: resolved(value, variables) for key, value in node.items()}
    if isinstance(node, list):
        return [resolved(value, variables) for value in node]
    if isinstance(node, str):
        return _VARIABLE.sub(lambda m: variables.get(m[1]) or m[2] or "", node)
    return node


def image_commands(dockerfile: Path) -> list[str]:
    """What an image runs unless told otherwise."""
    (line,) = re.findall(r"(?m)^CMD (\[.*\])$", dockerfile.read_text(encoding="utf-8"))
    command: list[str] = json.loads(line)
    return command


def copy_image(dockerfile: Path, site: Path) -> None:
    """What an image holds of this repository, and nothing else."""
    unwanted = shutil.ignore_patterns("__pycache__", ".env*", "*.pyc", "*.sqlite*")
    for line in re.findall(r"(?m)^COPY (.*)$", dockerfile.read_text(encoding="utf-8")):
        *sources, target = line.split()
        for source in sources:
            if (TOP / source).is_dir():
                shutil.copytree(TOP / source, site / target, ignore=unwanted)
            else:
                shutil.copy(TOP / source, site / target)


@dataclass
class Services:
    """The demo's services.

    Attributes:
        folder: what the volumes hold.
        site: what the page's image holds of this repository.
        places: what stands here in place of what a container finds, by the container's words.
        exactly: the same for whole words of a command and whole settings.
        more: settings that only the health checks of images need.
    """

    folder: Path
    site: Path
    compose: dict[str, Any]
    places: dict[str, str] = field(default_factory=dict)
    exactly: dict[str, str] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def environment(self, service: str) -> dict[str, str]:
        """What a container of the service gets: its file, then its own lines."""
        told = self.compose["services"][service]
        values: dict[str, str] = {}
        for file in told.get("env_file", []):
            values |= given(TOP / file["path"])
        values |= {name: str(value) for name, value in told.get("environment", {}).items()}
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | self.more | {name: self.placed(value) for name, value in values.items()}

    def placed(self, text: str) -> str:
        """The text with this machine's places in it."""
        for words, place in self.places.items():
            text = text.replace(words, place)
        return self.exactly.get(text, text)

    def command(self, service: str) -> list[str]:
        """The service's command line."""
        told = self.compose["services"][service]
        line = told.get("command") or image_commands(TOP / told["build"]["dockerfile"])
        return [self.placed(word) for word in line]

    def check(self, service: str) -> list[str]:
        """The command of its health check."""
        kind, *line = self.compose["services"][service]["healthcheck"]["test"]
        assert kind == "CMD"
        return [self.placed(word) for word in line]

    def start(self, service: str, command: list[str] | None = None) -> subprocess.Popen[str]:
        """Start one container's process."""
        name = f"{service}-{len(self.started)}.log"
        with (self.folder / name).open("w", encoding="utf-8") as log:
            process = subprocess.Popen(
                command or self.command(service),
                env=self.environment(service),
                cwd=self.site,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def run(self, service: str, *command: str, typed: str = "") -> str:
        """What `docker compose run` or `exec` of that command in that service prints."""
        done = subprocess.run(
            [self.placed(word) for word in command],
            env=self.environment(service),
            cwd=self.site,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr + self.logs()
        return done.stdout

    def until_healthy(self, service: str) -> None:
        """Wait until the service's own health check says so."""
        check, environment = self.check(service), self.environment(service)

        def is_healthy() -> bool:
            for process in self.started:
                assert process.poll() is None, self.logs()
            asked = subprocess.run(
                check, env=environment, cwd=self.site, capture_output=True, check=False
            )
            return asked.returncode == 0

        self.until(is_healthy, f"{service} never became healthy")

    def until(self, is_so: Callable[[], bool], otherwise: str) -> None:
        """Wait for something.

        Raises:
            AssertionError: it never came; says what the services wrote.
        """
        ends = time.monotonic() + LONGEST
        while not is_so():
            assert time.monotonic() < ends, f"{otherwise}\n{self.logs()}"
            time.sleep(0.3)

    def logs(self) -> str:
        """What the services wrote."""
        files = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{f.name}:\n{f.read_text(encoding='utf-8')[-3000:]}" for f in files)

    def stop(self) -> list[int]:
        """Ask every process to end, as `docker compose down` does; how each ended."""
        for process in self.started:
            process.terminate()
        return [process.wait(timeout=30) for process in self.started]

    def end(self) -> None:
        """End whatever still runs."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.wait()


@contextmanager
def demo(folder: Path) -> Iterator[Services]:
    """The demo profile's PostgreSQL, Chroma and mail server, started; the rest is up to the test.

    Args:
        folder: open to the users whom the servers run as.
    """
    variables = given(DEMO / "demo.env")
    compose = yaml.safe_load((TOP / "docker-compose.yml").read_text(encoding="utf-8"))
    services = Services(folder, folder / "srv", resolved(compose, variables))
    services.site.mkdir()
    copy_image(TOP / compose["services"]["web"]["build"]["dockerfile"], services.site)
    (folder / "data").mkdir()
    port = postgres._free_port()
    services.places |= {
        ".venv/bin/python": sys.executable,
        "127.0.0.1:8000/": f"127.0.0.1:{port}/",
    }
    services.exactly |= {"/data": str(folder / "data"), "8000": str(port), "python": sys.executable}
    with ExitStack() as closing:
        closing.callback(services.end)
        _start_postgres(services, closing)
        _start_mail(services, closing)
        _start_chroma(services)
        yield services


def _start_postgres(services: Services, closing: ExitStack) -> None:
    """PostgreSQL with the database, account and password that the image would make."""
    (services.folder / "postgres").mkdir(mode=0o755)
    cluster = closing.enter_context(postgres.running_cluster(services.folder / "postgres"))
    told = services.compose["services"]["postgres"]["environment"]
    password = services.compose["secrets"]["postgres_password"]["environment"]
    secret = given(DEMO / "demo.env")[password]
    user, database = told["POSTGRES_USER"], told["POSTGRES_DB"]
    server = f"host=127.0.0.1 port={cluster.port} user=tests dbname=postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN PASSWORD '{secret}'")
        connection.execute(f"CREATE DATABASE {database} OWNER {user}")
    found = postgres.programs()
    assert found
    services.places |= {"@postgres/": f"@127.0.0.1:{cluster.port}/"}
    ready = (found / "initdb").resolve().with_name("pg_isready")
    services.exactly |= {"pg_isready": str(ready)}
    services.more |= {"PGHOST": "127.0.0.1", "PGPORT": str(cluster.port)}
    services.until_healthy("postgres")


def _start_mail(services: Services, closing: ExitStack) -> None:
    """The mail server's own command, its ports and folders moved."""
    folder, program, server = services.folder / "mail", dovecot.program(), DEMO / "mail_server.py"
    assert program, dovecot.MISSING
    imap, smtp = postgres._free_port(), postgres._free_port()
    folder.mkdir(mode=0o755)
    shutil.chown(folder, "mail", "mail")
    configuration = (DEMO / "dovecot.conf").read_text(encoding="utf-8")
    file = services.folder / "dovecot.conf"
    file.write_text(
        f"""{configuration.replace("/mail/%u", f"{folder}/%u")}
base_dir = {services.folder}/dovecot
state_dir = {services.folder}/dovecot-state
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
}}
""",
        encoding="utf-8",
    )
    services.places |= {
        "dovecot && ": f"{program} -c {file} && ",
        "python3 /srv/mail_server.py /mail": f"{sys.executable} {server} {folder} {smtp}",
        "@mail": f"@127.0.0.1:{imap}",
        "//mail:25": f"//127.0.0.1:{smtp}",
        "(25, 143)": f"({smtp}, {imap})",
    }
    services.exactly |= {"python3": sys.executable}
    closing.callback(_stop_dovecot, services.folder / "dovecot" / "master.pid")
    services.start("mail")
    services.until_healthy("mail")


def _stop_dovecot(pid_file: Path) -> None:
    if pid_file.is_file():
        os.kill(int(pid_file.read_text(encoding="utf-8")), signal.SIGTERM)


def _start_chroma(services: Services) -> None:
    """The server of the locked version, which is the image's, as its package brings it."""
    port = postgres._free_port()
    services.places |= {
        "//chroma:8000": f"//127.0.0.1:{port}",
        "tcp/127.0.0.1/8000": f"tcp/127.0.0.1/{port}",
    }
    program = Path(sys.executable).with_name("chroma")
    folder = services.folder / "chroma"
    line = [str(program), "run", "--path", str(folder), "--port", str(port)]
    services.start("chroma", line)
    services.until_healthy("chroma")
