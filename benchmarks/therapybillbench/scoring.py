"""Whether an answer holds what an item expects. Reads only the answer contract's fields."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.therapybillbench import bills
from benchmarks.therapybillbench.items import Item

Answer = Mapping[str, Any]


def faults(item: Item, answer: Answer) -> list[str]:
    """What is wrong with the answer to an item's last turn; nothing where it is right."""
    found = [CHECKS[key](answer, wanted) for key, wanted in item.expect.items()]
    return [fault for fault in found if fault]


def _bill(answer: Answer, wanted: str | list[str]) -> str:
    """One claim with exactly these lines; of several, one stands and the others are offered."""
    if len(answer["claims"]) != 1:
        return f"one claim expected, {len(answer['claims'])} given ({answer['kind']})"
    return _claim(answer["claims"][0], wanted)


def _claim(claim: Mapping[str, Any], wanted: str | list[str]) -> str:
    permitted = {bills.parse(one) for one in ([wanted] if isinstance(wanted, str) else wanted)}
    given = bills.of_answer(claim["lines"])
    offered = {given} | {bills.of_answer(lines) for lines in claim["alternatives"]}
    if offered == permitted:
        return ""
    shown = " or ".join(map(bills.show, [given, *sorted(offered - {given}, key=bills.show)]))
    return f"{shown} instead of {' or '.join(map(bills.show, sorted(permitted, key=bills.show)))}"


def _chosen(answer: Answer, wanted: str) -> str:
    """The line set that the clinician chose stands, whatever else is offered."""
    if len(answer["claims"]) != 1:
        return f"one claim expected, {len(answer['claims'])} given"
    given = bills.of_answer(answer["claims"][0]["lines"])
    return "" if given == bills.parse(wanted) else f"{bills.show(given)} instead of {wanted}"


def _claims(answer: Answer, wanted: list[str | list[str]]) -> str:
    if len(answer["claims"]) != len(wanted):
        return f"{len(wanted)} claims expected, {len(answer['claims'])} given"
    found = [_claim(c, w) for c, w in zip(answer["claims"], wanted, strict=True)]
    return "; ".join(filter(None, found))


def _codes(answer: Answer, wanted: list[str]) -> str:
    """These codes, chosen or on the claim, and no question about the choice."""
    given = [choice["code"] for choice in answer["code_choices"]]
    lines = (line["code"] for claim in answer["claims"] for line in claim["lines"])
    given += [code for code in dict.fromkeys(lines) if code not in given]
    asked = [q["text"] for q in answer["questions"] if q["id"].startswith("choice")]
    right = [None if code == "none" else code for code in wanted]
    if sorted(map(str, given)) == sorted(map(str, right)) and not asked:
        return ""
    return f"codes {given} instead of {right}" + (f", and asks {asked}" if asked else "")


def _asks_between(answer: Answer, wanted: list[str]) -> str:
    choices = answer["code_choices"]
    if len(choices) != 1 or choices[0]["code"] is not None or not answer["questions"]:
        return f"no question; codes {[c['code'] for c in choices]}"
    missing = set(wanted) - set(choices[0]["candidates"])
    return f"{sorted(missing)} not among {choices[0]['candidates']}" if missing else ""


def _kind(answer: Answer, wanted: str) -> str:
    return "" if answer["kind"] == wanted else f"kind {answer['kind']} instead of {wanted}"


def _asks(answer: Answer, wanted: bool) -> str:
    return "" if bool(answer["questions"]) == wanted else f"questions: {answer['questions']}"


def _no_lines(answer: Answer, _: bool) -> str:
    lines = [bills.show(bills.of_answer(c["lines"])) for c in answer["claims"] if c["lines"]]
    return f"bills {lines}" if lines else ""


def _units(answer: Answer) -> list[int]:
    return [claim["timed_units"] for claim in answer["claims"]]


def _timed_units(answer: Answer, wanted: int) -> str:
    return "" if _units(answer) == [wanted] else f"units {_units(answer)} instead of {wanted}"


def _timed_units_at_most(answer: Answer, most: int) -> str:
    return "" if all(n <= most for n in _units(answer)) else f"units {_units(answer)}"


def _not_units(answer: Answer, wrong: list[int]) -> str:
    return f"units {_units(answer)}" if set(wrong) & set(_units(answer)) else ""


def _text_has(answer: Answer, wanted: list[str]) -> str:
    missing = [w for w in wanted if w.lower() not in answer["text"].lower()]
    return f"the text does not say {missing}" if missing else ""


def _text_not(answer: Answer, wrong: list[str]) -> str:
    said = [w for w in wrong if w.lower() in answer["text"].lower()]
    return f"the text says {said}" if said else ""


def _masked(answer: Answer, hidden: list[str]) -> str:
    """No identifier anywhere in the answer."""
    whole = json.dumps(answer, ensure_ascii=False)
    shown = [h for h in hidden if h in whole]
    return f"shows {shown}" if shown else ""


def _cites(answer: Answer, wanted: bool) -> str:
    return "" if bool(answer["citations"]) == wanted else "cites nothing"


def _threshold(answer: Answer, passed: bool) -> str:
    told = [c.get("threshold") for c in answer["claims"] if c.get("threshold")]
    given = [t["kx"] for t in told]
    return "" if given == [passed] else f"KX {given} instead of {passed}"


def _day(answer: Answer, wanted: str) -> str:
    given = [claim["date_of_service"] for claim in answer["claims"]]
    return "" if given == [wanted] else f"day {given} instead of {wanted}"


CHECKS: dict[str, Callable[[Answer, Any], str]] = {
    "asks": _asks,
    "asks_between": _asks_between,
    "bill": _bill,
    "chosen": _chosen,
    "cites": _cites,
    "claims": _claims,
    "codes": _codes,
    "day": _day,
    "kind": _kind,
    "masked": _masked,
    "no_lines": _no_lines,
    "not_units": _not_units,
    "text_has": _text_has,
    "text_not": _text_not,
    "threshold": _threshold,
    "timed_units": _timed_units,
    "timed_units_at_most": _timed_units_at_most,
}
