"""Questions to begin with, four for each kind of person who comes here, as they would ask them."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "Physical therapist": (
        "10 min shoulder pulleys (97110) and 20 min lifting boxes to a shelf (97530), "
        "Medicare, PT today",
        "15 minutes of squats. Which code?",
        "18 min 97110 10:05-10:23, then 15 min 97530 10:25-10:40, by the PTA, Medicare",
        "What documentation does 97530 need?",
    ),
    "Occupational therapist": (
        "OT: standing balance while folding towels 15 min, one-handed dressing training 15 min",
        "OT: 30 min 97535 dressing and 15 min 97110, Aetna",
        "COTA did 23 of 38 minutes of 97530, Medicare: CO?",
        "OT evaluation of moderate complexity, Medicare",
    ),
    "Speech-language pathologist": (
        "SLP: 45 min treating aphasia (92507), Medicare",
        "SLP: 92526 and 92507 on the same day, Medicare",
        "How often is a progress report due?",
        "What does 92507 need in the note?",
    ),
    "Biller": (
        "12 min 97530, 9 min 97140 and 9 min 97116, Medicare, PT today",
        "15 min 97140 to the neck and 15 min 97530, Medicare, PT, 2019-06-03. Is a 59 needed?",
        "PT patient at $2,400 this year, today's visit allows $95: 30 min of 97110. KX?",
        "Can I bill 97110 and 97530 on the same day? Do I need 59?",
    ),
}
