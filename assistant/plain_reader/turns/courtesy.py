"""«ok thanks», «hi, quick question»: messages that tell nothing and ask nothing yet."""

from __future__ import annotations

import re

from assistant.patterns import regex

_WORD = regex(r"[a-z']+", re.I)
_THANKS_WORDS = (
    "ok okay k kk thanks thank thx ty you very so much great perfect cool nice awesome super good "
    "fine alright all set done right sure yes yep yeah yup ya correct exactly got it gotcha i see "
    "makes sense that that's thats is understood understand will do sounds to know no problem np "
    "bye cheers appreciate please then for the your help again and oh ah lol haha helpful now "
    "works me amazing wow hmm have a day one everything i'm im quick"
)
_THANKS = frozenset(_THANKS_WORDS.split())
_TELLING = frozenset(("no", "all", "me", "one", "everything", "day", "set"))  # alone they tell
_GREETS_WORDS = (
    "hi hello hey good morning afternoon evening there howdy hiya greetings how are you help me "
    "please i i'm im need have got a an quick q question questions about on with the my this some "
    "visit claim patient pt billing coding can could you us would like to ask is anyone ok okay so "
    "today thanks today's"
)
_GREETS = frozenset(_GREETS_WORDS.split())


def is_courtesy(text: str) -> bool:
    """Whether a message only thanks, agrees or takes leave."""
    words = [w.lower() for w in _WORD.findall(text)]
    small = all(w in _THANKS for w in words) and not re.search(r"\d", text)
    return bool(words) and small and not set(words) <= _TELLING


_GREETING_WORDS = (
    "hi hello hey howdy hiya greetings morning afternoon evening question questions q help ask"
)
_GREETING = frozenset(_GREETING_WORDS.split())
_HAS_A_PATIENT = regex(
    r"^\W*(?:(?:hi|hey|hello|ok|so)\W+)*(?:i|we)(?:'ve|'m)?\s+"
    r"(?:have|had|got|saw|see|seeing|am seeing|just saw)\s+(?:a|an|this|one|my)\s+"
    r"(?:[\w-]+\s+){0,3}?(?:pt|patient|client)\b[^?\d]*$",
    re.I,
)
LONGEST = 14  # words that only present a patient


def presents_a_patient(text: str) -> bool:
    """Whether a message says whom it will be about, «I have a Medicare pt with knee OA»."""
    return len(text.split()) <= LONGEST and bool(_HAS_A_PATIENT.match(text))


def is_opening(text: str) -> bool:
    """Whether a message only greets or says that a question will come."""
    words = [w.lower() for w in _WORD.findall(text)]
    small = all(w in _GREETS or w in _THANKS for w in words)
    return bool(set(words) & _GREETING) and small and not re.search(r"\d", text)
