"""Guards on the knowledge base: what is dated ends, what is unsure says so, sums are redone."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assistant import knowledge as knowledge_base
from assistant.claim import ClaimLine, Setting
from assistant.evidence import Certainty
from assistant.knowledge import Dispute, Guide
from assistant.library.guides import parse_blocks, references
from assistant.library.nouns import Sentence
from assistant.rules import edits, payment, units

KNOWLEDGE = knowledge_base.load()
ROOT = Path(knowledge_base.__file__).parents[2]
SHIPPED = ROOT / "knowledge_base"
HASHES = (Path(__file__).parent / "cases/descriptor_hashes.txt").read_text("utf-8").split()

LAST_DAY = date(2026, 12, 31)
BY_LAW = {  # dated by the law itself and not by the calendar year's fee schedule
    "medicare/therapist_telehealth": date(2027, 12, 31),
    "medicare/work_gpci_floor": date(2026, 1, 30),
}
YEARLY = (
    *("conversion_factor", "conversion_factor_qp", "kx_threshold_ot", "kx_threshold_pt_slp"),
    *("targeted_review_threshold", "mppr_practice_expense_share", "sequestration_rate"),
    *("assistant_payment_share", "work_efficiency_reduction"),
)

WORD = re.compile(r"[a-z0-9]+")
SHINGLE = 6
BRITISH = re.compile(
    r"programme\b|behaviour|practis|judgement|authoris|recognis|mobilis|stabilis|standardis"
    r"|kinaesth|totalled|\btowards\b|honoured|favour|manoeuvre|organis|labelled",
    re.I,
)
REMEMBERED = "from memory of the field, not seen written)"


def words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def shingles(text: str) -> Iterator[str]:
    said = words(text)
    for start in range(len(said) - SHINGLE + 1):
        shingle = " ".join(said[start : start + SHINGLE])
        yield hashlib.sha256(shingle.encode()).hexdigest()[:12]


def written_files() -> list[Path]:
    """Everything of ours that a person may read."""
    places = [
        *(SHIPPED.rglob(f"*.{kind}") for kind in ("md", "yaml", "csv")),
        (ROOT / "assistant").rglob("*.py"),
        (ROOT / "web").rglob("*.html"),
        (ROOT / "docs").glob("*.md"),
        ROOT.glob("*.md"),
    ]
    return sorted(path for place in places for path in place)


def guide_sentences() -> list[tuple[str, Sentence]]:
    return [
        (guide.id, sentence)
        for guide in KNOWLEDGE.guides
        for block in parse_blocks(guide.body)
        for sentence in block.sentences
    ]


def prose() -> Iterator[tuple[str, str]]:
    """What users read, with where it stands."""
    for statement in KNOWLEDGE.statements.values():
        yield statement.id, statement.says
    for guide in KNOWLEDGE.guides:
        yield guide.id, re.sub(r"\[[a-z][^\]]*\]", "", f"{guide.title} {guide.body}")
    for dispute in KNOWLEDGE.disputes:
        yield dispute.id, f"{dispute.claims} {dispute.ruling} {dispute.says_short}"
    for code in KNOWLEDGE.codes.values():
        yield code.code, f"{code.label} {code.note}"
    for name in KNOWLEDGE.parameter_names:
        yield name, KNOWLEDGE.parameter(name).label
    for payer in KNOWLEDGE.payers.values():
        said = " ".join(str(v.value) for values in payer.values.values() for v in values)
        yield payer.id, f"{payer.name} {payer.note} {said}"
    for of in ("*", *KNOWLEDGE.documented_codes):
        held = KNOWLEDGE.documentation(of)
        for element in (*held.conditions, *held.good_practice) if held else ():
            yield f"{of} {element.id}", f"{element.text} {element.pattern}"


def test_every_reference_leads_somewhere() -> None:
    KNOWLEDGE.check()


def test_how_much_is_held() -> None:
    rows = Counter(
        (row.table, row.certainty, row.source.startswith("ncci-ptp"))
        for row in KNOWLEDGE.all_edits()
    )
    assert rows == {
        (Setting.PRACTITIONER, Certainty.VERIFIED, True): 24,
        (Setting.PRACTITIONER, Certainty.INFERRED, True): 281,
        (Setting.OUTPATIENT_HOSPITAL, Certainty.VERIFIED, True): 284,
        (Setting.PRACTITIONER, Certainty.MEMORY, False): 6,
    }
    assert len(KNOWLEDGE.guides) >= 190
    assert len(KNOWLEDGE.codes) >= 107
    assert sum(1 for _ in KNOWLEDGE.all_rvus()) == 70
    assert Counter(bool(dispute.seed) for dispute in KNOWLEDGE.disputes) == {True: 45, False: 5}


def test_every_code_of_the_fee_table_has_a_guide() -> None:
    about = {code for guide in KNOWLEDGE.guides for code in guide.codes}
    assert {rvu.code for rvu in KNOWLEDGE.all_rvus()} - about == set()


@pytest.mark.parametrize("name", KNOWLEDGE.parameter_names)
def test_values_that_begin_in_2026_end_with_it(name: str) -> None:
    ends = [v.until for v in KNOWLEDGE.parameter(name).values if v.start and v.start.year >= 2026]
    assert set(ends) <= {BY_LAW.get(name, LAST_DAY)}


@pytest.mark.parametrize("name", YEARLY)
def test_no_yearly_figure_is_held_for_2027(name: str) -> None:
    values = KNOWLEDGE.parameter(f"medicare/{name}").values
    assert max(value.until or date.max for value in values) == LAST_DAY


def test_tables_of_2026_end_with_it() -> None:
    assert {rvu.end for rvu in KNOWLEDGE.all_rvus()} == {LAST_DAY}
    assert max(limit.end or date.max for limit in KNOWLEDGE.all_unit_limits()) == LAST_DAY


def test_statements_that_begin_in_2026_end() -> None:
    open_ended = [
        one.id
        for one in KNOWLEDGE.statements.values()
        if one.start and one.start.year >= 2026 and one.until is None
    ]
    assert open_ended == []


def test_an_edit_that_was_not_read_is_never_called_verified() -> None:
    read = KNOWLEDGE.codes_seen_in_practitioner_table
    unread = [
        (row.column1, row.column2)
        for row in KNOWLEDGE.all_edits()
        if row.table is Setting.PRACTITIONER
        and row.certainty.is_settled
        and not {row.column1, row.column2} <= read
    ]
    assert unread == []
    assert read == {"97110", "97112", "97116", "97140", "97161", "97162", "97163", "97530"}


@pytest.mark.parametrize("path", written_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_descriptor_wording(path: Path) -> None:
    assert not set(HASHES).intersection(shingles(path.read_text("utf-8")))


def test_the_descriptor_guard_can_fail() -> None:
    assert len(set(HASHES)) == len(HASHES) > 100
    one, *others = shingles("One, two-three four (five six")
    assert (one, others) == (next(shingles("one two three four five six")), [])


def test_users_read_american_spelling() -> None:
    assert [(where, BRITISH.findall(text)) for where, text in prose() if BRITISH.search(text)] == []


def test_every_guide_sentence_has_a_reference() -> None:
    held = {*KNOWLEDGE.sources, *KNOWLEDGE.statements}
    loose = [
        (guide, sentence.text)
        for guide, sentence in guide_sentences()
        if not sentence.refs or not {ref.id for ref in sentence.refs} <= held
    ]
    assert loose == []


def test_guide_sentences_say_what_is_remembered_or_inferred() -> None:
    wrong = []
    for guide, sentence in guide_sentences():
        if sentence.text.endswith(":"):
            continue  # the line that leads into a list
        refs = [KNOWLEDGE.statements.get(ref.id) for ref in sentence.refs]
        rests_on = {one.certainty for one in refs if one}
        labels = {
            Certainty.MEMORY: REMEMBERED in sentence.text,
            Certainty.INFERRED: "(inferred)" in sentence.text,
        }
        weakest = max(rests_on, key=list(Certainty).index, default=Certainty.VERIFIED)
        if {label for label, given in labels.items() if given} != {weakest} & labels.keys():
            wrong.append((guide, sentence.text))
    assert wrong == []


@pytest.mark.parametrize("guide", KNOWLEDGE.guides, ids=lambda guide: guide.id)
def test_a_guide_is_no_surer_than_its_least_sure_sentence(guide: Guide) -> None:
    steps = list(Certainty)
    held = [KNOWLEDGE.statements.get(ref.id) for ref in references(guide)]
    rests_on = [steps.index(one.certainty) for one in held if one]
    assert steps.index(guide.certainty) >= max(rests_on, default=0)


def test_a_weak_source_never_carries_a_guide_sentence_alone() -> None:
    weak = {key for key, source in KNOWLEDGE.sources.items() if source.weak}
    # what such a page says may be told: as a claim that is disputed, or of a page named as one
    told = ("page", "guide prints", "forum thread")
    alone = [
        (guide, sentence.text)
        for guide, sentence in guide_sentences()
        if {ref.id for ref in sentence.refs} <= weak
        and not any(word in sentence.text for word in told)
    ]
    assert alone == []


def test_no_name_is_an_everyday_abbreviation_of_the_clinic() -> None:
    # cerebral palsy, sternoclavicular, greater trochanter, sacroiliac, initial evaluation ...
    everyday = {"cp", "sc", "gt", "si", "ie", "es", "pt", "ot", "st", "hr", "ac", "tka"}
    assert everyday.isdisjoint(KNOWLEDGE.code_names)


def test_names_lead_to_codes_that_are_held() -> None:
    named = {code for codes in KNOWLEDGE.code_names.values() for code in codes}
    assert named <= KNOWLEDGE.codes.keys()


def test_source_titles_are_unambiguous() -> None:
    titles = Counter(source.title for source in KNOWLEDGE.sources.values())
    assert [title for title, times in titles.items() if times > 1] == []


def of_kind(kind: str) -> list[Dispute]:
    found = [dispute for dispute in KNOWLEDGE.disputes if dispute.check.get("kind") == kind]
    assert found
    return found


def test_every_machine_check_is_recomputed() -> None:
    kinds = {d.check["kind"] for d in KNOWLEDGE.disputes if d.check}
    assert kinds == {"units", "edit", "threshold", "money", "ratio", "rvu", "parameter"}


@pytest.mark.parametrize("dispute", of_kind("units"), ids=lambda d: d.id)
def test_disputed_units(dispute: Dispute) -> None:
    check = dispute.check
    given = {str(code): minutes for code, minutes in check["given"].items()}
    published = {str(code): count for code, count in check["published"].items()}
    rules = {"cms": [units.by_total_time], "ama": [units.by_midpoint]}
    rules["both"] = [*rules["cms"], *rules["ama"]]
    for rule in rules[check["rule"]]:
        held = rule(given).result
        if check.get("tie"):
            assert published in held.alternatives
            assert len(held.alternatives) > 1
        else:
            assert published not in held.alternatives


@pytest.mark.parametrize("dispute", of_kind("edit"), ids=lambda d: d.id)
def test_disputed_edits(dispute: Dispute) -> None:
    check = dispute.check
    one, other = map(str, check["pair"])
    held = edits.pair(
        one, other, on=check["on"], table=Setting(check["table"]), knowledge=KNOWLEDGE
    ).result
    joined = held.status in (edits.PairStatus.MODIFIER, edits.PairStatus.BLOCKED)
    assert ("edit" if joined else held.status.value) == check["held"]
    if "held_modifier_on" in check:
        assert held.denied == str(check["held_modifier_on"]) != str(check["modifier_on"])
    else:
        assert check["published"] != check["held"]


@pytest.mark.parametrize("dispute", of_kind("threshold"), ids=lambda d: d.id)
def test_disputed_thresholds(dispute: Dispute) -> None:
    check = dispute.check
    held = KNOWLEDGE.dated(check["parameter"], on=check["on"]).value
    assert (held == check["published"]) is bool(check.get("agrees"))
    assert f"${held:,}" in dispute.ruling


def first_unit(code: str, on: date) -> Decimal:
    lines = [ClaimLine(code=code, units=1)]
    return payment.estimate(lines, on=on, knowledge=KNOWLEDGE).result.total_allowed


@pytest.mark.parametrize("dispute", of_kind("money"), ids=lambda d: d.id)
def test_disputed_amounts(dispute: Dispute) -> None:
    check = dispute.check
    held = first_unit(check["code"], check["on"])
    assert held != Decimal(check["published"])
    assert f"${held}" in dispute.ruling


@pytest.mark.parametrize("dispute", of_kind("ratio"), ids=lambda d: d.id)
def test_disputed_ratios(dispute: Dispute) -> None:
    check = dispute.check
    more, less = (first_unit(code, check["on"]) for code in check["codes"])
    assert round(more / less, 3) == Decimal(check["held"])
    assert f"{round((more / less - 1) * 100, 1)} percent" in dispute.ruling


@pytest.mark.parametrize("dispute", of_kind("rvu"), ids=lambda d: d.id)
def test_disputed_relative_values(dispute: Dispute) -> None:
    check = dispute.check
    held = getattr(KNOWLEDGE.rvu(check["code"], check["on"]), check["field"])
    assert held == Decimal(check["held"])
    assert check["held"] in dispute.ruling


@pytest.mark.parametrize("dispute", of_kind("parameter"), ids=lambda d: d.id)
def test_disputed_parameters(dispute: Dispute) -> None:
    check = dispute.check
    assert KNOWLEDGE.dated(check["parameter"], on=check["on"]).value == check["held"]
