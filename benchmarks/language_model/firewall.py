"""How the number firewall does on honest and on mutated drafts, and how long it takes."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from assistant.answering import Assistant
from assistant.conversation import Answer, Inquiry
from assistant.llm_agent.agent import LlmAgent
from assistant.llm_agent.evidence_held import Held, hold
from assistant.llm_agent.settings import ModelSettings
from assistant.llm_agent.slots import slots
from assistant.llm_agent.turn import check
from assistant.llm_agent.use import UseBook
from benchmarks.language_model.drafts import TODAY, honest, messages
from benchmarks.language_model.mutations import OPERATORS

HANDWRITTEN = Path(__file__).with_name("handwritten.yaml")
SETTINGS = ModelSettings("openai", "scripted", "http://127.0.0.1:1/v1")


@dataclass
class Result:
    """What was measured; `missed` and `alarmed` keep examples."""

    caught: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    alarms: int = 0
    honest: int = 0
    milliseconds: list[float] = field(default_factory=list)
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    alarmed: list[tuple[str, str, list[str]]] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """Milliseconds for one draft, what is held worked out too."""
        return sorted(self.milliseconds)[int(0.95 * len(self.milliseconds))]


@dataclass
class Case:
    """A message with its built-in answer."""

    message: str
    answer: Answer
    filled: dict[str, str]


def cases(assistant: Assistant, rng: random.Random, how_many: int) -> Iterator[Case]:
    for message in messages(rng, how_many):
        answer = assistant.answer(Inquiry((message,), TODAY))
        if answer.kind.value in ("claim", "guidance", "code_choice"):
            yield Case(message, answer, slots(answer, assistant.knowledge))


def measure(
    assistant: Assistant, *, seed: int, how_many: int, honest_drafts: int, mutated_drafts: int
) -> Result:
    """Check honest drafts, and mutations of them by every operator in turn."""
    rng, result = random.Random(seed), Result()
    agent = LlmAgent(
        SETTINGS, assistant.tools, assistant.knowledge, UseBook(assistant.library.folder)
    )
    held = list(cases(assistant, rng, how_many))
    for n in range(honest_drafts):
        case = held[n % len(held)]
        draft = honest(case.answer, rng)
        found = _faults(case, draft, agent, result)
        result.honest += 1
        if found:
            result.alarms += 1
            result.alarmed.append((case.message, draft, found))
    names = list(OPERATORS)
    tries = 0
    while sum(result.tried.values()) < mutated_drafts and tries < 40 * mutated_drafts:
        name, case = names[tries % len(names)], rng.choice(held)
        tries += 1
        draft = OPERATORS[name](honest(case.answer, rng), case.answer, rng)
        if draft is None:
            continue
        result.tried[name] += 1
        if _faults(case, draft, agent, result):
            result.caught[name] += 1
        else:
            result.missed.append((name, case.message, draft))
    return result


def handwritten(assistant: Assistant) -> dict[str, tuple[int, int, list[str]]]:
    """Of each kind of hand-written draft: how many, how many were refused, and the others."""
    result = Result()
    agent = LlmAgent(
        SETTINGS, assistant.tools, assistant.knowledge, UseBook(assistant.library.folder)
    )
    found: dict[str, tuple[int, int, list[str]]] = {}
    for told in yaml.safe_load(HANDWRITTEN.read_text(encoding="utf-8")):
        answer = assistant.answer(Inquiry((told["message"],), TODAY))
        case = Case(told["message"], answer, slots(answer, assistant.knowledge))
        for kind in ("honest", "figure", "meaning"):
            for draft in told.get(kind, []):
                refused = bool(_faults(case, draft, agent, result))
                drafts, caught, odd = found.get(kind, (0, 0, []))
                odd = [*odd, draft] if refused == (kind == "honest") else odd
                found[kind] = (drafts + 1, caught + refused, odd)
    return found


def _faults(case: Case, draft: str, agent: LlmAgent, result: Result) -> list[str]:
    vocabulary = agent.vocabulary
    start = time.perf_counter()
    held: Held = hold(case.answer, (case.message,))
    found = check(draft, held, case.filled, vocabulary)
    result.milliseconds.append((time.perf_counter() - start) * 1000)
    return found
