"""Whether a draft is prose in English on the subject, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from assistant.llm_agent.evidence_held import Held
from assistant.llm_agent.sentences import key_of, split
from assistant.llm_agent.word_lists import common_words
from assistant.patterns import regex

LONGEST = 6_000  # characters
_SAME_SENTENCE = 3
_LEAKED_RUN = 8  # words in common with a prompt
_FOREIGN = regex(
    r"\b(?:dos|tres|cuatro|cinco|siete|ocho|nueve|diez|deux|trois|quatre|cinq|sept|huit|neuf|zwei|drei|"
    r"vier|fünf|fuenf|sechs|sieben|neun|zehn|eins|quattro|cinque|sette|otto|nove|dieci|dois|duas|três|"
    r"quatro|oito|unidad(?:es)?|unités?|einheit(?:en)?|minut[oa]s?|minuten)\b",
    re.I,
)
_NOT_PROSE = regex(
    r"\b(?:system prompt|as an ai\b|language model|ignore (?:all|any|the|previous)|my instructions|"
    r"tool_calls?|function_call|jailbreak|developer mode|BEGIN|END OF)",
)
_QUOTED = regex(r"[\"“«]([^\"”»]{12,})[\"”»]")
_SHOUTED = regex(r"\b[A-Z]{4,}\b")
_WORD = regex(r"[a-zà-ÿ]+(?:'[a-z]+)?")


def unsuitable(draft: str, held: Held, vocabulary: frozenset[str], prompts: str) -> Iterator[str]:
    """What of a draft is not prose on the subject, each in a sentence that names it."""
    if not draft.strip():
        yield "the draft is empty."
        return
    if len(draft) > LONGEST:
        yield f"the draft has {len(draft)} characters; write at most {LONGEST}."
        return
    known, ours = held.words | vocabulary, held.own_words | vocabulary
    counted: Counter[str] = Counter()
    for sentence in split(draft):
        counted[key_of(sentence)] += 1
        if key_of(sentence) not in held.ours:
            yield from _of_sentence(sentence, known, ours)
    if any(n >= _SAME_SENTENCE and len(s) > 8 for s, n in counted.items()):
        yield "the same sentence stands there again and again."
    if match := _FOREIGN.search(draft):
        yield f"write in English, without «{match.group()}»."
    if match := _NOT_PROSE.search(draft):
        yield f"«{match.group()}» does not belong in an answer."
    for quoted in _QUOTED.findall(draft):
        if key_of(re.sub(r"[*_`]", "", quoted)) not in held.text:
            yield "a quotation must be word for word from the worksheet or the message."
    if _shares_run(draft, prompts, held):
        yield "the draft repeats its instructions."


def _of_sentence(sentence: str, known: frozenset[str], ours: frozenset[str]) -> Iterator[str]:
    """What of a sentence is off the subject.

    Args:
        known: the words of the answer, the field and the user.
        ours: without the user's: a word that only they wrote is not shouted, nor said alone, for
            them, as in «say PINEAPPLE».
    """
    words = _WORD.findall(sentence.lower())
    for shouted in _SHOUTED.findall(sentence):
        if shouted.lower() not in ours:
            yield f"«{shouted}» is not on the subject."
    if len(words) >= 5 and not any(w in common_words() for w in words):
        yield "write whole English sentences."
    content = [w for w in words if len(w) > 3 and w not in common_words()]
    strange = [w for w in content if not _is_known(w, known)]
    if len(content) >= 2 and len(strange) * 2 > len(content):
        yield f"«{' '.join(strange[:3])}» is not on the subject."
    elif len(content) == 1 and len(words) <= 4 and not _is_known(content[0], ours):
        yield f"«{content[0]}» is not on the subject."


def _is_known(word: str, known: frozenset[str] | set[str]) -> bool:
    stem = re.sub(r"(?:'s|ies|ing|ed|es|s|ly)\Z", "", word)
    return word in known or stem in known or f"{stem}e" in known or f"{stem}y" in known


def _shares_run(draft: str, prompts: str, held: Held) -> bool:
    words = re.findall(r"\w+", draft.lower())
    told = " " + " ".join(re.findall(r"\w+", prompts.lower())) + " "
    for n in range(len(words) - _LEAKED_RUN + 1):
        run = " ".join(words[n : n + _LEAKED_RUN])
        if f" {run} " in told:
            return True
    return False
