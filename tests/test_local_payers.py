"""A clinic's own payer profiles, beside and over the shipped ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant import knowledge as knowledge_base
from assistant.answering import Assistant
from assistant.claim import Clinician, Discipline, Service, Visit
from assistant.command_line import main
from assistant.errors import KnowledgeError
from assistant.folders import local_folder
from assistant.knowledge.checking import faults
from assistant.rules.visit import review

PAGE = Path(__file__).parents[1] / "docs/payers.md"
DAY = date(2026, 3, 2)


def page_files() -> tuple[str, str]:
    """The two files that the page shows."""
    blocks = [part.split("```")[0] for part in PAGE.read_text("utf-8").split("```yaml\n")[1:]]
    return blocks[0], blocks[1]


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sources, profile = page_files()
    (tmp_path / "payers").mkdir()
    (tmp_path / "sources.yaml").write_text(sources)
    (tmp_path / "payers/ourplan.yaml").write_text(profile)
    monkeypatch.setenv("ASSISTANT_LOCAL", str(tmp_path))
    return tmp_path


def test_a_profile_of_our_own_decides(local: Path) -> None:
    tools, held = Assistant.open().tools, Assistant.open().knowledge
    services = tuple(Service(code, 10) for code in ("97110", "97530", "97140", "97112", "97116"))
    found = tools.review_visit(Visit(services, DAY, "ourplan", Discipline.PT))
    assert [line.units for line in found.lines] == [1] * 5  # each code alone; pooled it were three
    assert found.assumptions == ()
    assert "payer-limit-ourplan" in {f.id for f in found.findings}
    assert held.payers.keys() > knowledge_base.load().payers.keys()
    assert not [fault for fault in faults(held) if "payers" in fault]


def test_its_order_of_modifiers_is_kept(local: Path) -> None:
    visit = Visit((Service("97110", 15, Clinician.ASSISTANT),), DAY, "ourplan", Discipline.PT)
    ours = review(visit, knowledge_base.load(local))
    assert ours.lines[0].modifiers == ("GP", "CQ")


def test_a_shipped_profile_is_replaced_as_a_whole(local: Path) -> None:
    profile = page_files()[1].replace("id: ourplan", "id: aetna")
    (local / "payers/aetna.yaml").write_text(profile.replace("[our plan, ourplan ppo]", "[]"))
    held = knowledge_base.load(local)
    assert held.payer("aetna").name == "Our Plan"
    assert knowledge_base.load().payer("aetna").name == "Aetna"
    assert "assistant_modifiers" not in held.payer("aetna").values


def test_without_the_variable_the_shipped_ones_stand() -> None:
    assert local_folder({}) is None
    assert local_folder({"ASSISTANT_LOCAL": "  "}) is None


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KnowledgeError, match="not a folder"):
        local_folder({"ASSISTANT_LOCAL": str(tmp_path / "none")})
    monkeypatch.setenv("ASSISTANT_LOCAL", str(tmp_path / "none"))
    assert main(["ask", "97110 15 minutes"]) == 2
    assert "ASSISTANT_LOCAL" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("value: ama", "value: eights", "counting_rule: is 'eights', not cms or ama"),
        ("value: 4,", "value: four,", "not a whole number of units"),
        ("value: 4,", "value: 0,", "not a whole number of units"),
        ("[GP,", "[GPS,", "not a list of two-character modifiers"),
        ("kind: commercial", "kind: hmo", "kind is 'hmo', not one of medicare"),
        ("counting_rule:", "counting_rules:", "unknown key counting_rules"),
        ("source: ourplan-contract-2026", "source: nowhere", "no source is called nowhere"),
        ("from: 2026-01-01, ", "", "has neither a first day"),
        ("certainty: verified", "certainty: sure", "certainty is 'sure'"),
        ("values:", "values: []\nmore:", "values is not a mapping|unknown key"),
        ("values:", "values: {counting_rule: ama}\nmore:", "values is not a mapping"),
        ("id: ourplan", "id: [", "is not YAML"),
    ],
)
def test_a_bad_profile_is_refused_by_name(right: str, wrong: str, told: str, local: Path) -> None:
    profile = page_files()[1]
    assert right in profile
    (local / "payers/ourplan.yaml").write_text(profile.replace(right, wrong, 1))
    with pytest.raises(KnowledgeError, match=told) as caught:
        _ = knowledge_base.load(local).payers
    assert "ourplan.yaml" in str(caught.value)


@pytest.mark.parametrize(
    "edit", ["{pair: [97140], on: 97140}", "{pair: [97140, 97530], on: 97110}", "97140"]
)
def test_an_edit_of_its_own_names_two_codes(edit: str, local: Path) -> None:
    extra = f"  still_edits:\n  - {{value: [{edit}], as_of: '2026', source: ama-cpt, "
    text = page_files()[1] + extra + "certainty: verified}\n"
    (local / "payers/ourplan.yaml").write_text(text)
    with pytest.raises(KnowledgeError, match="still_edits: is"):
        _ = knowledge_base.load(local).payers
