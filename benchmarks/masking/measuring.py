"""Recall by kind and precision of a masker on labelled notes, and what it takes from clean ones."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from benchmarks.masking.notes import Label, Note

Finder = Callable[[str], list[tuple[int, int]]]  # where something is masked


@dataclass
class Measured:
    """What a masker did; `missed`, `wrong` and `harmed` keep examples."""

    held: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    elsewhere: Counter[str] = field(default_factory=Counter)
    elsewhere_hidden: Counter[str] = field(default_factory=Counter)
    masked: int = 0
    right: int = 0
    harmed: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Percent of all identifiers of which nothing is left."""
        return 100 * sum(self.hidden.values()) / max(1, sum(self.held.values()))

    @property
    def precision(self) -> float:
        """Percent of what was masked that touches an identifier."""
        return 100 * self.right / max(1, self.masked)

    @property
    def latency(self) -> tuple[float, float]:
        """Processor milliseconds a note, median and 95th percentile."""
        cuts = statistics.quantiles(self.milliseconds, n=20)
        return statistics.median(self.milliseconds), cuts[18]


def measure(finder: Finder, notes: Iterable[Note]) -> Measured:
    """Mask every note and compare with its labels."""
    result = Measured()
    for note in notes:
        started = time.thread_time()
        spans = finder(note.text)
        result.milliseconds.append((time.thread_time() - started) * 1000)
        _compare(note, spans, result)
    return result


def _compare(note: Note, spans: list[tuple[int, int]], result: Measured) -> None:
    gone = [False] * len(note.text)
    for start, end in spans:
        gone[start:end] = [True] * (end - start)
    for label in note.labels:
        whole = _is_gone(note.text, gone, label)
        result.held[label.kind] += 1
        result.hidden[label.kind] += whole
        if not label.known:
            result.elsewhere[label.kind] += 1
            result.elsewhere_hidden[label.kind] += whole
        if not whole:
            result.missed.append(
                (label.kind, note.text[label.start : label.end], _near(note, label))
            )
    for start, end in spans:
        right = any(n.start < end and start < n.end for n in note.labels)
        result.masked += 1
        result.right += right
        if not right:
            result.wrong.append((note.text[start:end], note.text[max(0, start - 40) : end + 30]))
    for start, end in note.stays:
        if any(gone[start:end]):
            result.harmed.append((note.text[start:end], note.text[max(0, start - 40) : end + 30]))


def _is_gone(text: str, gone: list[bool], label: Label) -> bool:
    return all(
        g or not text[i].isalnum() for i, g in enumerate(gone[label.start : label.end], label.start)
    )


def _near(note: Note, label: Label) -> str:
    return note.text[max(0, label.start - 40) : label.end + 30].replace("\n", "⏎")
