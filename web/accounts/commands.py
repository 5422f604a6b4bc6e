"""What the terminal can do with accounts, keys, the audit log and retention."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from typing import Any

from web.accounts.person import PROGRAM, Role
from web.accounts.safety import Safety
from web.database.engine import open_database
from web.settings import Settings


def parser() -> argparse.ArgumentParser:
    """The commands; without one the page is served."""
    made = argparse.ArgumentParser(
        prog="python -m web", description="Serve the page; or one of the commands below."
    )
    rooms = made.add_subparsers(dest="room", metavar="COMMAND")
    _room(rooms, "admin", "accounts of admins", {"add": _add_admin, "password": _set_password})
    _room(rooms, "key", "API keys", {"add": _add_key})
    _room(rooms, "audit", "the audit log", {"verify": _verify})
    worker = rooms.add_parser("worker", help="work for the consult desk, beside the page")
    worker.add_argument("--check", action="store_true", help="only say whether one works here")
    _room(rooms, "retention", "deleting what is too old", {"run": _run_retention})
    return made


Command = Callable[[Safety, argparse.Namespace], int]
ARGUMENTS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "add": (("name", {"help": "the person's name, or the account that a key is for"}),),
    "password": (("name", {"help": "the account"}),),
    "verify": (("--head", {"default": "", "help": "last hash that was noted earlier"}),),
    "run": (),
}


def _room(rooms: Any, name: str, told: str, commands: dict[str, Command]) -> None:
    room = rooms.add_parser(name, help=told).add_subparsers(required=True, metavar="COMMAND")
    for command, function in commands.items():
        one = room.add_parser(command, help=(function.__doc__ or "").splitlines()[0])
        for argument, options in ARGUMENTS[command]:
            one.add_argument(argument, **options)
        if function is _add_key:
            one.add_argument("label", help="what the key is for")
        one.set_defaults(command=function)


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Run a command; 0 where it did what it says."""
    engine = open_database(settings.database)
    try:
        command: Command = options.command
        return command(Safety.open(engine), options)
    finally:
        engine.dispose()


def _add_admin(safety: Safety, options: argparse.Namespace) -> int:
    """Make an admin's account; asks for the password."""
    account = safety.accounts.add(PROGRAM, options.name, Role.ADMIN, _password())
    print(f"{account.name} can sign in as an admin.")
    return 0


def _set_password(safety: Safety, options: argparse.Namespace) -> int:
    """Give an account another password; asks for it."""
    account = safety.accounts.named(options.name)
    safety.accounts.set_password(PROGRAM, account.id, _password())
    safety.attempts.succeeded(account.name)
    print(f"{account.name} can sign in with the new password; all sessions have ended.")
    return 0


def _add_key(safety: Safety, options: argparse.Namespace) -> int:
    """Make an API key for an account («owner» on your own computer) and show it once."""
    account = safety.accounts.named(options.name)
    print(safety.keys.make(account.person, options.label))
    return 0


def _verify(safety: Safety, options: argparse.Namespace) -> int:
    """Say whether the audit log is as it was written; 1 where it is not."""
    verdict = safety.audit.verify(options.head)
    if verdict.fault:
        print(f"{verdict.fault} The {verdict.rows} rows before hold.", file=sys.stderr)
        return 1
    print(f"{verdict.rows} rows, unaltered. Last hash: {verdict.head}")
    return 0


def _run_retention(safety: Safety, options: argparse.Namespace) -> int:
    """Delete what is older than the days set on the admin's page."""
    from web.erasing import ERASERS

    retention = safety.retention(ERASERS)
    deleted = retention.run()
    if retention.days is None:
        print("Nothing is deleted by age: no days are set.")
    for kind, count in deleted.items():
        print(f"{kind}: {count} deleted")
    return 0


def _password() -> str:
    """The password typed twice, or one line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != first:
        from web.accounts.passwords import UnusablePassword

        raise UnusablePassword("The two passwords differ. Nothing was changed.")
    return first
