"""The loader refuses bad knowledge; each fault is put into a copy of the real files."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import KnowledgeError, NotInForce
from assistant.knowledge import Knowledge
from assistant.knowledge.base import SHIPPED

KX = "parameters/medicare/kx_threshold_ot.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped knowledge base that a test may spoil."""
    return shutil.copytree(SHIPPED, tmp_path / "knowledge_base")


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} no longer holds {old!r}; mend the test"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_copy_is_sound(folder: Path):
    Knowledge(folder).check()


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        pytest.param(KX, "label:", "lable:", "label", id="unknown key"),
        pytest.param(KX, "until: 2025-12-31", "until: 2026-06-30", "overlap", id="dates overlap"),
        pytest.param(KX, "source: ", "sauce: ", "source", id="value without a source"),
        pytest.param(KX, "certainty: ", "certainty: un", "certainty", id="certainty of no kind"),
        pytest.param(
            "sources.yaml", "authority: cms-manual", "authority: cms", "authority", id="authority"
        ),
        pytest.param(
            "statements/units.yaml",
            "source: cms-claims-manual-ch5",
            "source: nobody",
            "nobody",
            id="source that is not there",
        ),
        pytest.param(
            "disputes.yaml", "says_short:", "says:", "says", id="unknown key in the ledger"
        ),
        pytest.param(
            "tables/edits/ncci.csv", "2000-07-01", "2000-07-41", "2000-07-41", id="no such day"
        ),
        pytest.param(
            "tables/codes/codes.csv", ",fifteen,", ",fiften,", "fiften", id="clock of no kind"
        ),
        pytest.param("tables/codes/names.csv", "97110,", "97999,", "97999", id="code not held"),
        pytest.param(
            "payers/aetna.yaml", "daily_unit_limit", "unit_limit", "unit_limit", id="payer's key"
        ),
    ],
)
def test_a_fault_is_refused_and_named(folder: Path, name: str, old: str, new: str, told: str):
    spoil(folder, name, old, new)
    with pytest.raises(KnowledgeError, match=told):
        Knowledge(folder).check()


def test_an_undated_value_is_refused(folder: Path):
    path = folder / KX
    path.write_text("label: x\nunit: USD\nvalues:\n  '': {value: 1, source: cms-pfs-2026}\n")
    with pytest.raises(KnowledgeError, match="kx_threshold_ot"):
        Knowledge(folder).check()


def test_the_day_before_and_the_day_of_a_change():
    knowledge = Knowledge()
    name = "medicare/kx_threshold_ot"
    assert knowledge.dated(name, on=date(2025, 12, 31)).value == 2410
    assert knowledge.dated(name, on=date(2026, 1, 1)).value == 2480
    with pytest.raises(NotInForce, match="2018-01-01 to 2026-12-31"):
        knowledge.dated(name, on=date(2027, 1, 1))


def test_the_chart_goes_on_to_the_claim_line():
    steps = Knowledge().claim_steps
    assert [len(step.answers) for step in steps] == [3, 2, 3]
    assert "97140" in steps[0].question
    assert [answer for answer, _ in steps[1].answers] == ["yes", "no"]
    assert [brings for _, brings in steps[-1].answers] == ["GP", "GO", "GN"]
