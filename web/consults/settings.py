"""What the environment says about the desk's mailbox (docs/consults.md lists every name)."""

from __future__ import annotations

import ipaddress
import shlex
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from web.consults.letters import Desk
from web.settings import UnusableSetting

SECRET_SECONDS = 30  # longest wait for a command that prints a secret
PORTS = {"imaps": 993, "imap": 143, "smtps": 465, "smtp": 587}

Secret = Callable[[], str]
"""Fetches a password or token anew each time, so that a changed one is used."""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to enter it.

    Attributes:
        security: "tls" from the first byte, "starttls" before anything is said, or "plain".
        user: "" to send without a login.
        is_token: whether the secret is an OAuth 2 access token.
        authorities: file of the certificate authorities to trust; "" for the system's.
    """

    host: str
    port: int
    security: str
    user: str = ""
    secret: Secret = lambda: ""
    is_token: bool = False
    authorities: str = ""


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The desk's settings.

    Attributes:
        imap, smtp: None where mail is not taken in, or not sent, here.
        processed: folder that read mails are moved to; "" to leave the mailbox as it is.
        sent: folder in which the server keeps what was sent; "" where it keeps none.
        poll: how long the mailbox may go unlooked at.
        smtp_timeout: longest wait for one reply of the server.
        settle_after: when a reply of unknown fate is looked for; longer than `smtp_timeout`, any
            pause of a worker, and the delivery of the desk's copy.
        resend_absent: whether a reply whose copy is not found is sent again; else a person says.
        undo: how long an approved reply can be called back.
        target: how soon a consult should be answered.
        drafters: threads that draft.
        most_attempts: failures after which a consult waits for a person.
        most_taken: claims without an end, likewise: whoever drafts that mail dies of it.
        works: whether the page's own process does the work, or only workers beside it.
    """

    desk: Desk
    imap: Server | None = None
    smtp: Server | None = None
    inbox: str = "INBOX"
    processed: str = "Processed"
    sent: str = ""
    poll: timedelta = timedelta(seconds=60)
    lease: timedelta = timedelta(seconds=30)
    smtp_timeout: timedelta = timedelta(seconds=60)
    settle_after: timedelta = timedelta(minutes=15)
    resend_absent: bool = False
    undo: timedelta = timedelta(seconds=30)
    target: timedelta = timedelta(hours=4)
    drafters: int = 2
    works: bool = True
    first_backoff: timedelta = timedelta(seconds=15)
    most_attempts: int = 8
    most_taken: int = 12

    @property
    def mailbox(self) -> str:
        """The mailbox's name in the database, the same in every process."""
        if self.imap is None:
            return ""
        return f"{self.imap.user}@{self.imap.host}:{self.imap.port}/{self.inbox}"[:300]


def desk_settings(environment: Mapping[str, str]) -> DeskSettings | None:
    """The desk's settings, checked; None where no desk is set up.

    Raises:
        UnusableSetting: one cannot be used.
    """
    given = {k: v.strip() for k, v in environment.items() if k.startswith("ASSISTANT_MAIL_")}
    address = given.get("ASSISTANT_MAIL_ADDRESS", "")
    if not address:
        if any(given.values()):
            raise UnusableSetting(
                "ASSISTANT_MAIL_… is set, but not ASSISTANT_MAIL_ADDRESS: give the address that "
                "clinics write to, or unset the others."
            )
        return None
    if "@" not in address:
        raise UnusableSetting(f"ASSISTANT_MAIL_ADDRESS={address} is no mail address.")
    smtp_timeout = _span(given, "SMTP_SECONDS", 60)
    settle_after = _span(given, "SETTLE_SECONDS", 900)
    if settle_after <= smtp_timeout:
        raise UnusableSetting(
            "ASSISTANT_MAIL_SETTLE_SECONDS must be longer than ASSISTANT_MAIL_SMTP_SECONDS: a "
            "reply is looked for only when no worker can still be sending it."
        )
    return DeskSettings(
        desk=_desk(given, address),
        imap=_server(given, "IMAP", "imap"),
        smtp=_server(given, "SMTP", "smtp"),
        inbox=given.get("ASSISTANT_MAIL_INBOX") or "INBOX",
        processed=given.get("ASSISTANT_MAIL_PROCESSED", "Processed"),
        sent=given.get("ASSISTANT_MAIL_SENT", ""),
        poll=_span(given, "POLL_SECONDS", 60),
        lease=_span(given, "LEASE_SECONDS", 30),
        smtp_timeout=smtp_timeout,
        settle_after=settle_after,
        resend_absent=given.get("ASSISTANT_MAIL_RESEND_ABSENT") == "1",
        undo=timedelta(seconds=_number(given, "UNDO_SECONDS", 30, least=0)),
        target=timedelta(minutes=_number(given, "TARGET_MINUTES", 240)),
        drafters=_number(given, "DRAFTERS", 2),
        works=given.get("ASSISTANT_MAIL_THREADS") != "0",
    )


