"""What a search found before it was weighed, and what one may ask it to leave out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.evidence import Authority
from assistant.library.nouns import Passage

SEVERAL = 3  # ways of asking that must agree, so that one chance likeness counts less


@dataclass(frozen=True, slots=True)
class Only:
    """What a passage must be to be found at all; an empty field asks for nothing.

    Attributes:
        codes: it is about one of these.
        payers: it names one of these.
        authorities: one of these speaks.
        on: it is in force on that date of service, as far as it says.
    """

    codes: tuple[str, ...] = ()
    payers: tuple[str, ...] = ()
    authorities: tuple[Authority, ...] = ()
    on: date | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves out more than what is not in force."""
        return bool(self.codes or self.payers or self.authorities)

    def admits(self, passage: Passage) -> bool:
        """Whether a passage is all that was asked, its date apart."""
        return (
            (not self.codes or not set(self.codes).isdisjoint(passage.codes))
            and (not self.payers or not set(self.payers).isdisjoint(passage.payers))
            and (not self.authorities or passage.authority in self.authorities)
        )


@dataclass(frozen=True, slots=True)
class Near:
    """How near passages are by meaning.

    Attributes:
        best: cosine of each passage's nearest entry.
        several: mean cosine of its three nearest entries; those not returned count as the last.
        ours: mean cosine of the five nearest entries, whatever passages they stand for.
    """

    best: Mapping[str, float]
    several: Mapping[str, float]
    ours: float


_OURS = 5


def near_of(entries: Sequence[tuple[str, float]], most: int) -> Near:
    """What the nearest entries, each a passage's id and a cosine, say about the nearest passages.

    Args:
        entries: the nearest first.
        most: how many passages are kept.
    """
    held: dict[str, list[float]] = {}
    for key, cosine in entries:
        if key in held or len(held) < most:
            held.setdefault(key, []).append(cosine)
    last = entries[-1][1] if entries else 0.0
    first = [cosine for _, cosine in entries[:_OURS]]
    return Near(
        best={key: cosines[0] for key, cosines in held.items()},
        several={key: _mean_of_several(cosines, last) for key, cosines in held.items()},
        ours=sum(first) / len(first) if first else 0.0,
    )


def _mean_of_several(cosines: Sequence[float], last: float) -> float:
    chosen = cosines[:SEVERAL]
    return (sum(chosen) + last * (SEVERAL - len(chosen))) / SEVERAL


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found before it was weighed, by passage id.

    Attributes:
        near: by meaning; None without a search by meaning.
        lexical: BM25 score.
        alike: likeness to a way of asking, of passages that list some.
        shares: share of the question's words in the passage, rare ones counting more.
        unknown: share of the question's words that no passage holds.
        theirs: cosine of the nearest questions of other fields, and the mean of three.
    """

    near: Near | None
    lexical: Mapping[str, float]
    alike: Mapping[str, float] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)
    unknown: float = 0.0
    theirs: tuple[float, float] = (0.0, 0.0)

    @property
    def keys(self) -> set[str]:
        """All passages found."""
        return {*self.lexical, *(self.near.best if self.near else ())}

    def within(self, keys: Iterable[str]) -> Found:
        """The same of these passages alone."""
        held = set(keys)

        def of(scores: Mapping[str, float]) -> dict[str, float]:
            return {key: score for key, score in scores.items() if key in held}

        near = self.near and Near(of(self.near.best), of(self.near.several), self.near.ours)
        return Found(
            near, of(self.lexical), of(self.alike), of(self.shares), self.unknown, self.theirs
        )
