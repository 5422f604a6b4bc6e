"""How long masking takes: a typical message, a long note, and texts made to be slow."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from assistant.privacy import mask
from benchmarks.masking.notes import SEED, notes

LONG_NOTE, HUGE = 20_000, 100_000  # characters
TIMES = 20
# Each is repeated; a pattern that looks at a stretch again and again would take minutes.
_SLOW = (
    "a", "1", " ", "-", "(", "\n", "é", "Aa ", "AB ", "a ", "A. ", "1 ", "1.1.", "5-", "1:", "ab:",
    "x@", "x.", "Ab Cd, ", "Ab-Cd ", "97110 ", "$1 ", "15 min ", "10:05-", "DOB ", "mr. ", "pt ",
    "Patient A ", "Lives in Aa ", "12 Aa ", "12 Aa St ", "fell at home ", "surgery on the ",
    "MRN: ", "Name: ", "margaret ", "Maria, ", "Maria and ", "thanks\n\n\n", "ext. ", "January ",
    "member id # ", "www.", "[name] ", "O'Aa-", "1/1/", "wife ", "and ", "born on ", "A1B2-",
)  # fmt: skip


def speeds() -> Iterator[str]:
    """Lines of the report; processor time, since other work on the machine is not ours."""
    some = [note.text for note in notes(300, SEED)]
    short = sorted(text for text in some if len(text) < 300)
    yield _line("a message of up to 300 characters", [_taken(text) for text in short])
    long = "\n\n".join(some)
    pieces = [long[at * 1_000 : at * 1_000 + LONG_NOTE] for at in range(TIMES)]
    yield _line("a note of 20,000 characters", [_taken(text) for text in pieces])
    slowest = max(((_taken(_repeated(part)), part) for part in _SLOW), key=lambda pair: pair[0])
    yield f"the slowest of {len(_SLOW)} texts of 100 kB: {slowest[0] / 1000:.2f} s ({slowest[1]!r})"


def _line(what: str, taken: list[float]) -> str:
    p95 = statistics.quantiles(taken, n=20)[18]
    return f"{what}, ms: p50 {statistics.median(taken):.1f}, p95 {p95:.1f} ({len(taken)})"


def _repeated(part: str) -> str:
    return (part * (HUGE // len(part) + 1))[:HUGE]


def _taken(text: str) -> float:
    started = time.thread_time()
    mask(text)
    return (time.thread_time() - started) * 1000
