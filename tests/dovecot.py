"""A real Dovecot of the tests' own, from the distribution's package: IMAP on a loopback port."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "Dovecot is not installed (Debian: apt-get install dovecot-imapd)"
PASSWORD = "tests-only"
_numbers = itertools.count()

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
default_internal_user = {internal}
default_login_user = {internal}
default_internal_group = {group}
mail_location = maildir:{folder}/mail/%u
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 0
{capability}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
{tokens}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps_port}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 200
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


def program() -> str | None:
    """The server's program, or None."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


class Dovecot:
    """One server; every name is an account with the same password.

    Args:
        folder: where its files stand; open to the user it runs as.
        capability: what it says it can do, in place of all that it can.
        certificate: (certificate, key) for STARTTLS, and for TLS on `imaps_port`.
        tokens_at: address at which an OAuth 2 access token, put behind it, is looked up.
    """

    def __init__(
        self,
        folder: Path,
        capability: str = "",
        certificate: tuple[Path, Path] | None = None,
        tokens_at: str = "",
    ) -> None:
        found = program()
        assert found, MISSING
        self._program, self.folder = found, folder
        self.port = _free_port()
        self.imaps_port = _free_port() if certificate else 0
        root = os.geteuid() == 0
        self.user = "nobody" if root else pwd.getpwuid(os.geteuid()).pw_name
        entry = pwd.getpwnam(self.user)
        import grp

        self.group = group = grp.getgrgid(entry.pw_gid).gr_name
        self.runs_as_other = root
        internal = self.user
        self._owner = (entry.pw_uid, entry.pw_gid) if root else None
        (folder / "mail").mkdir()
        if self._owner:
            os.chown(folder / "mail", *self._owner)
        keys = ""
        if certificate:
            keys = f"ssl_cert = <{certificate[0]}\nssl_key = <{certificate[1]}"
        tokens = ""
        if tokens_at:
            file = folder / "tokens.conf"
            file.write_text(f"tokeninfo_url = {tokens_at}\n", encoding="utf-8")
            tokens = f"passdb {{\n driver = oauth2\n mechanisms = xoauth2\n args = {file}\n}}"
        shown = f"imap_capability = {capability}" if capability else ""
        (folder / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                folder=folder,
                port=self.port,
                imaps_port=self.imaps_port,
                tokens=tokens,
                user=self.user,
                group=group,
                internal=internal,
                password=PASSWORD,
                ssl="yes" if certificate else "no",
                certificate=keys,
                capability=shown,
            ),
            encoding="utf-8",
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            [self._program, "-F", "-c", self.folder / "dovecot.conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
        )
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as probe:
                    if probe.recv(100).startswith(b"* OK"):
                        return
            except OSError:
                pass
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"Dovecot did not start:\n{self.log()}")

    def log(self) -> str:
        """What it wrote down."""
        file = self.folder / "log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    def stop(self) -> None:
        """Stop it."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        self._process = None

    def deliver(self, account: str, raw: bytes, folder: str = "") -> None:
        """Put a mail into an account's inbox or folder, as a delivery agent does."""
        base = self.folder / "mail" / account / (f".{folder}" if folder else "")
        self._make_maildir(base)
        name = f"{time.time():.6f}.P{os.getpid()}Q{next(_numbers)}.tests"
        there = base / "tmp" / name
        there.write_bytes(raw)
        if self._owner:
            os.chown(there, *self._owner)
        there.rename(base / "new" / name)

    def _make_maildir(self, base: Path) -> None:
        if (base / "new").is_dir() and (base / "tmp").is_dir():
            return
        for one in (base.parent, base, base / "tmp", base / "new", base / "cur"):
            if not one.exists():
                one.mkdir(mode=0o700, parents=True, exist_ok=True)
                if self._owner:
                    os.chown(one, *self._owner)


@contextmanager
def running_dovecot(folder: Path, **options: object) -> Iterator[Dovecot]:
    """A started server, stopped afterwards."""
    server = Dovecot(folder, **options)  # type: ignore[arg-type]
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
