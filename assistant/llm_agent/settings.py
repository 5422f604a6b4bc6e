"""Which chat model is used, and within what bounds; read from the environment."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.errors import AssistantError

NONE = "none"
KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
ADDRESSES = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
    "ollama": "http://127.0.0.1:11434",
}
_ADDRESS_SETTINGS = {
    "openai": "OPENAI_BASE_URL",
    "anthropic": "ANTHROPIC_BASE_URL",
    "ollama": "OLLAMA_HOST",
}


class UnusableModel(AssistantError):
    """The model cannot be used as it is set up; the message says what to do."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """A chat model and its bounds.

    Attributes:
        provider: openai (or whatever speaks its protocol), anthropic, ollama, or another
            provider that LangChain knows.
        name: the model's name with that provider.
        address: where it is asked; "" where only the provider's package knows.
        key: the key, or "" where none is needed.
        streaming: whether replies are read as a stream.
        call_seconds: longest wait for one reply.
        answer_seconds: longest time that one answer may take.
        calls: most calls of the model for one answer.
        answer_tokens: most tokens, read and written, for one answer.
        day_tokens: most tokens a day; 0 for no limit.
    """

    provider: str
    name: str
    address: str
    key: str = ""
    streaming: bool = True
    call_seconds: float = 30.0
    answer_seconds: float = 60.0
    calls: int = 6
    answer_tokens: int = 60_000
    day_tokens: int = 0

    @property
    def engine(self) -> str:
        """How answers name the model."""
        return f"{self.provider}:{self.name}"

    @property
    def is_remote(self) -> bool:
        """Whether what is asked leaves this machine."""
        return not is_loopback(self.address)


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def model_settings(
    given: str | None = None, environment: Mapping[str, str] | None = None
) -> ModelSettings | None:
    """The model that is set up; None where none is.

    Args:
        given: `provider:name`, `none`, or None to take ASSISTANT_MODEL.
        environment: where settings are read; the process's own where left out.

    Raises:
        UnusableModel: it cannot be used so.
    """
    env = os.environ if environment is None else environment
    chosen = (given if given is not None else env.get("ASSISTANT_MODEL", "")).strip()
    if chosen in ("", NONE):
        return None
    provider, colon, name = chosen.partition(":")
    provider = provider.strip().lower()
    if not colon or not provider or not name.strip():
        raise UnusableModel(
            f"{chosen} is not a model: give provider:name, such as openai:gpt-5, "
            "anthropic:claude-sonnet-4-5 or ollama:llama3.1, or none."
        )
    settings = ModelSettings(
        provider=provider,
        name=name.strip(),
        address=_address(provider, env),
        key=env.get(KEYS.get(provider, ""), "").strip(),
        streaming=env.get("ASSISTANT_MODEL_STREAM", "1").strip() != "0",
        call_seconds=_positive(env, "ASSISTANT_MODEL_CALL_SECONDS", 30),
        answer_seconds=_positive(env, "ASSISTANT_MODEL_SECONDS", 60),
        calls=int(_positive(env, "ASSISTANT_MODEL_CALLS", 6)),
        answer_tokens=int(_positive(env, "ASSISTANT_MODEL_TOKENS", 60_000)),
        day_tokens=int(_positive(env, "ASSISTANT_MODEL_DAY_TOKENS", 0)),
    )
    _refuse(settings, env)
    return settings


def _address(provider: str, env: Mapping[str, str]) -> str:
    given = env.get("ASSISTANT_MODEL_URL", "") or env.get(_ADDRESS_SETTINGS.get(provider, ""), "")
    address = given.strip() or ADDRESSES.get(provider, "")
    if provider == "ollama" and "//" not in address:
        address = f"http://{address}"
    if address and urlsplit(address).scheme not in ("http", "https"):
        raise UnusableModel(f"{address} is not an address: give http://… or https://….")
    return address


def _positive(env: Mapping[str, str], name: str, default: float) -> float:
    given = env.get(name, "").strip()
    if not given:
        return default
    try:
        value = float(given)
    except ValueError:
        value = -1
    if not 0 < value < 1e9 and not (value == 0 and default == 0):
        raise UnusableModel(f"{name}={given} is not a number above 0.")
    return value


def _refuse(settings: ModelSettings, env: Mapping[str, str]) -> None:
    if settings.is_remote and env.get("ASSISTANT_MODEL_REMOTE_CONFIRMED") != "1":
        where = urlsplit(settings.address).hostname or settings.provider
        raise UnusableModel(
            f"{settings.engine} is reached at {where}, outside this machine: what people type "
            "would go there, patient identifiers masked as far as they are recognised. If your "
            "agreement with the provider allows that, set ASSISTANT_MODEL_REMOTE_CONFIRMED=1; "
            "else use a model on this machine, or --model none."
        )
    needed = KEYS.get(settings.provider)
    if needed and settings.is_remote and not settings.key:
        raise UnusableModel(f"{settings.engine} needs a key: set {needed}.")
