"""Mutated mails taken in: `python -m benchmarks.mutated_mails [how many] [seed]`.

Each of the mails in tests/consults/mails is bent: bytes changed, doubled and dropped, lines moved,
headers and parts of other mails mixed in. None may raise, each must get a verdict, and what was
read must be storable.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from web.consults.letters import Desk, Fate, Received
from web.consults.parsing import content_key, take_in

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


def main(how_many: int = 5_000, seed: int = 20_261_121) -> int:
    chance, originals = random.Random(seed), mails()
    fates: Counter[str] = Counter()
    slowest = 0.0
    started = time.perf_counter()
    for number in range(how_many):
        raw = mutated(chance, originals)
        begun = time.perf_counter()
        try:
            content_key(raw)
            found = take_in(raw, DESK, lambda ids: OURS & set(ids))
            storable(found)
        except Exception as error:
            print(f"mail {number} of seed {seed}: {type(error).__name__}: {error}")
            return 1
        slowest = max(slowest, time.perf_counter() - begun)
        fates[found.verdict.fate.value] += 1
    took = time.perf_counter() - started
    shown = ", ".join(f"{fate} {count}" for fate, count in fates.most_common())
    print(
        f"{how_many:,} mutated mails in {took:.0f} s, slowest {slowest:.2f} s, 0 crashes: {shown}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
