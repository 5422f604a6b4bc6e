"""The demo's SMTP server: puts each mail into its recipients' Maildirs, which Dovecot hands out.

Runs in the demo's container, on the distribution's Python and aiosmtpd: `mail_server.py FOLDER`,
with another port than 25 behind it where it is tried elsewhere.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

PORT = 25
MADE = itertools.count()


class Delivery:
    """Files what comes in.

    Args:
        folder: holds one Maildir a recipient.
        owner: user and group that Dovecot reads as; None to leave files as they are made.
    """

    def __init__(self, folder: Path, owner: tuple[str, str] | None = None) -> None:
        self._folder, self._owner = folder, owner

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take the mail for every recipient."""
        for recipient in envelope.rcpt_tos:
            account = recipient.lower()
            if not re.fullmatch(r"[\w.+-]+@[\w.-]+", account):
                return "553 5.1.3 this address is not one that the demo can file"
            self._file(account, bytes(envelope.content))
        return "250 2.0.0 taken"

    def _file(self, account: str, raw: bytes) -> None:
        maildir = self._folder / account
        for folder in (maildir, maildir / "cur", maildir / "new", maildir / "tmp"):
            if not folder.exists():
                folder.mkdir(mode=0o700)
                self._own(folder)
        name = f"{time.time():.6f}.P{os.getpid()}Q{next(MADE)}.demo"
        (maildir / "tmp" / name).write_bytes(raw)
        self._own(maildir / "tmp" / name)
        (maildir / "tmp" / name).rename(maildir / "new" / name)

    def _own(self, path: Path) -> None:
        if self._owner:
            shutil.chown(path, *self._owner)


def main() -> None:
    """Serve until killed."""
    delivery = Delivery(Path(sys.argv[1]), ("mail", "mail"))
    port = int(sys.argv[2]) if len(sys.argv) > 2 else PORT
    controller = Controller(delivery, hostname="0.0.0.0", port=port)
    controller.start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
