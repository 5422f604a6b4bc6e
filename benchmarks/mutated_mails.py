"""Mutated mails taken in: `python -m benchmarks.mutated_mails [how many] [seed]`.

Each of the mails in tests/consults/mails is bent: bytes changed, doubled and dropped, lines moved,
headers and parts of other mails mixed in. None may raise, each must get a verdict, and each is kept
and worked on by a desk with a database of its own: it must stand somewhere that people see.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import select

from assistant.answering import Assistant
from assistant.knowledge import load
from assistant.library import Library
from web.consults.answering import Drafter
from web.consults.intake import take
from web.consults.leases import Leases
from web.consults.letters import Desk, Fate, Received
from web.consults.parsing import content_key, take_in
from web.consults.settings import DeskSettings
from web.consults.states import State
from web.consults.tables import consults
from web.consults.tables import mails as kept_mails
from web.database.engine import open_database, reader

DAY = date(2026, 11, 21)
FOLDER = Path(__file__).parents[1] / "tests" / "consults" / "mails"
DESK = Desk(
    "desk@coding.example", aliases=("billing@coding.example",), allowed=("@clinic.example",)
)
OURS = {"<reply-1@coding.example>"}
_SPICE = (
    b"\x00", b"\xff\xfe", b"\r\n\r\n", b"=?utf-8?b?", b"?=", b"boundary=", b"--", b"<", b">",
    b"\x1b[", b"Content-Type: multipart/mixed; boundary=b\n",
    b"Content-Transfer-Encoding: base64\n", b"charset=utf-16", b"charset=hex",
    b"filename*0*=utf-8''%ff", b"\xed\xa0\x80", b"(" * 200,
    b"Content-Type: message/rfc822\n\n", b"format=flowed; delsp=yes", b"Date: 99\n",
    b"From: ,;:<>\n",
)  # fmt: skip


def mails() -> list[bytes]:
    """The corpus, without its few very large mails."""
    found = (file.read_bytes() for file in sorted(FOLDER.glob("*.eml")))
    return [raw for raw in found if len(raw) < 50_000]


def mutated(chance: random.Random, originals: list[bytes]) -> bytes:
    """One mail bent in one to six ways."""
    raw = bytearray(chance.choice(originals))
    for _ in range(chance.randint(1, 6)):
        chance.choice((_changed, _dropped, _doubled, _spiced, _moved, _mixed))(
            chance, raw, originals
        )
    return bytes(raw)


def _place(chance: random.Random, raw: bytearray) -> int:
    return chance.randint(0, len(raw))


def _changed(chance: random.Random, raw: bytearray, _: list[bytes]) -> None:
    for _ in range(chance.randint(1, 20)):
        if raw:
            raw[chance.randrange(len(raw))] = chance.randrange(256)


def _dropped(chance: random.Random, raw: bytearray, _: list[bytes]) -> None:
    start = _place(chance, raw)
    del raw[start : start + chance.randint(1, 200)]


def _doubled(chance: random.Random, raw: bytearray, _: list[bytes]) -> None:
    start = _place(chance, raw)
    piece = raw[start : start + chance.randint(1, 300)]
    raw[start:start] = piece * chance.randint(1, 5)


def _spiced(chance: random.Random, raw: bytearray, _: list[bytes]) -> None:
    start = _place(chance, raw)
    raw[start:start] = chance.choice(_SPICE)


def _moved(chance: random.Random, raw: bytearray, _: list[bytes]) -> None:
    lines = bytes(raw).split(b"\n")
    chosen = lines.pop(chance.randrange(len(lines)))
    lines.insert(chance.randint(0, len(lines)), chosen)
    raw[:] = b"\n".join(lines)


def _mixed(chance: random.Random, raw: bytearray, originals: list[bytes]) -> None:
    other = chance.choice(originals)
    start = chance.randint(0, len(other))
    at = _place(chance, raw)
    raw[at:at] = other[start : start + chance.randint(1, 2_000)]


def storable(found: Received) -> None:
    """Fails where a text could not be stored, or the verdict is none."""
    assert found.verdict.fate in Fate
    assert found.verdict.reason.endswith(".")
    text = json.dumps(asdict(found), default=str, ensure_ascii=False)
    text.encode("utf-8")  # no lone surrogate
    assert "\\u0000" not in text
    for line in (found.letter.subject, found.letter.sender, found.letter.message_id):
        assert "\n" not in line
        assert "\r" not in line


@dataclass
class Outcome:
    """What became of the mails.

    Attributes:
        kept: how many were kept, byte for byte; the same bytes twice are kept once.
        states: where their consults stand.
    """

    fates: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    different: int = 0
    kept: int = 0
    slowest: float = 0.0


def taken_in(how_many: int, seed: int, folder: Path) -> Outcome:
    """Every mail read by itself, then kept and worked on by a desk; raises where one fails.

    Args:
        folder: for the desk's database.
    """
    chance, originals, outcome = random.Random(seed), mails(), Outcome()
    knowledge = load(None)
    assistant = Assistant(knowledge, Library(folder, knowledge))
    engine = open_database(f"sqlite:///{folder / 'desk.sqlite'}")
    settings = DeskSettings(DESK)
    drafter = Drafter(engine, settings, assistant, lambda: DAY)
    leases, sent = Leases(engine, settings.lease), {}
    for _ in range(how_many):
        raw = mutated(chance, originals)
        begun = time.perf_counter()
        found = take_in(raw, DESK, lambda ids: OURS & set(ids))
        storable(found)
        outcome.slowest = max(outcome.slowest, time.perf_counter() - begun)
        outcome.fates[found.verdict.fate.value] += 1
        sent[content_key(raw)] = raw
        take(engine, raw)
        while lease := leases.claim(consults, (State.RECEIVED,)):
            drafter.draft(lease)
            leases.forget(lease)
    outcome.different = len(sent)
    with reader(engine).connect() as connection:
        rows = connection.execute(select(kept_mails.c.content_key, kept_mails.c.raw))
        outcome.kept = sum(content_key(row.raw) == row.content_key in sent for row in rows)
        outcome.states.update(connection.scalars(select(consults.c.state)))
    engine.dispose()
    return outcome


def main(how_many: int = 5_000, seed: int = 20_261_121) -> int:
    """Print what became of them; 1 where one was not kept, or stands nowhere."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        outcome = taken_in(how_many, seed, Path(folder))
    took = time.perf_counter() - started
    for name, counted in (("read as", outcome.fates), ("stand as", outcome.states)):
        print(f"{name}: " + ", ".join(f"{what} {count}" for what, count in counted.most_common()))
    print(
        f"{how_many:,} mutated mails in {took:.0f} s, slowest to read {outcome.slowest:.2f} s: "
        f"0 crashes; {outcome.kept:,} of {outcome.different:,} different ones kept"
    )
    stuck = outcome.states[State.RECEIVED] + outcome.states[State.FAILED]
    return 0 if outcome.kept == outcome.different and not stuck else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
