"""Questions to begin with, as the two kinds of people who come here ask them."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "For therapists": (
        "10 min shoulder pulleys (97110) and 20 min lifting boxes to a shelf (97530), "
        "Medicare, PT today",
        "15 minutes of squats. Which code?",
        "OT: standing balance while folding towels 15 min, one-handed dressing training 15 min",
        "What documentation does 97530 need?",
    ),
    "For billers": (
        "12 min 97530, 9 min 97140 and 9 min 97116, Medicare, PT today",
        "15 min 97140 to the neck and 15 min 97530, Medicare, PT, 2019-06-03. Is a 59 needed?",
        "PT patient at $2,400 this year, today's visit allows $95: 30 min of 97110. KX?",
        "Can I bill 97110 and 97530 on the same day? Do I need 59?",
    ),
}
