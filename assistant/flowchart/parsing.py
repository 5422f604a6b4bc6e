"""Plain data to a chart; anything that would mislead a reader stops here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.errors import KnowledgeError
from assistant.flowchart.nouns import (
    Activity,
    ActivityOption,
    ChartQuestion,
    Flowchart,
    Intent,
    Outcome,
    Verdict,
    Wording,
    route,
)

KINDS = ("purpose", "circumstance", "qualifier")
PLACES = ("", "before", "around", "anywhere")
LONGEST_OPTION = 12  # words; an option is a button and a message to send back


def parse_flowchart(raw: Mapping[str, Any], name: str) -> Flowchart:
    """The chart of that name.

    Args:
        raw: content of the folder's files by stem: the chart, ``activities``, ``cues`` and, where
            there is one, ``treatments``.
        name: the chart's stem.

    Raises:
        KnowledgeError: an unknown key, a target or intent that does not exist, a question that
            nothing leads to, a circle, a purpose whose answers do not reach an outcome.
    """
    chart = _Keys(raw.get(name), f"flowcharts/{name}.yaml")
    cues = _Keys(raw.get("cues"), "flowcharts/cues.yaml")
    listed = _Keys(raw.get("activities"), "flowcharts/activities.yaml")
    first = chart.text("first")
    questions = {q.id: q for q in map(_question, _each(chart, "questions"))}
    outcomes = {o.id: o for o in map(_outcome, _each(chart, "outcomes"))}
    _check_shape(first, questions, outcomes, chart.where)
    called = _Keys(raw.get("treatments", {}), "flowcharts/treatments.yaml")
    intents = {
        i.id: i for i in (_intent(k, called, questions, first) for k in _each(cues, "intents"))
    }
    activities = {a.id: a for a in (_activity(k, intents) for k in _each(listed, "activities"))}
    title, ask, wording = chart.text("title"), chart.text("ask"), _wording(cues)
    for keys in (chart, cues, listed, called):
        keys.end()
    return Flowchart(title, first, ask, questions, outcomes, intents, activities, wording)


class _Keys:
    """A mapping read key by key; what nobody asked for is an unknown key."""

    def __init__(self, raw: Any, where: str) -> None:
        if not isinstance(raw, Mapping):
            raise KnowledgeError(f"{where}: is missing or is not a mapping.")
        # YAML reads the keys yes and no as true and false
        self._raw = {_word(key) if isinstance(key, bool) else key: raw[key] for key in raw}
        self.where = where

    def text(self, key: str, default: str | None = None) -> str:
        value = self._raw.pop(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise KnowledgeError(f"{self.where}: {key} is missing or is not text.")
        return " ".join(value.split())

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.items(key)
        if not all(isinstance(item, str) for item in value):
            raise KnowledgeError(f"{self.where}: {key} is not a list of texts.")
        return tuple(value)

    def flag(self, key: str) -> bool:
        value = self._raw.pop(key, False)
        if not isinstance(value, bool):
            raise KnowledgeError(f"{self.where}: {key} is neither true nor false.")
        return value

    def verdict(self, key: str) -> Verdict | None:
        value = self._raw.pop(key, None)
        return None if value is None else _verdict(value, f"{self.where}: {key}")

    def mapping(self, key: str) -> dict[str, Any]:
        value = self._raw.pop(key, {})
        if not isinstance(value, Mapping):
            raise KnowledgeError(f"{self.where}: {key} is not a mapping.")
        return {str(name): item for name, item in value.items()}

    def items(self, key: str) -> list[Any]:
        value = self._raw.pop(key, [])
        if not isinstance(value, list):
            raise KnowledgeError(f"{self.where}: {key} is not a list.")
        return value

    def end(self) -> None:
        if self._raw:
            raise KnowledgeError(f"{self.where}: unknown key {', '.join(map(str, self._raw))}.")


def _word(value: bool) -> str:
    return "yes" if value else "no"


def _verdict(value: object, where: str) -> Verdict:
    word = _word(value) if isinstance(value, bool) else value
    if word not in tuple(Verdict):
        raise KnowledgeError(f"{where}: {value!r} is not yes, no or open.")
    return Verdict(str(word))


def _each(keys: _Keys, key: str) -> Iterator[_Keys]:
    seen = set()
    for item in keys.items(key):
        name = item.get("id") if isinstance(item, Mapping) else None
        if not name or name in seen:
            raise KnowledgeError(f"{keys.where}: {key}: the id {name!r} is missing or taken.")
        seen.add(name)
        yield _Keys(item, f"{keys.where}: {name}")


def _question(keys: _Keys) -> ChartQuestion:
    found = ChartQuestion(
        id=keys.text("id"),
        text=keys.text("text"),
        counts_as_yes=keys.text("counts_as_yes"),
        counts_as_no=keys.text("counts_as_no"),
        statement=keys.text("statement"),
        yes=keys.text("yes"),
        no=keys.text("no"),
        presumed=keys.verdict("presumed"),
        core=keys.flag("core"),
        options=keys.texts("options"),
    )
    keys.end()
    if len(found.options) not in (0, 2):
        raise KnowledgeError(f"{keys.where}: options are two, the yes and the no.")
    _check_options(found.options, keys.where)
    return found


def _outcome(keys: _Keys) -> Outcome:
    found = Outcome(
        keys.text("id"), keys.texts("codes"), keys.text("label"), keys.text("statement")
    )
    keys.end()
    return found


def _intent(
    keys: _Keys, called: _Keys, questions: Mapping[str, ChartQuestion], first: str
) -> Intent:
    answers = {q: _verdict(v, keys.where) for q, v in keys.mapping("answers").items()}
    if unknown := answers.keys() - questions.keys():
        raise KnowledgeError(f"{keys.where}: answers the unknown question {sorted(unknown)}.")
    name = keys.text("id")
    treatments = _Keys(called.mapping(name), f"{called.where}: {name}")
    found = Intent(
        id=name,
        kind=keys.text("kind", "purpose"),
        option=keys.text("option", ""),
        answers=answers,
        ultimate=keys.flag("ultimate"),
        named=keys.texts("named") + treatments.texts("named"),
        signs=keys.texts("signs") + treatments.texts("signs"),
        faint=keys.texts("faint") + treatments.texts("faint"),
        outcome=route(questions, first, answers)[1],
        beside=keys.text("beside", ""),
    )
    keys.end()
    treatments.end()
    if found.kind not in KINDS:
        raise KnowledgeError(f"{keys.where}: kind is {found.kind!r}, not one of {KINDS}.")
    if found.beside not in PLACES:
        raise KnowledgeError(f"{keys.where}: beside is {found.beside!r}, not one of {PLACES}.")
    if found.kind == "purpose" and not found.outcome:
        raise KnowledgeError(f"{keys.where}: its answers do not lead to an outcome.")
    _check_options((found.option,), keys.where)
    return found


def _activity(keys: _Keys, intents: Mapping[str, Intent]) -> Activity:
    found = Activity(
        id=keys.text("id"),
        cues=keys.texts("cues"),
        question=keys.text("question"),
        options=tuple(ActivityOption(text, str(i)) for text, i in keys.mapping("options").items()),
        leans=keys.text("leans", ""),
        as_goal=keys.text("as_goal", ""),
    )
    keys.end()
    named = {option.intent for option in found.options} | {found.leans, found.as_goal} - {""}
    if unknown := {name for name in named if name and name not in intents}:
        raise KnowledgeError(f"{keys.where}: unknown intent {', '.join(sorted(unknown))}.")
    if len({intents[option.intent].outcome for option in found.options}) < 2:
        raise KnowledgeError(f"{keys.where}: its options lead to one code; it needs no question.")
    _check_options([option.text for option in found.options], keys.where)
    return found


def _check_options(options: Iterator[str] | tuple[str, ...] | list[str], where: str) -> None:
    for option in options:
        if len(option.split()) > LONGEST_OPTION:
            raise KnowledgeError(f"{where}: more than {LONGEST_OPTION} words: {option!r}.")


def _wording(keys: _Keys) -> Wording:
    classes = {name: tuple(map(str, words)) for name, words in keys.mapping("classes").items()}
    spellings = {name: str(word) for name, word in keys.mapping("spellings").items()}
    return Wording(
        spellings=spellings,
        classes=classes,
        ignored=keys.texts("ignored"),
        purpose=keys.texts("purpose"),
        goal=keys.texts("goal"),
        cause=keys.texts("cause"),
        capitals=keys.texts("capitals"),
    )


def _check_shape(
    first: str,
    questions: Mapping[str, ChartQuestion],
    outcomes: Mapping[str, Outcome],
    where: str,
) -> None:
    """Refuse dangling targets, circles, and what no answer leads to."""
    if both := questions.keys() & outcomes.keys():
        raise KnowledgeError(f"{where}: question and outcome share the id {sorted(both)}.")
    reached: set[str] = set()

    def follow(here: str, above: tuple[str, ...]) -> None:
        if here in above:
            raise KnowledgeError(f"{where}: a circle: {' > '.join((*above, here))}.")
        if here not in questions and here not in outcomes:
            raise KnowledgeError(f"{where}: {(above or ('first',))[-1]} leads to {here!r}.")
        if here in reached:
            return
        if here in questions:
            for target in (questions[here].yes, questions[here].no):
                follow(target, (*above, here))
        reached.add(here)

    follow(first, ())
    if idle := (questions.keys() | outcomes.keys()) - reached:
        raise KnowledgeError(f"{where}: nothing leads to {', '.join(sorted(idle))}.")
