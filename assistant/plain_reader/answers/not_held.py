"""Matters of a billing office that nothing here answers: said so in one line, never guessed at."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace

from assistant.patterns import regex
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.asked.intent import is_question
from assistant.plain_reader.known import Facts


@dataclass(frozen=True, slots=True)
class Matter:
    """What is asked about and who knows it."""

    name: str  # begins a sentence: «… not held here»
    ask: str


_BIOFEEDBACK = (  # an instrument on the pelvic floor; no exercise and no re-education
    r"\b(?:pelvic|perine\w+|anorectal|urethral|sphincter|levator|kegels?|incontinence|bladder|bowel)\b"
    r"[^.?!\n]{0,60}\b(?:bio-?feedback|s?emg|manometr\w+)"
    r"|\b(?:bio-?feedback|s?emg|manometr\w+)\b[^.?!\n]{0,60}"
    r"\b(?:pelvic|perine\w+|anorectal|urethral|sphincter|levator|kegels?|incontinence|bladder|bowel)"
)
_BY_ITSELF = regex(  # «biofeedback training 45 min»; not «biofeedback to wake the quad»
    r"\W*(?:(?:s?emg|surface emg|pelvic(?: floor)?|pressure|muscle)\s+)*bio-?feedback"
    r"(?:\s+(?:training|therapy|treatment|session|modality|only|without\b.*))*\W*",
    re.I,
)
_OF_BIOFEEDBACK = Matter(
    "Biofeedback with an instrument has codes of its own (90901, 90912 and 90913), which are",
    "your MAC, whose billing article on biofeedback training names them",
)
_ENDOSCOPIC = regex(
    r"(?-i:\bFEES(?:ST)?\b)|\bendoscop\w+\b[^.?!\n]{0,30}\b(?:swallow|deglutition)", re.I
)
_OF_ENDOSCOPY = Matter(
    "Swallow studies with an endoscope have codes of their own (92612 to 92617), which are",
    "the payer",
)

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
        r"\bco-?pays?(?:ments?)?\b"
        r"|out[- ]of[- ]pocket (?:max|limit|cost|amount|expense)|deductible (?:met|amount|for)"
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
        r"credential(?:ed|ing)\b|\bptan\b|\b855[a-z]\b|provider (?:number|id\b)|\bpaneled\b"
        r"|\bpecos\b|\btaxonomy\b|\bnpi\b"
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
        r"secondary (?:payer|payor|insurance|insurer|claim|plan)|coordination of benefits|\bcob\b"
        r"|cross(?:ed)?[- ]?over (?:claim|to)"
        r"|\b(?:commercial|medicaid|plan) (?:is |as )?secondary\b",
        Matter("Coordination with a second payer is", "both payers"),
    ),
    (
        r"functional (?:limitation )?reporting|\bg[- ]?codes?\b",
        Matter("Functional limitation reporting is", "your MAC"),
    ),
    (
        r"\bpdgm\b|\bpdpm\b|\boasis\b|home health (?:episode|agency|cert|plan|at the same time)"
        r"|\b(?:receiv\w+|get(?:s|ting)|has|have|under|open to|with|while in|active) home health\b"
        r"|\birf\b|inpatient rehab|consolidated billing"
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
        r"|cash[- ]?(?:pay(?:ing)? (?:rate|price|patient|fee|client)|rate|price)",
        Matter("Prices for patients who pay themselves are", "an adviser who knows your state"),
    ),
    (
        r"\b[lL]\d{4}\b|\b[lL][- ]codes?\b|\bdme\b|durable medical",
        Matter("Codes of devices and supplies are", "the DME contractor or the payer"),
    ),
    (
        r"\babns?\b[^.?!]{0,80}"
        r"\b(?:every(?:one|body)?|each|all patients|all medicare|how (?:often|long)|expire\w*"
        r"|valid|good for|blanket|routine\w*|once|sign\w* (?:for|one))\b"
        r"|(?:how often|how long|every (?:visit|date|patient)|blanket|routine)\b"
        r"[^.?!]{0,40}\babns?\b",
        Matter("How often and to whom an ABN is given are", "CMS's instructions for the ABN form"),
    ),
    (
        r"\b(?:order|script|prescription|referral)\b[^?]{0,120}"
        r"\b(?:start|count|run|begin|expire|good for|valid)\w*\b"
        r"[^?]{0,40}\b(?:from|date|weeks|days|how long)\b"
        r"|how long is (?:an?|the|my) (?:\w+ )?(?:order|script|prescription|referral)\b",
        Matter(
            "When the weeks of an order begin and how long it holds are",
            "the state's practice act or the payer",
        ),
    ),
    (
        r"(?-i:\b(?:the|for|to) VA\b)(?! \d)"
        r"|(?-i:\bVA\b) (?:patients?|auth\w*|referral|community care)"
        r"|\btriwest\b",
        Matter("What the VA asks for is", "the VA's community care contractor"),
    ),
    (
        r"\b(?:bill|charge|paid|code)\w*\b[^.?!]{0,30}\b(?:text(?:ing|s)?|texted|e-?mail(?:s|ing|ed)?"
        r"|portal messages?)\b(?! (?:me|us)\b)",
        Matter("Texts, e-mails and portal messages to patients as a service are", "the payer"),
    ),
    (
        r"\bhospice\b",
        Matter("Therapy beside a hospice election is", "the hospice and your MAC"),
    ),
    (_BIOFEEDBACK, _OF_BIOFEEDBACK),
    (
        r"\bmips\b|quality payment program|\bqpp\b",
        Matter("Quality reporting is", "the Quality Payment Program's own pages"),
    ),
    (
        r"\bbox \d{2}[a-z]?\b|cms[- ]?1500|\bub[- ]?04\b|revenue codes?\b|\bclearinghouse\b",
        Matter("Fields of the claim form are", "the form's instructions or your clearinghouse"),
    ),
)
_PELVIC = regex(_BIOFEEDBACK, re.I)
_COMPILED = tuple((regex(pattern, re.I), matter) for pattern, matter in _MATTERS)


_NO_THERAPIST = regex(
    r"^\W*(?:can|may|is|are|does|do|should|could) (?:an? |our |my |the )?"
    r"(?P<who>chiropractors?|massage therapists?|acupuncturists?|nurses?|personal trainers?"
    r"|exercise physiologists?|kinesiotherapists?)\b[^?]{0,40}"
    r"\b(?:bill|paid|charge|use|reimbursed)",
    re.I,
)
_MODIFIER = regex(
    r"\bmodifiers?\s+(?P<one>\d\d|(?-i:[A-Z]{2}|[A-Z]\d))(?!\w)"
    r"|(?<!\d)(?P<two>\d\d) modifiers?\b",
    re.I,
)

_NO_MODIFIER = frozenset(  # «which modifier PT uses», «WHAT MODIFIER IS NEEDED»
    ("PT", "OT", "ST", "MA", "MT", "TE", "TA", "US", "IS", "TO", "DO", "ON", "OF", "IF", "IN", "WE",
     "MY", "OR", "AN", "AS", "BE", "NO", "SO", "IT", "OK", "VS", "BY", "UP")
)  # fmt: skip


_PART_A = regex(
    r"\b(?:part a|med(?:icare)? a)\b(?!\s*(?:and|/|or|&)\s*b\b)[^.?!\d]{0,15}"
    r"\b(?:stay|resident|snf|coverage|patient|pt|covered|skilled)\b"
    r"|\bcovered (?:by|under) part a\b"
    r"|\b(?:was|is|she's|he's|they're|under|still) (?:(?:still|on|under|in|a|an?|medicare) ){0,3}"
    r"part a\b(?!\s*(?:and|/|or|&)\s*b\b)",
    re.I,
)


_ABOUT_A = regex(r"(?<!part b )\b(?:part|med(?:icare)?) a\b(?! and b)\W*$", re.I)


def asked_first(text: str, facts: Facts, held: Container[str]) -> Matter | None:
    """What is not held, whatever codes a question names: other professions, other modifiers.

    Args:
        held: the modifiers that are.
    """
    about_a = is_question(text) and _ABOUT_A.search(text)
    if facts.has_minutes and (about_a or _PART_A.search(text)):
        return Matter("Billing of therapy within a Part A stay is", "that setting's manual")
    if _ENDOSCOPIC.search(text) and not facts.services:
        return _OF_ENDOSCOPY
    if facts.has_minutes and not facts.services and _PELVIC.search(text):
        return _OF_BIOFEEDBACK
    if facts.activities and not facts.services and not without_biofeedback(facts).activities:
        return _OF_BIOFEEDBACK
    if facts.has_minutes or not is_question(text):
        return None
    if match := _NO_THERAPIST.search(text):
        return Matter(
            f"What a {match['who'].lower().rstrip('s')} may bill is", "your MAC or the payer"
        )
    match = _MODIFIER.search(text)
    name = (match["one"] or match["two"]).upper() if match else ""
    if not name or name in held or name in _NO_MODIFIER:
        return None
    return Matter(f"Modifier {name} is", "the payer")


def without_biofeedback(facts: Facts) -> Facts:
    """The facts without the biofeedback that is told as a service of its own."""
    left = [one for one in facts.activities if not _BY_ITSELF.fullmatch(one.text)]
    return facts if len(left) == len(facts.activities) else replace(facts, activities=left)


def set_aside(parts: Parts, facts: Facts) -> Facts:
    """The facts without such biofeedback, which is said where minutes of it were told."""
    left = without_biofeedback(facts)
    if any(one.minutes is not None for one in facts.activities if one not in left.activities):
        parts.say(f"{told(_OF_BIOFEEDBACK)} Its minutes are on no line here.")
        return left
    return facts


def asked_of(text: str, facts: Facts) -> Matter | None:
    """The matter that a question is about; None where it names a code or modifier we know of."""
    if facts.codes or facts.services:
        return None
    return next((matter for pattern, matter in _COMPILED if pattern.search(text)), None)


def told(matter: Matter) -> str:
    """One line: that it is not held, and who knows."""
    return f"{matter.name} not held here. Ask {matter.ask}."
