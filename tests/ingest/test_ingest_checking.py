"""What is refused of our own guides."""

import pytest

from assistant.knowledge import Guide, load
from assistant.library.guides import guide_document
from ingest.checking import guide_faults


def test_the_shipped_guides_have_no_fault():
    knowledge = load()
    assert [fault for guide in knowledge.guides for fault in guide_faults(guide, knowledge)] == []


def faults_of(body: str) -> list[str]:
    knowledge = load()
    first = knowledge.guides[0]
    guide = Guide(**{name: getattr(first, name) for name in Guide.__slots__} | {"body": body})
    return list(guide_faults(guide, knowledge))


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("Units are counted.", "has no reference"),
        ("Units are counted. Minutes too. [cms-claims-manual-ch5]", "needs a reference"),
        ("Units are counted. [no-such-source §1]", "neither a source nor a statement"),
        ("[cms-claims-manual-ch5]", "without a sentence"),
        ("Say [your plan] here. [cms-claims-manual-ch5]", "is neither a source nor a statement"),
        ("", "says nothing"),
    ],
)
def test_faults_of_a_guide(body: str, fault: str):
    assert any(fault in one for one in faults_of(body))


def test_a_guide_with_its_references_has_no_fault():
    body = "Add the minutes, e.g. U.S. ones. [cms-claims-manual-ch5 §20.2.C] [cms-cr-10176]"
    assert faults_of(body) == []


def test_a_changed_guide_is_a_new_document():
    knowledge = load()
    guide = knowledge.guides[0]
    fields = {name: getattr(guide, name) for name in Guide.__slots__}
    changed = Guide(**fields | {"asked_as": (*guide.asked_as, "another way to ask")})
    one, _ = guide_document(guide, knowledge)
    other, _ = guide_document(changed, knowledge)
    assert one.id == other.id
    assert one.hash != other.hash
