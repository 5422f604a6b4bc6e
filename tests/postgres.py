"""A real PostgreSQL of the tests' own, from the distribution's package."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "PostgreSQL is not installed (Debian: apt-get install postgresql)"


def programs() -> Path | None:
    """The folder of initdb and postgres, or None."""
    on_path = shutil.which("initdb")
    kept = [Path(on_path).parent] if on_path else []
    kept += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in kept if (folder / "postgres").exists()), None)


class Cluster:
    """One server: started, stopped, restarted; its databases come by name.

    Args:
        folder: where its files stand; open to the user it runs as.
    """

    def __init__(self, folder: Path) -> None:
        found = programs()
        assert found, MISSING
        self._programs = found
        self._data = folder / "data"
        self.port = _free_port()
        self._user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(folder, self._user)
        self._run("initdb", "-D", self._data, "-U", "tests", "--auth=trust", "-E", "UTF8")

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._programs / program), *map(str, arguments)]
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            user = [f"--reuid={self._user}", "--regid=postgres", "--init-groups"]
            command = ["setpriv", *user, *command]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
            "-c fsync=off -c max_connections=200"
        )
        self._run(
            "pg_ctl", "-D", self._data, "-o", options, "-w", "-s", "start", "-l", self._data / "log"
        )

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` cuts every connection in its middle."""
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "-s", "stop")

    def address(self, database: str = "postgres") -> str:
        """SQLAlchemy's address of one of its databases."""
        return f"postgresql+psycopg://tests@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The address of a database that is new and empty."""
        import psycopg

        name = f"t{uuid.uuid4().hex}"
        server = f"host=127.0.0.1 port={self.port} user=tests dbname=postgres"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.address(name)


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """A started server, stopped afterwards."""
    cluster = Cluster(folder)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop("immediate")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
