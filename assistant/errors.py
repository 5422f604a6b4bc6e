"""What can go wrong, sorted by who can mend it."""


class AssistantError(Exception):
    """Anything this project raises on purpose."""


class CodingError(AssistantError):
    """The question cannot be answered as it was put; the message says what to do."""


class MissingFact(CodingError):
    """A fact is needed that nobody gave; the message is the question to ask."""


class ImpossibleFact(CodingError):
    """A fact cannot be true (minus five minutes, a code that no list holds).

    Attributes:
        field: which fact, in the field's words ("minutes", "date of service").
        value: what was given.
    """

    def __init__(self, field: str, value: object, mend: str) -> None:
        super().__init__(mend)
        self.field = field
        self.value = value


class NotInForce(CodingError):
    """We hold no value for that date; the message names the value and the dates we do hold."""


class UnknownCode(CodingError):
    """The code is not among the therapy codes we hold."""


class KnowledgeError(AssistantError):
    """A file of the knowledge base is wrong; for its maintainer, and it stops the build."""


class LibraryError(AssistantError):
    """The store of passages cannot be used; the message says why and what to do."""
