"""What the tests of the language model share: a question asked, and fields compared."""

from datetime import date

from assistant.conversation import Inquiry

TODAY = date(2026, 11, 21)
FIELDS = ("kind", "claims", "code_choices", "findings", "citations", "assumptions", "trace")


def ask(assistant, *messages):
    return assistant.answer(Inquiry(messages, TODAY))


def same_fields(answer, other):
    return all(getattr(answer, name) == getattr(other, name) for name in FIELDS)
