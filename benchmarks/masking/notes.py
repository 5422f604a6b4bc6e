"""Synthetic clinic notes with every identifier labelled. Nobody in them exists."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from faker import Faker

from benchmarks.masking.templates import LINES, NOTES

SEED = 20261121
_SLOT = re.compile(r"<(\w+)>")
# Seven in ten names as in the United States; the rest from lists that the masker has not seen.
_ELSEWHERE = (
    "es_MX",
    "en_IN",
    "pl_PL",
    "de_DE",
    "fr_FR",
    "it_IT",
    "pt_BR",
    "tr_TR",
    "id_ID",
    "yo_NG",
    "zu_ZA",
    "ha_NG",
    "ig_NG",
    "sw",
    "hu_HU",
    "ro_RO",
    "hr_HR",
)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_MBI = "ACDEFGHJKMNPQRTUVWXY"


@dataclass(frozen=True, slots=True)
class Label:
    """An identifier in a note: where it stands, its kind, and whose list a name came from."""

    start: int
    end: int
    kind: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Note:
    """A note, its identifiers, and the words in it that must be left standing."""

    text: str
    labels: tuple[Label, ...]
    stays: tuple[tuple[int, int], ...]


@dataclass
class _Person:
    """Who a note is about; the same all through it."""

    first: str
    last: str
    other: str
    known: bool


@cache
def _faker(locale: str) -> Faker:
    return Faker(locale)


@dataclass
class _Writer:
    """Fills one note's slots."""

    draw: random.Random
    person: _Person
    text: str = ""
    labels: list[Label] = field(default_factory=list)
    stays: list[tuple[int, int]] = field(default_factory=list)

    def add(self, template: str) -> None:
        at = 0
        for slot in _SLOT.finditer(template):
            self.text += template[at : slot.start()]
            at = slot.end()
            self._fill(slot[1])
        self.text += template[at:]

    def _fill(self, name: str) -> None:
        start = len(self.text)
        if name in _STAYS:
            self.text += _STAYS[name](self.draw)
            self.stays.append((start, len(self.text)))
            return
        kind, make = _IDENTIFIERS[name]
        self.text += make(self.draw, self.person)
        known = self.person.known or kind not in ("name", "first name alone")
        self.labels.append(Label(start, len(self.text), kind, known))


def _digits(draw: random.Random, n: int) -> str:
    return str(draw.randint(1, 9)) + "".join(str(draw.randint(0, 9)) for _ in range(n - 1))


def _pattern(draw: random.Random, pattern: str) -> str:
    """A text by a pattern: # a digit, @ a letter, & a letter of a Medicare number."""
    made = {"#": "0123456789", "@": _LETTERS, "&": _MBI, "%": "123456789"}
    return "".join(draw.choice(made[ch]) if ch in made else ch for ch in pattern)


def _one(*patterns: str) -> Callable[[random.Random, _Person], str]:
    return lambda draw, _: _pattern(draw, draw.choice(patterns))


def _day(draw: random.Random, first: int, last: int) -> str:
    y, m, d = draw.randint(first, last), draw.randint(1, 12), draw.randint(1, 28)
    month = "January February March April May June July August September October November December"
    name = month.split()[m - 1]
    return draw.choice(
        (
            f"{m}/{d}/{y}",
            f"{m:02}/{d:02}/{y}",
            f"{m}/{d}/{y % 100:02}",
            f"{m}-{d}-{y}",
            f"{y}-{m:02}-{d:02}",
            f"{name} {d}, {y}",
            f"{name[:3]} {d} {y}",
            f"{d} {name} {y}",
        )
    )


def _street(draw: random.Random, _: _Person) -> str:
    fake = _faker("en_US")
    return fake.street_address().replace("\n", " ")


def _city(draw: random.Random, _: _Person) -> str:
    return str(_faker("en_US").city())


def _mail(draw: random.Random, p: _Person) -> str:
    first, last = _plain(p.first), _plain(p.last)
    host = draw.choice(("example.com", "mail.example.org", "clinic.example.net", "example.co.uk"))
    made = draw.choice(
        (f"{first}.{last}", f"{first[0]}{last}{draw.randint(1, 99)}", f"{last}_{first}")
    )
    return f"{made}@{host}"


def _url(draw: random.Random, p: _Person) -> str:
    n = draw.randint(99, 9999)
    return draw.choice(
        (
            f"https://portal.example.com/p/{n}",
            f"www.example.org/{_plain(p.first)}",
            f"http://example.net/u?id={n}",
        )
    )


def _photo(draw: random.Random, p: _Person) -> str:
    n = draw.randint(10, 9999)
    made = (
        f"IMG_{n}.jpg",
        f"{_plain(p.last)}_gait.png",
        f"face-{n}.JPEG",
        f"{_plain(p.first)}.heic",
    )
    return draw.choice(made)


def _block(draw: random.Random) -> str:
    hour, minute = draw.randint(8, 11), draw.randint(5, 35)
    return f"{hour}:{minute:02}-{hour}:{minute + 20:02}"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower()) or "someone"