def _desk(given: Mapping[str, str], address: str) -> Desk:
    plain = Desk(address)
    return Desk(
        address=address,
        name=given.get("ASSISTANT_MAIL_NAME") or plain.name,
        aliases=_listed(given.get("ASSISTANT_MAIL_ALIASES", "")),
        allowed=_listed(given.get("ASSISTANT_MAIL_ALLOWED", "")),
        authenticator=given.get("ASSISTANT_MAIL_AUTHENTICATOR", ""),
        person=given.get("ASSISTANT_MAIL_PERSON") or plain.person,
        largest=_number(given, "LARGEST", plain.largest),
    )


def _listed(given: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in given.split(",") if one.strip())


def _number(given: Mapping[str, str], name: str, otherwise: int, least: int = 1) -> int:
    value = given.get(f"ASSISTANT_MAIL_{name}") or str(otherwise)
    if not value.isdecimal() or not least <= int(value) <= 2_000_000_000:
        raise UnusableSetting(
            f"ASSISTANT_MAIL_{name}={value} cannot be used: give a whole number from {least} on."
        )
    return int(value)


def _span(given: Mapping[str, str], name: str, otherwise: int) -> timedelta:
    return timedelta(seconds=_number(given, name, otherwise))


def _server(given: Mapping[str, str], name: str, scheme: str) -> Server | None:
    address = given.get(f"ASSISTANT_MAIL_{name}", "")
    if not address:
        return None
    try:
        url = urlsplit(address)
        host, port = url.hostname, url.port or PORTS[url.scheme]
    except (ValueError, KeyError):
        host, port = None, 0
    if not host or url.scheme not in (scheme, f"{scheme}s") or url.password:
        raise UnusableSetting(
            f"ASSISTANT_MAIL_{name} is not an address that can be used. Give {scheme}s://user@host "
            f"(TLS) or {scheme}://user@host (STARTTLS); an @ in the user's name is written %40, "
            "the password goes into a setting of its own."
        )
    user = unquote(url.username or "")
    secret, is_token = _secret(given, name) if user else ((lambda: ""), False)
    return Server(
        host=host,
        port=port,
        security=_security(given, name, url.scheme, host),
        user=user,
        secret=secret,
        is_token=is_token,
        authorities=given.get("ASSISTANT_MAIL_CA_FILE", ""),
    )


def _security(given: Mapping[str, str], name: str, scheme: str, host: str) -> str:
    if scheme.endswith("s"):
        return "tls"
    if given.get("ASSISTANT_MAIL_PLAIN") != "1":
        return "starttls"
    if not _is_loopback(host) and given.get("ASSISTANT_MAIL_PLAIN_NETWORK") != "1":
        raise UnusableSetting(
            f"ASSISTANT_MAIL_PLAIN=1 would send the password for {name} unencrypted to {host}. "
            "Leave it out; or, on a closed network, set ASSISTANT_MAIL_PLAIN_NETWORK=1 too."
        )
    return "plain"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _secret(given: Mapping[str, str], name: str) -> tuple[Secret, bool]:
    """How to fetch the server's secret, the server's own before both servers' common one."""
    for start in (f"ASSISTANT_MAIL_{name}_", "ASSISTANT_MAIL_"):
        if command := given.get(f"{start}TOKEN_COMMAND"):
            return _printed_by(command), True
        if command := given.get(f"{start}PASSWORD_COMMAND"):
            return _printed_by(command), False
        if file := given.get(f"{start}PASSWORD_FILE"):
            return _read_from(Path(file)), False
        if password := given.get(f"{start}PASSWORD"):
            return (lambda: password), False
    raise UnusableSetting(
        f"ASSISTANT_MAIL_{name} names a user, but no password is given: set "
        "ASSISTANT_MAIL_PASSWORD_FILE, ASSISTANT_MAIL_PASSWORD_COMMAND, "
        "ASSISTANT_MAIL_TOKEN_COMMAND (OAuth 2) or ASSISTANT_MAIL_PASSWORD."
    )


def _printed_by(command: str) -> Secret:
    def fetch() -> str:
        ran = subprocess.run(
            shlex.split(command), capture_output=True, text=True, timeout=SECRET_SECONDS, check=True
        )
        return ran.stdout.strip()

    return fetch


def _read_from(file: Path) -> Secret:
    return lambda: file.read_text(encoding="utf-8").strip()
