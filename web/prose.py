"""An answer's text without what its page shows as parts of their own."""

from __future__ import annotations

from assistant.conversation import Answer, AnswerKind

DISPUTES, CHANGES = "**Published otherwise**", "**Changed**"
SHORT = 40  # characters around a question that say nothing of their own
DISPUTE = "dispute-"  # begins the id of such a finding


def _asks(block: str, answer: Answer) -> bool:
    """Whether a paragraph says no more than a question that the page shows as one."""
    asked = [question.text for question in answer.questions]
    return any(text in block and len(block) < len(text) + SHORT for text in asked)


def without_repeats(answer: Answer) -> str:
    """The text without the list items that the page shows as parts of their own."""
    shown = {
        *(finding.text for finding in answer.findings),
        *(question.text for question in answer.questions),
        *(why.text for choice in answer.code_choices for why in choice.why),
        *answer.assumptions,
    }

    def repeats(line: str) -> bool:
        return line.startswith("- ") and any(said in line for said in shown)

    apart: tuple[str, ...] = (CHANGES,) if answer.changes else ()
    if any(found.id.startswith(DISPUTE) for found in answer.findings):
        apart = (*apart, DISPUTES)
    blocks: list[str] = []
    for block in answer.text.split("\n\n"):
        if apart and block.startswith(apart):
            continue
        if answer.kind is AnswerKind.CLARIFY and _asks(block, answer):
            continue
        kept = [line for line in block.split("\n") if not repeats(line)]
        heading_alone = len(kept) == 1 and kept[0].startswith("**") and kept[0].endswith("**")
        if not heading_alone or "\n" not in block:
            blocks.append("\n".join(kept))
    return "\n\n".join(blocks)
