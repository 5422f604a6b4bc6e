"""What the consult pages show: states and ages in words, the filter in the address, the marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from web.consults.inbox import BEING_ANSWERED, PAGE, Counts, Filter
from web.consults.letters import Mark
from web.consults.states import Sending, State

STATES = {
    State.RECEIVED: "being read",
    State.DRAFTED: "to review",
    State.HELD: "held",
    State.QUARANTINED: "quarantine",
    State.FAILED: "failed",
    State.APPROVED: "on its way",
    State.ASKED: "asked back",
    State.SENT: "answered",
    State.REJECTED: "rejected",
    State.SET_ASIDE: "set aside",
}
SENDINGS = {
    Sending.PENDING: "goes out soon",
    Sending.SENDING: "is being sent",
    Sending.SENT: "sent",
    Sending.UNKNOWN: "being checked: nobody here saw whether it arrived",
    Sending.REFUSED: "refused by the mail server",
    Sending.FAILED: "not sent",
    Sending.BOUNCED: "came back",
    Sending.WITHDRAWN: "called back",
}
KINDS = {
    "claim": "claim",
    "code_choice": "code choice",
    "guidance": "question on a rule",
    "clarify": "a fact is missing",
    "declined": "not ours to answer",
    "unanswerable": "nothing could be asked",
}
SNOOZES = {
    "1": "for an hour",
    "4": "for four hours",
    "24": "for a day",
    "72": "for three days",
    "168": "for a week",
}
_SEVERITIES = ("error", "warning", "info")


def age(span: timedelta) -> str:
    """How long, in a unit that fits: "4 min", "3 h", "2 days"."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter as the address carries it.

    Attributes:
        mine: the reviewer's own name, for the filter "assigned to me".
    """

    given: Mapping[str, str]
    mine: str

    @property
    def state(self) -> str:
        """The state asked for; "" for all that are not done with."""
        return self.given.get("state", "") if self.given.get("state", "") in set(State) else ""

    @property
    def page(self) -> int:
        """The page, from 0."""
        said = self.given.get("page", "0")
        return min(int(said), 100_000) if said.isascii() and said.isdecimal() else 0

    @property
    def filter(self) -> Filter:
        """What the queue is asked for; what cannot be meant is left out."""
        severity = self.word("severity")
        return Filter(
            states=(State(self.state),) if self.state else (),
            words=self.word("q"),
            overdue=bool(self.given.get("overdue")),
            sender=self.word("sender"),
            payer=self.word("payer"),
            code=self.word("code").upper(),
            severity=severity if severity in _SEVERITIES else "",
            assigned_to={"me": self.mine, "nobody": "-"}.get(self.word("assigned"), ""),
            snoozed=bool(self.given.get("snoozed")),
            newest_first=bool(self.given.get("newest")),
            page=self.page,
        )

    def word(self, name: str) -> str:
        """A field of the form as typed."""
        return self.given.get(name, "").strip()[:200]

    def address(self, **changed: str) -> str:
        """The list's address with some fields changed; another filter starts at its first page."""
        fields = {name: value for name, value in self.given.items() if value and name != "page"}
        told = {name: value for name, value in (fields | changed).items() if value}
        return f"/consults?{urlencode(told)}" if told else "/consults"

    def pages(self, total: int) -> tuple[str, str]:
        """The addresses of the page before and the page after; "" where there is none."""
        before = self.address(page=str(self.page - 1) if self.page > 1 else "")
        after = self.address(page=str(self.page + 1))
        return (before if self.page else "", after if (self.page + 1) * PAGE < total else "")


def tabs(counts: Counts, asked: Asked) -> Iterator[tuple[str, str, int, bool]]:
    """The tabs above the list: name, address, how many, whether it is the one shown."""
    yield (
        "open",
        asked.address(state=""),
        sum(counts.states[s] for s in BEING_ANSWERED),
        not asked.state,
    )
    for state, name in STATES.items():
        here = asked.state == state
        if counts.states[state] or here:
            yield name, asked.address(state=state), counts.states[state], here


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a draft; `why` says what is wrong with it, "" where nothing is."""

    text: str
    why: str = ""


def pieces(body: str, marks: Sequence[Mark]) -> list[Piece]:
    """The body cut at its marks; together the pieces are the body."""
    cut: list[Piece] = []
    at = 0
    for mark in marks:
        if mark.start < at:
            continue
        cut += [Piece(body[at : mark.start]), Piece(body[mark.start : mark.end], mark.why)]
        at = mark.end
    return [piece for piece in (*cut, Piece(body[at:])) if piece.text]
