"""What can go wrong with a model, each with the sentence that the user reads."""

from __future__ import annotations

from dataclasses import dataclass

SENTENCES = {
    "timeout": "the language model did not answer in time",
    "unreachable": "the language model could not be reached",
    "key": "the provider refused the key: whoever looks after this copy should check it",
    "not_found": "the provider does not know this model",
    "rate_limit": "the provider asks to wait (rate limit or quota)",
    "too_long": "the conversation is too long for the language model",
    "refused": "the provider refused the request",
    "provider": "the provider failed",
    "cut": "the language model's reply broke off",
    "unreadable": "the language model's reply could not be read",
    "empty": "the language model said nothing",
    "loop": "the language model kept calling tools and did not finish",
    "too_much": "the language model wrote far more than was asked",
    "budget": "the token budget of one answer is used up",
    "day_budget": "the day's token budget is used up",
    "uncounted": "what the language model uses cannot be counted: the data folder is not writable",
    "unsupported": "the language model's wording held something that the results do not",
    "unsuitable": "the language model's wording could not be used",
}


class Trouble(Exception):
    """The model cannot word this answer.

    Attributes:
        kind: a key of `SENTENCES`.
        wait: seconds after which it may be tried again, where the provider names them.
    """

    def __init__(self, kind: str, wait: float | None = None) -> None:
        super().__init__(SENTENCES[kind])
        self.kind = kind
        self.wait = wait


@dataclass(frozen=True, slots=True)
class _Status:
    code: int
    text: str
    wait: float | None


def from_error(error: BaseException) -> Trouble:
    """The trouble behind an exception of whichever provider's package."""
    if isinstance(error, Trouble):
        return error
    chain = list(_chain(error))
    for one in chain:
        if isinstance(one, Trouble):
            return one
    status = next((s for one in chain if (s := _status(one)) is not None), None)
    if status is not None:
        return _by_status(status)
    names = " ".join(type(one).__name__ for one in chain)
    if isinstance(error, TimeoutError) or "Timeout" in names:
        return Trouble("timeout")
    if "RemoteProtocol" in names or "IncompleteRead" in names or "ReadError" in names:
        return Trouble("cut")
    if "Connect" in names or "Connection" in names:
        return Trouble("unreachable")
    if "RecursionError" in names:
        return Trouble("loop")
    return Trouble("unreadable")


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found:
        found.append(one)
        one = one.__cause__ or one.__context__
    return found


def _status(error: BaseException) -> _Status | None:
    response = getattr(error, "response", None)
    code = getattr(error, "status_code", None) or getattr(response, "status_code", None)
    if not isinstance(code, int) or code < 300:
        return None
    headers = getattr(response, "headers", None) or {}
    return _Status(code, str(error).lower(), _seconds(headers.get("retry-after")))


def _seconds(given: str | None) -> float | None:
    try:
        return max(0.0, float(given)) if given else None
    except ValueError:
        return None


def _by_status(status: _Status) -> Trouble:
    long = ("context length", "context_length", "too long", "maximum context", "too many tokens")
    if status.code == 413 or (status.code == 400 and any(sign in status.text for sign in long)):
        return Trouble("too_long")
    kinds = {
        401: "key",
        403: "key",
        404: "not_found",
        408: "timeout",
        429: "rate_limit",
        504: "timeout",
    }
    if status.code in kinds:
        return Trouble(kinds[status.code], status.wait)
    return Trouble("provider" if status.code >= 500 else "refused", status.wait)
