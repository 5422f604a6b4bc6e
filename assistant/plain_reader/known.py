"""What a conversation has told so far, after one of its messages."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.claim import Clinician, CountingRule, Discipline, Service, Setting
from assistant.plain_reader.mentions import context
from assistant.plain_reader.mentions.days import NamedDate
from assistant.plain_reader.mentions.localities import NamedLocality
from assistant.plain_reader.mentions.payers_named import NamedPayer
from assistant.plain_reader.reading import Activity, SharedName

_OF_A_CLAIM = (
    "services", "activities", "choices", "payer", "rule", "day", "discipline", "setting",
    "separate", "dollars", "tie_choice", "tie_option",
)  # fmt: skip


@dataclass(slots=True)
class Facts:
    """What is known after the last message.

    Attributes:
        codes: the codes that the last message names, with or without minutes.
        topic: the last message that named a code, for «what about 2019?».
        focus: the codes that the last message to name any spoke of, for «the PTA did that».
        replies: later messages without services of their own, for what an activity left open.
        modifiers: modifiers that the last message names.
        written: code to the modifiers that the writer puts on it.
        new_services: whether the last message itself brought or changed services.
        tie_option: which of the offered ways to bill a tie is chosen, from 1; 0 for none.
        rule_question: the last message, where it asks about a rule and tells nothing of a visit.
        asked: what a short follow-up to such a question asks in full: «and GO?»; "" for others.
        question_before: the rule question that the message before asked, in full.
        giver: who else than the therapist the last message says gave a part.
        writer: who an earlier message says writes, «OTA»; "" where nobody is said to.
        unplaced: numbers of the visit that may be minutes and belong to nothing, as written.
        helper_unplaced: whether the last message names who else treated, and not what they gave.
        students_own: whether a student's minutes count as the therapist's own service.
        previous: what was known before the last message, for «undo that».
        said: the last message, as read; before_said: what was known before it.
        refused: whether the last message is unclear or says what cannot be: it counts for nothing.
        joined: the last messages as one, where each is a bit of a visit still to be told.
        assumed: what is taken of whose minutes were told, in sentences to show.
        anothers: codes that the last message says another discipline gave.
    """

    services: list[Service] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    choices: list[SharedName] = field(default_factory=list)
    codes: tuple[str, ...] = ()
    topic: str = ""
    focus: tuple[str, ...] = ()
    unknown_codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)
    payer: NamedPayer | None = None
    rule: CountingRule | None = None
    day: NamedDate | None = None
    discipline: Discipline | None = None
    setting: Setting | None = None
    separate: bool | None = None
    locality: NamedLocality | None = None
    dollars: context.Dollars = field(default_factory=context.Dollars)
    claimed: dict[str, int] = field(default_factory=dict)
    treatment_total: int | None = None
    stated_total: int | None = None
    loose_minutes: list[int] = field(default_factory=list)
    unbilled_minutes: list[tuple[int, str]] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    tie_choice: tuple[str, ...] = ()
    tie_option: int = 0
    new_services: bool = False
    rule_question: str = ""
    asked: str = ""
    question_before: str = ""
    giver: Clinician | None = None
    writer: str = ""
    unplaced: list[str] = field(default_factory=list)
    helper_unplaced: bool = False
    students_own: bool = False
    assumed: tuple[str, ...] = ()
    previous: Facts | None = field(default=None, compare=False, repr=False)
    refused: bool = field(default=False, compare=False)
    joined: str = ""
    anothers: tuple[str, ...] = ()
    said: str = field(default="", compare=False, repr=False)
    before_said: Facts | None = field(default=None, compare=False, repr=False)

    @property
    def tells_a_visit(self) -> bool:
        """Whether anything is told that was done."""
        return bool(self.services or self.activities)

    @property
    def has_minutes(self) -> bool:
        """Whether minutes of any code, or of anything done, are told."""
        told = [s.minutes for s in self.services] + [a.minutes for a in self.activities]
        return any(minutes is not None for minutes in told)

    def differs_from(self, other: Facts) -> bool:
        """Whether they do not make the same claim."""
        return any(getattr(self, name) != getattr(other, name) for name in _OF_A_CLAIM)
