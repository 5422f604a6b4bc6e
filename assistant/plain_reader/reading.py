"""What one message says was done, before the conversation is taken into account."""

from __future__ import annotations

from copy import copy as shallow
from dataclasses import dataclass, field, fields

from assistant.claim import Block, Clinician, Service


@dataclass(frozen=True, slots=True)
class Activity:
    """Something done that no code was named for, in the user's words."""

    text: str
    minutes: int | None = None
    by: Clinician = Clinician.THERAPIST
    block: Block | None = None


@dataclass(frozen=True, slots=True)
class SharedName:
    """A name that several codes share, in the user's words and with the words around it."""

    codes: tuple[str, ...]
    words: str
    around: str = ""
    minutes: int | None = None
    by: Clinician = Clinician.THERAPIST


@dataclass(frozen=True, slots=True)
class Subset:
    """«of which the PTA did 10»: minutes within those told; None is half of them.

    Attributes:
        by: None where nobody treated: «10 of those were rest».
        whole: the minutes they are a part of, where the words say.
        at: where in the message they are told.
    """

    by: Clinician | None
    minutes: int | None
    code: str = ""
    whole: int | None = None
    at: int = -1


@dataclass(slots=True)
class Reading:
    """What one message says was done.

    Attributes:
        services: with a code each; `minutes` may be None.
        claimed: units that the writer bills or means to bill: code to units, "" for the visit.
        stated_total: the timed minutes that the writer adds up to, where said.
        by_everyone: who gave the whole visit, where a sentence of its own says it.
        writer: who «I» is.
        givers: «the PTA did the 97140»: who gave a code that has no minutes here.
        unplaced: numbers that may be minutes and belong to nothing, with the words around them.
        all_but: who gave everything, who the codes named behind «except».
        assumed: what is taken of whose minutes these are, in a sentence to show.
    """

    services: list[Service] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    choices: list[SharedName] = field(default_factory=list)
    unknown_codes: list[str] = field(default_factory=list)
    claimed: dict[str, int] = field(default_factory=dict)
    loose_minutes: list[int] = field(default_factory=list)
    unbilled_minutes: list[tuple[int, str]] = field(default_factory=list)
    stated_total: int | None = None
    treatment_total: int | None = None
    by_everyone: Clinician | None = None
    writer: Clinician = Clinician.THERAPIST
    subsets: list[Subset] = field(default_factory=list)
    givers: dict[str, Clinician] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)
    all_but: tuple[Clinician, Clinician, tuple[str, ...]] | None = None
    assumed: list[str] = field(default_factory=list)

    @property
    def is_timed(self) -> bool:
        """Whether any minutes are told of what was done, or stand alone."""
        told = [s.minutes for s in self.services] + [a.minutes for a in self.activities]
        told += [c.minutes for c in self.choices]
        return bool(self.loose_minutes) or any(minutes is not None for minutes in told)

    def copy(self) -> Reading:
        """The same, with lists of its own."""
        twin = shallow(self)
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, list | dict):
                setattr(twin, one.name, value.copy())
        return twin