_NAME: dict[str, Callable[[random.Random, _Person], str]] = {
    "full": lambda d, p: f"{p.first} {p.last}",
    "middle": lambda d, p: f"{p.first} {d.choice(_LETTERS)}. {p.last}",
    "lastfirst": lambda d, p: f"{p.last}, {p.first}",
    "shouted": lambda d, p: f"{p.last}, {p.first}".upper(),
    "shoutedfull": lambda d, p: f"{p.first} {p.last}".upper(),
    "last": lambda d, p: p.last,
    "other": lambda d, p: f"{p.other} {p.last}",
}
_IDENTIFIERS: dict[str, tuple[str, Callable[[random.Random, _Person], str]]] = {
    **{key: ("name", make) for key, make in _NAME.items()},
    "first": ("first name alone", lambda d, p: p.first),
    "lower": ("first name alone", lambda d, p: p.first.lower()),
    "upper": ("first name alone", lambda d, p: p.first.upper()),
    "relative": ("first name alone", lambda d, p: p.other),
    "dob": ("date of birth", lambda d, p: _day(d, 1930, 2018)),
    "event": ("other date", lambda d, p: _day(d, 2024, 2026)),
    "eventday": ("other date", lambda d, p: f"{d.randint(1, 12)}/{d.choice((6, 9, 14, 22, 27))}"),
    "age": ("age over 89", lambda d, p: str(d.randint(90, 104))),
    "street": ("geographic", _street),
    "city": ("geographic", _city),
    "zip": ("geographic", _one("####0", "9#####"[:5])),
    "county": ("geographic", lambda d, p: f"{_faker('en_US').last_name()} County"),
    "phone": (
        "telephone",
        _one(
            "(%##) %##-####", "%##-%##-####", "%##.%##.####", "+1 %## %## ####", "%##-%##-#### x##"
        ),
    ),
    "fax": ("fax", _one("(%##) %##-####", "%##-%##-####", "%##.%##.####", "%##%##%###")),
    "email": ("e-mail", _mail),
    "ssn": ("social security number", _one("%##-##-####", "%## ## ####", "%########")),
    "ssnshape": ("social security number", _one("%##-##-####")),
    "mrn": (
        "medical record number",
        _one("########", "M#######", "@-######", "%##-##-##", "MR######"),
    ),
    "mbi": ("health plan number", _one("1&#%-&#%-&&##", "1&#%&#%&&##")),
    "member": (
        "health plan number",
        _one("W#########", "@@@%########", "%########-01", "####%####"),
    ),
    "account": ("account number", _one("%#######", "A-%#####", "%###-%###")),
    "licence": ("licence or certificate", _one("PT#####", "@#######", "C-#####", "%#########")),
    "plate": ("vehicle", _one("%@@@###", "@@@-####", "@@@ ####")),
    "vin": ("vehicle", _one("1HGCM826#3A######", "5YJSA1E2#HF######", "2T1BURHE#JC######")),
    "serial": ("device", _one("SN-#####@", "@@######", "%######-@", "TKA-##-%###")),
    "url": ("web address", _url),
    "ip": ("IP address", lambda d, p: ".".join(str(d.randint(1, 254)) for _ in range(4))),
    "biometric": ("biometric", _one("FP-########", "BIO#######", "VX##-####-@@")),
    "photo": ("photograph", _photo),
    "unique": (
        "other unique",
        _one("CLM#########", "AU######", "RX%######", "STU-####-##", "REF%######"),
    ),
}


def _service(draw: random.Random) -> str:
    code = draw.choice(
        ("97110", "97112", "97116", "97140", "97530", "97535", "97129", "92507", "97161", "G0283")
    )
    n = draw.randint(8, 45)
    return draw.choice(
        (
            f"{code} {n} min",
            f"{code} x {n} min",
            f"{n} min {code}",
            f"{code}-59 {n} minutes",
            f"{code} ({n} min)",
        )
    )


_STAYS: dict[str, Callable[[random.Random], str]] = {
    "svc": _service,
    "dos": lambda d: f"{d.randint(1, 12)}/{d.randint(1, 28)}/2026",
    "isodos": lambda d: f"2026-{d.randint(1, 12):02}-{d.randint(1, 28):02}",
    "used": lambda d: f"${d.randint(3, 30) * 100:,}",
    "payer": lambda d: d.choice(("Medicare", "Aetna", "Cigna", "BCBS", "UHC", "Humana")),
    "block": _block,
    "total": lambda d: f"{d.randint(25, 75)} min",
}


def notes(how_many: int, seed: int = SEED) -> Iterator[Note]:
    """The notes, always the same for a seed; every kind in its turn."""
    draw = random.Random(seed)
    lines = list(LINES)
    for n in range(how_many):
        writer = _Writer(draw, _person(draw, n))
        _faker("en_US").seed_instance(seed + n)
        parts = NOTES[n % len(NOTES)].split("<line>")
        for at, part in enumerate(parts):
            if at:
                writer.add(lines[(n * 7 + at * 13 + n // len(lines)) % len(lines)])
            writer.add(part)
        yield Note(writer.text, tuple(writer.labels), tuple(writer.stays))


def _person(draw: random.Random, n: int) -> _Person:
    known = draw.random() < 0.7
    fake = _faker("en_US" if known else draw.choice(_ELSEWHERE))
    fake.seed_instance(SEED + n)
    first, last, other = fake.first_name(), fake.last_name(), fake.first_name()
    return _Person(first.split()[0], last, other.split()[0], known)
