"""A letter's text as what the assistant is asked: visits together, other questions apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering import Assistant
from assistant.knowledge import Knowledge
from web.consults.letters import Letter

LONGEST = 15_000  # characters asked at once
MOST_QUESTIONS = 6

_GREETING = re.compile(
    r"(?i)\A\s*(?:hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening|day)"
    r"|to whom it may concern)\b[^\n.?!,:;0-9]{0,50}(?:[,!:;.–-]+|\n|\Z)\s*"
)
_CLOSING = re.compile(
    r"(?im)^\s*(?:(?:many |kind |best |warm |with )?(?:thanks|thank you|regards|wishes|thx|cheers)"
    r"|best|sincerely|respectfully|yours|sent from my|get outlook for)\b[^\n]{0,60}$"
)
_LONGEST_CLOSING = 8  # lines
_MINUTES = re.compile(r"(?i)\b\d{1,3}\s?(?:min|mins|minutes|m|')(?![\w])|\b\d{1,2}:\d\d\b")
_CODE = re.compile(r"\b(?:9[27]\d{3}|G0?\d{3,4})\b")
_FACT = re.compile(r"(?i)\b(?:medicare|medicaid|pta|cota|pt|ot|slp)\b|\b\d{1,2}/\d{1,2}\b")
# When an answer is wanted is no treatment time.
_NAMED_LINE = re.compile(
    r"(?P<mark>\W*(?:\d{1,2}[.)]\s*)?)(?P<name>[^\W\d][^\d:;(–]{1,60}?)\s*[:;(–,-]"
)
_ONE_NAME = r"[A-Z][a-z]+(?: [A-Z][a-z]*\.?){0,2}"
_FEWEST_WORDS = 5  # of a question without a code, minutes or a question mark
_WAIT = re.compile(
    r"(?i)[^.?!\n,;]*\b(?:need|want|answer|reply|respond|back to me|waiting|asap|by|deadline)\b"
    r"[^.?!\n,;]{0,40}\b(?:in|within|for|next)\s+(?:the next\s+)?\d+\s*"
    r"(?:min(?:ute)?s?|hours?|hrs?|days?)\b[^.?!\n,;]*[.?!,;]*"
)
_POINTS_BACK = re.compile(
    r"(?i)\b(?:this|these|that|those|it|him|her|them|above|below|the (?:visit|claim|minutes|day))\b"
)
_MARK = re.compile(r"\A\s*(?:[-*•]|\(?\d{1,2}[.)]|[a-z][.)]|q\d*[:.])\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a letter asks, masked.

    Attributes:
        messages: each asked on its own; the first holds the visits, where there are any.
        masked: kinds of identifiers that were taken out.
        attached: how many attached files were read with it.
    """

    messages: tuple[str, ...]
    masked: tuple[str, ...] = ()
    attached: int = 0


def asked(letter: Letter, assistant: Assistant, *, goes_on: bool = False) -> Asked:
    """What the letter asks; no message where it asks nothing that could be answered.

    Args:
        goes_on: whether more was said before; then a word may be the answer to our question.
    """
    own = _without_own_name(bare(letter.text), letter)
    if _subject_tells(letter.subject, own, assistant.knowledge):
        own = f"{_without_re(letter.subject)}\n\n{own}".strip()
    read = () if _is_counted(own) else _attached(letter)
    own = "\n\n".join([own, *map(bare, read)]).strip()
    fewest = 1 if goes_on else _FEWEST_WORDS
    if not (_tells(own) or len(own.split()) >= fewest):
        return Asked(())
    hidden = assistant.mask(own)
    own = assistant.mask(_with_labels(own, assistant)).text
    messages = tuple(one[:LONGEST] for one in _apart(own))
    return Asked(messages, hidden.found, len(read))


def _with_labels(text: str, assistant: Assistant) -> str:
    """The text with each name that opens a line as a patient's letter.

    Masked names are all alike, and the visits of two patients must not become one.
    """
    letters: dict[str, str] = {}
    lines = []
    several = _several_payers(text, assistant.knowledge)
    for line in text.split("\n"):
        named = _NAMED_LINE.match(line)
        if named and (several or "[name]" in assistant.mask(f"{named['name']}:").text):
            letter = letters.setdefault(named["name"].lower(), chr(ord("A") + len(letters) % 26))
            line = f"{named['mark']}Patient {letter}{line[named.end('name') :]}"
        lines.append(line)
    return "\n".join(lines)


