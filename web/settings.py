"""What the environment says about this copy: where it listens and where it keeps what was said."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.errors import AssistantError
from assistant.folders import data_folder
from web.accounts.rates import Rates

PORT = 8080
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class UnusableSetting(AssistantError):
    """A setting cannot be used; the message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One copy's settings.

    Attributes:
        host: address to listen on.
        port: port to listen on; None for the first free one from `PORT` on.
        database: SQLAlchemy address of the conversations' database.
        host_names: the names under which a browser may ask for the page.
        rates: how often somebody may ask.
    """

    database: str
    host: str = "127.0.0.1"
    port: int | None = None
    host_names: tuple[str, ...] = LOOPBACK_NAMES
    rates: Rates = field(default_factory=Rates)

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches the page."""
        return _is_loopback(self.host)


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings, checked.

    Raises:
        UnusableSetting: one cannot be used.
    """
    host = environment.get("ASSISTANT_HOST", "").strip() or "127.0.0.1"
    named = [name.strip() for name in environment.get("ASSISTANT_HOST_NAMES", "").split(",")]
    return Settings(
        database=environment.get("ASSISTANT_DATABASE", "").strip() or _own_file(environment),
        host=host,
        port=_port(environment.get("ASSISTANT_PORT", "").strip()),
        host_names=(*LOOPBACK_NAMES, host, *(name for name in named if name)),
        rates=_rates(environment),
    )


def _rates(environment: Mapping[str, str]) -> Rates:
    usual = Rates()
    return Rates(
        _count(environment, "ASSISTANT_REQUESTS_PERSON", usual.person),
        _count(environment, "ASSISTANT_REQUESTS_ADDRESS", usual.address),
        _count(environment, "ASSISTANT_REQUESTS_LOG_IN", usual.log_in),
    )


def _count(environment: Mapping[str, str], name: str, usual: int) -> int:
    given = environment.get(name, "").strip()
    if given and not given.isdecimal():
        raise UnusableSetting(f"{name}={given} is no number of requests a minute (0: no limit).")
    return int(given) if given else usual


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _port(given: str) -> int | None:
    if not given:
        return None
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise UnusableSetting(f"ASSISTANT_PORT={given} is not a port: give 1 to 65535.")
    return int(given)


def _own_file(environment: Mapping[str, str]) -> str:
    return f"sqlite:///{data_folder(environment) / 'conversations.sqlite'}"
