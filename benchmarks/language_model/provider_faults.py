"""What providers and models do wrong, each with what must come of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from benchmarks.language_model.scripted_model import Reply, reads

VISIT = "10 min 97110 and 20 min 97530, Medicare, PT"
READ = reads(
    {"code": "97110", "minutes": 10, "words": "10 min 97110"},
    {"code": "97530", "minutes": 20, "words": "20 min 97530"},
)
WORDS = "The 30 timed minutes earn 2 units [1], so each code gets one unit."
GOOD = Reply(WORDS)
WORDED = ""  # the model's words are shown


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        replies: what the server gives, in order; the last one again and again.
        ends: the trouble that the answer names; "" where the model's words are shown after all.
        streams: in which of the two ways of replying it occurs.
        settings: settings that bring it about.
    """

    name: str
    replies: tuple[Reply, ...]
    ends: str
    streams: tuple[bool, ...] = (True, False)
    settings: dict[str, str] = field(default_factory=dict)


def error(status: int, message: str = "scripted", code: str | None = None, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(
        status=status, error={"message": message, "type": "x", "code": code}, headers=named
    )


TOO_LONG = error(
    400, "This model's maximum context length is 8192 tokens", "context_length_exceeded"
)
CALL = ("read_message", {"services": []})
COUNT = ("count_units", {"minutes": {"97110": 60}, "counting_rule": "cms"})
STREAM, WHOLE = (True,), (False,)
NO_CHOICES = Reply(raw=b'{"id":"1","object":"chat.completion","choices":[]}')
HUGE = {"minutes": {"97110": -(10**30)}, "counting_rule": "cms"}


def calls(name: str, given: object, **more: Any) -> Reply:
    return Reply(calls=[(name, given)], **more)


HALF = '{"services": [{"code": "97110"'
OTHER_ARGUMENT = {"services": [], "sudo": True}
ONE_CALL = {"ASSISTANT_MODEL_CALLS": "1"}
HURRIED = {"ASSISTANT_MODEL_CALL_SECONDS": "1", "ASSISTANT_MODEL_SECONDS": "2"}
FEW_TOKENS = {"ASSISTANT_MODEL_TOKENS": "500"}
UNSURE = [CALL, ("count_units", '{"minutes": ')]

FAULTS = (
    Fault("no reply in time", (Reply(WORDS, pause=4),), "timeout", settings=HURRIED),
    Fault("drips for ever", (Reply("units " * 900, drip=0.3),), "timeout", STREAM, HURRIED),
    Fault("key refused", (error(401),), "key"),
    Fault("key without rights", (error(403),), "key"),
    Fault("unknown model", (error(404),), "not_found"),
    Fault("busy once, says how long", (error(429, Retry_After="0.1"), READ, GOOD), WORDED),
    Fault("busy for an hour", (error(429, Retry_After="3600"),), "rate_limit"),
    Fault("busy, unreadable Retry-After", (error(429, Retry_After="soon"),), "rate_limit"),
    Fault("quota used up", (error(429, "no quota", "insufficient_quota"),), "rate_limit"),
    Fault("fails once", (error(500), READ, GOOD), WORDED),
    Fault("keeps failing", (error(500),), "provider"),
    Fault("overloaded, in HTML", (Reply(status=503, raw=b"<html>busy</html>"),), "provider"),
    Fault("bad gateway", (error(502),), "provider"),
    Fault("gateway time-out", (error(504),), "timeout"),
    Fault("too long once, shortened", (TOO_LONG, READ, GOOD), WORDED),
    Fault("too long always", (TOO_LONG,), "too_long"),
    Fault("body too large", (error(413),), "too_long"),
    Fault("request refused", (error(400, "bad tool schema"),), "refused"),
    Fault("sent elsewhere", (Reply(status=302, raw=b"", headers={"Location": "/x"}),), "refused"),
    Fault("stream cut in the words", (READ, Reply(WORDS, cut_after=2)), "cut", STREAM),
    Fault("stream cut at once", (Reply(WORDS, cut_after=0),), "cut", STREAM),
    Fault("stream cut in a tool call", (Reply(calls=[CALL], cut_after=2),), "cut", STREAM),
    Fault("ends without a reason", (READ, Reply(WORDS, finish="")), "cut"),
    Fault("broken off at its length", (READ, Reply(WORDS, finish="length")), "cut"),
    Fault("kept back by a filter", (READ, Reply("", finish="content_filter")), "refused"),
    Fault("not JSON", (Reply(raw=b"<html>hello</html>"),), "unreadable", WHOLE),
    Fault("an empty body", (Reply(raw=b""),), "unreadable", WHOLE),
    Fault("no choices", (NO_CHOICES,), "unreadable", WHOLE),
    Fault("null choices", (Reply(raw=b'{"choices":null}'),), "unreadable", WHOLE),
    Fault("bytes that are no text", (Reply(raw=b"\xff\xfe\x00data: \x81"),), "unreadable", WHOLE),
    Fault("malformed arguments", (calls("read_message", '{"services": [{]'), GOOD), WORDED),
    Fault("partial arguments", (calls("read_message", HALF), GOOD), WORDED),
    Fault("arguments that are a list", (calls("read_message", "[1, 2]"), GOOD), WORDED),
    Fault("a call broken off", (Reply(calls=[CALL], finish="length"), GOOD), WORDED),
    Fault("one call whole, one not", (Reply(calls=UNSURE), GOOD), WORDED),
    Fault("an unknown tool", (calls("send_mail", {"to": "x"}), READ, GOOD), WORDED),
    Fault("wrong types", (calls("read_message", {"services": "many"}), READ, GOOD), WORDED),
    Fault("arguments missing", (calls("count_units", {}), READ, GOOD), WORDED),
    Fault("impossible arguments", (calls("count_units", HUGE), READ, GOOD), WORDED),
    Fault("an unknown argument", (calls("read_message", OTHER_ARGUMENT), GOOD), WORDED),
    Fault("tools for ever", (Reply(calls=[COUNT]),), "empty"),
    Fault("many calls at once", (Reply(calls=[COUNT] * 50), READ, GOOD), WORDED),
    Fault("never calls a tool", (GOOD,), WORDED),
    Fault("says nothing", (READ, Reply("")), "empty"),
    Fault("says spaces", (READ, Reply(" \n\n ")), "empty"),
    Fault("repeats itself", (READ, Reply(f"{WORDS}\n\n" * 30)), "unsupported"),
    Fault("floods", (READ, Reply("and-so-on-and-so-forth " * 8_000)), "too_much", STREAM),
    Fault("floods, unstreamed", (READ, Reply("so " * 60_000)), "too_much", WHOLE),
    Fault("speaks Spanish", (READ, Reply("Facture dos unidades de terapia hoy.")), "unsupported"),
    Fault("speaks Chinese", (READ, Reply("请开两个单位。")), "unsupported"),
    Fault("answers in JSON", (READ, Reply('{"answer": "two units"}')), "unsupported"),
    Fault("answers in code", (READ, Reply("```python\nunits = 2\n```")), "unsupported"),
    Fault("lies once, then not", (READ, Reply("Bill 97530 × 3."), GOOD), WORDED),
    Fault("lies twice", (READ, Reply("Bill 97530 × 3.")), "unsupported"),
    Fault("an unknown slot", (READ, Reply("Bill {{everything}}.")), "unsupported"),
    Fault("counts no tokens", (READ, Reply(WORDS, usage=False)), WORDED),
    Fault("the answer's tokens are used up", (READ, GOOD), "budget", settings=FEW_TOKENS),
    Fault("one call allowed", (READ,), "loop", settings=ONE_CALL),
)  # fmt: skip
