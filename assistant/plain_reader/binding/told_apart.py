"""«Practiced lifting crates. 15 minutes, PT»: what was done and its time in two sentences."""

from __future__ import annotations

from collections.abc import Callable

from assistant.claim import Clinician
from assistant.plain_reader.asked.intent import asks_for_a_code, is_question
from assistant.plain_reader.binding import leftover
from assistant.plain_reader.mentions import minutes as minutes_reader
from assistant.plain_reader.reading import Activity, Reading
from assistant.plain_reader.words.text import sentences


def fill(text: str, found: Reading, is_activity: Callable[[str], bool]) -> None:
    """Give the one time of a message to what its other sentences say was done."""
    told = found.services or found.activities or found.choices or found.unknown_codes
    if told or len(found.loose_minutes) != 1 or found.claimed:
        return
    if is_question(text) and not asks_for_a_code(text):
        return
    words = _done(text, is_activity)
    if words:
        by = found.by_everyone or Clinician.THERAPIST
        found.activities.append(Activity(words, found.loose_minutes.pop(), by))


def _done(text: str, is_activity: Callable[[str], bool]) -> str:
    """From the first sentence that names something done to the last, without the time."""
    times = [t for t in minutes_reader.find(text) if t.sure]
    spans = [
        (a, b)
        for a, b in sentences(text)
        if is_activity(leftover.words(text, a, b, [t for t in times if a <= t.start < b]))
    ]
    if not spans:
        return ""
    start, end = spans[0][0], spans[-1][1]
    return leftover.words(text, start, end, [t for t in times if start <= t.start < end])
