"""The note check's page: paste a note, see what it shows and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from assistant.answering import Assistant
from assistant.errors import CodingError
from assistant.evidence import Finding
from assistant.rules.documentation import EVERY_VISIT, NoteReview, Shown
from web import access
from web.codes.pairs import found_in
from web.notes.marking import Stretch, stretches
from web.parts import parts
from web.rendering import templates

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])

LONGEST_NOTE = 40_000  # characters


@dataclass(frozen=True, slots=True)
class Group:
    """What one code, or every visit, needs of the note."""

    code: str
    label: str
    conditions: tuple[Shown, ...]
    good_practice: tuple[Shown, ...]

    @property
    def missing(self) -> int:
        """Conditions that the note does not show."""
        return sum(1 for shown in self.conditions if shown.quote is None)


@dataclass(frozen=True, slots=True)
class Checked:
    """A note held against its codes, ready to be shown; identifiers are masked in it."""

    review: NoteReview
    groups: tuple[Group, ...]
    stretches: tuple[Stretch, ...]
    findings: tuple[Finding, ...]
    masked: tuple[str, ...]

    @property
    def pairs(self) -> list[dict[str, Any]]:
        """What makes two codes of the day defensible beside each other."""
        return [pair.to_dict() for pair in self.review.pairs]


@router.get("/notes")
def blank(request: Request) -> Response:
    """The form."""
    return _page(request)


@router.post("/notes")
def check(
    request: Request,
    note: Annotated[str, Form()] = "",
    codes: Annotated[str, Form()] = "",
    on: Annotated[str, Form()] = "",
) -> Response:
    """The note held against its codes. Nothing of it is kept."""
    try:
        day = date.fromisoformat(on) if on.strip() else date.today()
        found = checked(parts(request).assistant, note[: LONGEST_NOTE + 1], codes, day)
    except ValueError:
        return _page(request, note=note, codes=codes, on=on, error="Give the day as 2026-11-21.")
    except CodingError as error:
        return _page(request, note=note, codes=codes, on=on, error=str(error))
    return _page(request, note=note, codes=codes, on=day.isoformat(), found=found)


def checked(assistant: Assistant, note: str, codes: str, day: date) -> Checked:
    """The note's review.

    Raises:
        CodingError: the note is empty or too long, or a code is not held; says what to do.
    """
    masked = assistant.mask(note.replace("\r\n", "\n"))
    ruling = assistant.tools.review_note(masked.text, found_in(codes), day)
    return Checked(
        ruling.result,
        tuple(_groups(assistant, ruling.result)),
        tuple(stretches(masked.text, ruling.result)),
        ruling.findings,
        masked.found,
    )


def _groups(assistant: Assistant, review: NoteReview) -> list[Group]:
    held = assistant.knowledge.codes
    groups = []
    for code in (EVERY_VISIT, *review.codes):
        own = [shown for shown in review.elements if shown.code == code]
        label = "Every treatment day" if code == EVERY_VISIT else held[code].label
        groups.append(
            Group(
                "" if code == EVERY_VISIT else code,
                label,
                tuple(shown for shown in own if shown.is_condition),
                tuple(shown for shown in own if not shown.is_condition),
            )
        )
    return groups


def _page(
    request: Request,
    *,
    note: str = "",
    codes: str = "",
    on: str = "",
    error: str = "",
    found: Checked | None = None,
) -> Response:
    page: dict[str, Any] = {
        "note": note,
        "codes": codes,
        "on": on or date.today().isoformat(),
        "error": error,
        "found": found,
    }
    fragment = request.headers.get("hx-target") == "checked"
    name = "notes/checked.html" if fragment else "notes/page.html"
    status = 422 if error and not fragment else 200
    return templates.TemplateResponse(request, name, page, status_code=status)
