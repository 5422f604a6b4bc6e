"""Matters of a billing office that nothing here answers: said so in one line, never guessed at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.patterns import regex
from assistant.plain_reader.facts import Facts


@dataclass(frozen=True, slots=True)
class Matter:
    """What is asked about and who knows it."""

    name: str  # begins a sentence: «… not held here»
    ask: str


_MATTERS: tuple[tuple[str, Matter], ...] = (
    (
        r"timely[- ]filing|filing (?:limit|deadline|window)"
        r"|deadline\b[^.?]{0,30}\b(?:fil|submit|claim)"
        r"|(?:how long|(?:how many|number of) days)\b[^.?]{0,30}"
        r"\b(?:to file|to submit|submit (?:a|the))"
        r"|time limit\b[^.?]{0,20}\b(?:fil|submit|claim)",
        Matter("Deadlines for filing claims are", "the payer's provider manual or your MAC"),
    ),
    (
        r"\bco-?pays?(?:ments?)?\b|out[- ]of[- ]pocket|deductible (?:met|amount|for)"
        r"|waiv\w+ (?:\w+ ){0,2}(?:coinsurance|deductible)|benefits? (?:verif|check)",
        Matter("A plan's copays, deductibles and benefits are", "the plan, at verification"),
    ),
    (
        r"\bappeal(?:s|ing|ed)?\b|redetermination|reconsideration",
        Matter(
            "Levels, deadlines and letters of an appeal are", "the notice of denial or the payer"
        ),
    ),
    (
        r"\b(?:carc|rarc)\b|(?:remark|reason|adjustment) code\b"
        r"|(?-i:\b(?:CO|PR|OA|PI)[- ]?(?!5[29]\b)\d{2,3}\b)(?! ?min)",
        Matter(
            "Reason and remark codes of a remittance are", "the payer, or the published code list"
        ),
    ),
    (
        r"credential|\bpaneled\b|\bpecos\b|\btaxonomy\b|\bnpi\b"
        r"|enroll(?:ed|ing|ment)? (?:in|with|as)",
        Matter("Enrollment and credentialing are", "the payer's provider enrollment"),
    ),
    (
        r"place of service|\bpos (?:code|\d\d)|\bpos\d\d",
        Matter("Place-of-service codes are", "your MAC or the payer"),
    ),
    (
        r"\bicd(?:[- ]?(?:9|10))?\b|diagnosis codes?\b|\bdx codes?\b",
        Matter("Diagnosis codes are", "a coding reference for ICD-10-CM"),
    ),
    (
        r"secondary (?:payer|insurance|claim)|coordination of benefits|crossover claim|\bcob\b",
        Matter("Coordination with a second payer is", "both payers"),
    ),
    (
        r"functional (?:limitation )?reporting|\bg[- ]?codes?\b",
        Matter("Functional limitation reporting is", "your MAC"),
    ),
    (
        r"\bpdgm\b|\bpdpm\b|\boasis\b|home health (?:episode|agency|cert)|\birf\b|inpatient rehab"
        r"|three[- ]hour rule|3[- ]hour rule|\bmds\b|section gg\b|rugs?[- ]iv",
        Matter(
            "Payment of home health, nursing facility and inpatient stays is",
            "that setting's manual",
        ),
    ),
    (
        r"direct access|licens(?:e|ure|ing) (?:law|board|renew|require|compact)|practice act"
        r"|compact privilege|\bceus?\b|continuing ed",
        Matter("State practice law is", "the state's licensing board"),
    ),
    (
        r"how long\b[^.?]{0,30}\b(?:keep|retain|store)\b|record retention|retention (?:period|of)",
        Matter("How long records are kept is", "your MAC, the payer's contract and state law"),
    ),
    (
        r"\bsuper-?bills?\b|good[- ]faith estimate|no[- ]show fee|missed visit fee"
        r"|cash (?:pay|rate|price)",
        Matter("Prices for patients who pay themselves are", "an adviser who knows your state"),
    ),
    (
        r"\b[lL]\d{4}\b|\b[lL][- ]codes?\b|\bdme\b|durable medical",
        Matter("Codes of devices and supplies are", "the DME contractor or the payer"),
    ),
    (
        r"\bmips\b|quality payment program|\bqpp\b",
        Matter("Quality reporting is", "the Quality Payment Program's own pages"),
    ),
    (
        r"\bbox \d{2}[a-z]?\b|cms[- ]?1500|\bub[- ]?04\b|revenue codes?\b|\bclearinghouse\b",
        Matter("Fields of the claim form are", "the form's instructions or your clearinghouse"),
    ),
)
_COMPILED = tuple((regex(pattern, re.I), matter) for pattern, matter in _MATTERS)


def asked_of(text: str, facts: Facts) -> Matter | None:
    """The matter that a question is about; None where it names a code or modifier we know of."""
    if facts.codes or facts.services:
        return None
    return next((matter for pattern, matter in _COMPILED if pattern.search(text)), None)


def told(matter: Matter) -> str:
    """One line: that it is not held, and who knows."""
    return f"{matter.name} not held here. Ask {matter.ask}."