def _several_payers(text: str, knowledge: Knowledge) -> bool:
    """Whether every line with minutes opens with a name, and they name different payers.

    «Tom: …» alone could as well be «Squats: …»; another payer is another patient.
    """
    counted = [line for line in text.split("\n") if _MINUTES.search(line)]
    named = [_NAMED_LINE.match(line) for line in counted]
    if not all(match and re.fullmatch(_ONE_NAME, match["name"]) for match in named):
        return False
    payers = {tuple(_payers_in(line, knowledge)) for line in counted}
    return len(payers) == len(counted) > 1 and () not in payers


def _payers_in(text: str, knowledge: Knowledge) -> Iterator[str]:
    said = text.lower()
    for payer in knowledge.payers.values():
        if any(
            re.search(rf"\b{re.escape(n.lower())}\b", said) for n in (payer.name, *payer.aliases)
        ):
            yield payer.name


def bare(text: str) -> str:
    """The text without greeting, closing, and when an answer is wanted."""
    text = _GREETING.sub("", text.strip(), count=1)
    closings = list(_CLOSING.finditer(text))
    for closing in closings:
        before, after = text[: closing.start()], text[closing.end() :]
        if not before.strip() or _tells(closing.group()):
            continue
        if after.strip().count("\n") < _LONGEST_CLOSING and not _tells(after):
            text = before
            break
    return _WAIT.sub("", text).strip()


def _without_own_name(text: str, letter: Letter) -> str:
    """The text without a last paragraph in which the sender only signs."""
    head, gap, last = text.rpartition("\n\n")
    own = set(re.findall(r"[^\W\d_]{3,}", f"{letter.sender_name} {letter.sender}".lower()))
    lines = last.strip().split("\n")
    short = len(lines) <= 4 and all(len(line.split()) <= 5 for line in lines)
    signs = short and not re.search(r"[\d?]", last)
    return head if gap and signs and own & set(re.findall(r"\w+", last.lower())) else text


def _tells(text: str) -> bool:
    """Whether something stands there that can be counted or looked up."""
    return _is_counted(text) or "?" in text


def _is_counted(text: str) -> bool:
    return bool(_MINUTES.search(text) or _CODE.search(text))


def _subject_tells(subject: str, text: str, knowledge: Knowledge) -> bool:
    """Whether the subject says what the text leaves out: the question itself, a payer, a day."""
    if not text or len(text.split()) < 3:
        return bool(_without_re(subject))
    if re.match(r"(?i)\s*(?:re|fwd?|aw|sv|tr)\s*:", subject):
        return False
    told = list(_payers_in(subject, knowledge))
    missing = not list(_payers_in(text, knowledge))
    facts = _CODE.search(subject) or _FACT.search(subject)
    return bool((told and missing) or (facts and not _CODE.search(text)))


def _without_re(subject: str) -> str:
    return re.sub(r"(?i)\A(?:\s*(?:re|fwd?|aw|sv|tr)\s*:)+", "", subject).strip()


def _attached(letter: Letter) -> tuple[str, ...]:
    return tuple(file.text for file in letter.attachments if _is_counted(file.text))[:3]


def _apart(text: str) -> list[str]:
    """The visits with what belongs to them, then each question that needs no visit."""
    lines = text.split("\n")
    alone = [n for n, line in enumerate(lines) if _stands_alone(line)]
    counted = bool(_MINUTES.search(text))
    if not alone or (len(alone) == 1 and not counted):
        return [text] if text else []
    rest = "\n".join(line for n, line in enumerate(lines) if n not in alone)
    rest = re.sub(r"\n{3,}", "\n\n", rest).strip()
    visits = [rest] if _MINUTES.search(rest) or _CODE.search(rest) else []
    questions = [_MARK.sub("", lines[n]).strip() for n in alone]
    return [*visits, *questions][: MOST_QUESTIONS + 1]


def _stands_alone(line: str) -> bool:
    """A question of its own: whole, without minutes, and pointing at nothing said before."""
    said = _MARK.sub("", line).strip()
    return (
        said.endswith("?")
        and len(said.split()) >= 4
        and not _MINUTES.search(said)
        and not _POINTS_BACK.search(said)
    )
