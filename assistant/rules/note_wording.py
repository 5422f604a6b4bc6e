"""Words in a note that an auditor would hold against a billed code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from assistant.errors import NotInForce
from assistant.evidence import Finding, Severity
from assistant.rules.audited import Audit
from assistant.rules.note import Quote

EXERCISE = (
    r"(?<![\d.])[1-9]\d?\s*(?:x|sets?\s*(?:of|x))\s*\d{1,3}\b",
    r"\b(?:reps?|repetitions?|sets)\b",
    r"\bmmt\b|\bmanual muscle\b",
    r"\b(?:strengthen\w*|thera-?band|resistance band|dumbbells?|leg press|stretch\w*)\b",
)
DEFICIT = (
    *EXERCISE,
    r"\b(?:strength|weak\w*|endurance|flexibility|rom|range|aerobic|ergometer|bike|resist\w*)\b",
    r"\b[1-5][+-]?/5\b|\bdegrees?\b|°",
)
TASK = (
    r"\b(?:lift(?:ed|ing|s)?|carr(?:y|ied|ying)|transfer\w*|sit[- ]to[- ]stand|bed mobility)\b",
    r"\b(?:squat\w* to|floor (?:to|retriev)\w*|overhead reach\w*|reach(?:ed|ing)? (?:to|for|into))",
    r"\b(?:box(?:es)?|shel(?:f|ves)|groceries|laundry|kitchen|toilet|tub|car|bed|stairs|steps)\b",
    r"\b(?:work|job|sport)[- ](?:simulat\w+|specific|task\w*)\b",
)
INSTRUCTION = (
    r"\b(?:educat\w+|instruct\w+|explain\w+|discuss\w+|handouts?|demonstrat\w+|taught)\b",
    r"\breview(?:ed|ing) (?:the )?(?:hep|home|program\w*|exercise\w*|body mechanics|technique)\b",
)
PERFORMANCE = (
    r"\b(?:perform|practi[cs]|complet|lift|carri|transferr|reach|push|pull|simulat)ed\b",
    r"\b(?:lift|carry|transferr|reach|push|pull)ing\b[^\n.;]{0,40}(?:\d|\b(?:cues?|assist\w*)\b)",
    r"\breturn(?:ed)? demonstrat\w+|\b(?:pt|patient|client|s?he)\s+(?:\w+\s+)?demonstrat\w+",
    r"\b(?:pt|patient|client|s?he) (?:was able|able|performs?|practi[cs]es|stood)\b",
    r"\b(?:min|mod|max|contact[- ]guard|stand-?by)\.? (?:assist\w*|a)\b|\b(?:cga|sba)\b",
)
ASSISTANT = (
    r"(?<!to admission \()\b(?:PTA|COTA|OTA)\b(?:/L)?(?![ \t]*(?:meds|medications|level|status))",
    r"\b(?:physical therap(?:ist|y)|occupational therapy) assistant\b",
)
NEED = (r"\bmedical(?:ly)? necess\w+|\bskilled\b[^\n.]{0,80}\b(?:need|necess|requir)\w*|\bkx\b",)
GROUP = (
    r"(?<!muscle )\bgroup (?:of|session|therapy|class|exercise|treatment)\b|\bin a group\b",
    r"\b(?:two|three|2|3|several|another|other) (?:patients|clients|pts|patient|client)\b",
    r"\bconcurrent(?:ly)?\b",
)
NOT_SKILLED = (r"\b(?:aide|rehab tech|technician|pt tech)\b", r"\bacross the (?:room|gym)\b")
STUDENT = (r"\b(?:SPT|SPTA|OTS)\b|\bstudent\b",)
ACTIVITIES = (
    r"squats?\b",
    r"sit[- ]to[- ]stands?\b",
    r"step[- ]?ups?\b",
    r"stairs?\b",
    r"treadmill\b",
    r"pulleys?\b",
    r"dressing\b",
    r"towel\w* fold\w*|fold\w* towels?\b",
    r"box(?:es)? lift\w*|lift\w* box(?:es)?\b",
    r"balance (?:board|beam)\b",
)


def exercise_under_task_code(audit: Audit) -> Iterator[Finding]:
    """Sets, repetitions or muscle grades under 97530."""
    quote = _own_quote(audit, "97530", EXERCISE)
    if quote is None:
        return
    task = _own_quote(audit, "97530", TASK)
    yield Finding(
        "note-exercise-language-97530",
        Severity.INFO if task else Severity.WARNING,
        f'97530 is described as exercise: "{quote.text}". '
        + (
            "The task is named too; say that the task, not the muscle, was the aim."
            if task
            else "Name the task that was practiced; if strength or range was the aim, it is 97110."
        ),
        "97530",
        "audit-exercise-or-task",
    )


def task_under_exercise_code(audit: Audit) -> Iterator[Finding]:
    """A functional task under 97110 and no deficit that it treats."""
    quote = _own_quote(audit, "97110", TASK)
    if quote is not None and _own_quote(audit, "97110", DEFICIT) is None:
        yield Finding(
            "note-task-language-97110",
            Severity.WARNING,
            f'97110 is described as a task: "{quote.text}". Name the deficit in strength, range, '
            "endurance or flexibility; if the task was the aim, it is 97530.",
            "97110",
            "audit-exercise-or-task",
        )


def instruction_only(audit: Audit) -> Iterator[Finding]:
    """97530 in which the patient is taught and does nothing."""
    quote = _own_quote(audit, "97530", INSTRUCTION)
    if quote is not None and _own_quote(audit, "97530", PERFORMANCE) is None:
        yield Finding(
            "note-instruction-only-97530",
            Severity.WARNING,
            f'97530 shows teaching and no activity of the patient: "{quote.text}". Instruction '
            "alone is not this code; say what the patient did.",
            "97530",
            "scope-97530-not-instruction",
        )


def one_activity_under_two_codes(audit: Audit) -> Iterator[Finding]:
    """The same activity in the parts of two codes."""
    for one, other in combinations(audit.one_to_one, 2):
        for activity in ACTIVITIES:
            first = _own_quote(audit, one, (activity,))
            second = _own_quote(audit, other, (activity,))
            if first and second and first.start != second.start:
                yield Finding(
                    f"note-one-activity-{one}-{other}",
                    Severity.WARNING,
                    f'{one} ("{first.text}") and {other} ("{second.text}") may be one activity; '
                    "show separate minutes and a different aim, or bill the one it served.",
                    other,
                    "audit-one-activity-once",
                )
                break


def same_text_every_visit(audit: Audit) -> Iterator[Finding]:
    """97530 in the same words as at the visit before."""
    if "97530" not in audit.codes or not audit.earlier:
        return
    words = _words(audit.note.own("97530"))
    if words and all(_words(note.own("97530")) == words for note in audit.earlier):
        yield Finding(
            "note-same-text-97530",
            Severity.WARNING,
            "97530 has the same words as at the earlier visits; say what changed, or why the same "
            "work is still needed.",
            "97530",
            "audit-same-text",
        )


def assistant_without_modifier(audit: Audit) -> Iterator[Finding]:
    """An assistant in the note and no CQ or CO on the claim, or the reverse."""
    if not _assistants_are_marked(audit):
        return
    quote, marked = audit.note.quote(audit.note.readable, ASSISTANT), audit.modifiers("CQ", "CO")
    if quote and not marked:
        yield Finding(
            "note-assistant-without-modifier",
            Severity.WARNING,
            f'The note names an assistant ("{quote.text}") and no line carries CQ or CO. '
            "It belongs on each service of which the assistant alone gave more than a tenth.",
            statement="audit-assistant-modifier",
        )
    if marked and not quote:
        yield Finding(
            "note-modifier-without-assistant",
            Severity.WARNING,
            "A line carries CQ or CO and the note names no assistant; everyone who treated is "
            "named in the note.",
            statement="audit-assistant-modifier",
        )


def _assistants_are_marked(audit: Audit) -> bool:
    try:
        required = audit.knowledge.dated("medicare/assistant_modifiers_required", on=audit.on)
    except NotInForce:
        return False
    return bool(required.value)


def threshold_without_need(audit: Audit) -> Iterator[Finding]:
    """KX on a line and no word on why skilled care is still needed."""
    if audit.modifiers("KX") and audit.note.quote(audit.note.readable, NEED) is None:
        yield Finding(
            "note-kx-without-need",
            Severity.WARNING,
            "A line carries KX and the note does not say why skilled therapy beyond the threshold "
            "is medically necessary.",
            statement="audit-kx-need",
        )


def not_one_to_one(audit: Audit) -> Iterator[Finding]:
    """A one-to-one code and words of several patients, an aide, a student or distance."""
    if not audit.one_to_one:
        return
    for slug, statement, cues, mend in (
        (
            "group",
            "one-to-one-one-patient",
            GROUP,
            "one-to-one codes take one patient at a time; a group is 97150.",
        ),
        (
            "not-skilled",
            "aide-not-billable",
            NOT_SKILLED,
            "minutes of aides and minutes out of reach do not count.",
        ),
        (
            "student",
            "student-therapist-service",
            STUDENT,
            "only the therapist's own service counts; say who led and decided.",
        ),
    ):
        quote = audit.note.quote(audit.note.readable, cues)
        if quote and not (slug == "group" and "97150" in audit.codes):
            yield Finding(
                f"note-{slug}",
                Severity.WARNING,
                f'"{quote.text}": {mend}',
                statement=statement,
            )


def open_placeholders(audit: Audit) -> Iterator[Finding]:
    """Brackets of a template that nobody filled in."""
    if audit.note.placeholders:
        yield Finding(
            "note-open-placeholders",
            Severity.WARNING,
            f"The note still has unfilled brackets, such as {audit.note.placeholders[0]}.",
        )


def _own_quote(audit: Audit, code: str, cues: tuple[str, ...]) -> Quote | None:
    """The first words in the code's own parts, where it is billed and has some."""
    return audit.note.quote(audit.note.own(code), cues) if code in audit.codes else None


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


TESTS = (
    exercise_under_task_code,
    task_under_exercise_code,
    instruction_only,
    one_activity_under_two_codes,
    same_text_every_visit,
    assistant_without_modifier,
    threshold_without_need,
    not_one_to_one,
    open_placeholders,
)
