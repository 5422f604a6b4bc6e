"""Patterns are compiled late: a fault in one would show only when a message meets it."""

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

import assistant
from assistant.patterns import Uncompiled, regex


def uncompiled(value: object) -> Iterator[Uncompiled]:
    """The late patterns in a module's value, in tuples, lists and mappings too."""
    if isinstance(value, Uncompiled):
        yield value
    elif isinstance(value, dict):
        yield from uncompiled(list(value.values()))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from uncompiled(one)


def test_every_pattern_compiles() -> None:
    names = [m.name for m in pkgutil.walk_packages(assistant.__path__, "assistant.")]
    modules = [importlib.import_module(n) for n in names if not n.endswith("__main__")]
    found = [one for module in modules for one in uncompiled(list(vars(module).values()))]
    assert len(found) > 400
    for one in found:
        assert re.compile(one.pattern, one._flags).groups == one.groups


def test_a_pattern_is_what_re_compiles() -> None:
    late, early = regex(r"(?P<n>\d+) MIN", re.I), re.compile(r"(?P<n>\d+) MIN", re.I)
    text = "10 min, 20 MIN"
    assert [m["n"] for m in late.finditer(text)] == [m["n"] for m in early.finditer(text)]
    assert (late.pattern, late.flags, late.groups) == (early.pattern, early.flags, early.groups)
    assert late.sub("x", text) == "x, x"


def test_a_fault_is_said_when_the_pattern_is_used() -> None:
    wrong = regex("(")
    with pytest.raises(re.error, match="unterminated"):
        wrong.search("text")


def test_a_visit_leaves_patterns_alone_that_it_does_not_meet() -> None:
    asked = (
        "import gc; from assistant.patterns import Uncompiled;"
        "from assistant.command_line import main; main(['ask', '20 min 97530, Medicare PT']);"
        "every = [o for o in gc.get_objects() if isinstance(o, Uncompiled)];"
        "print(len(every), sum(len(vars(o)) > 2 for o in every))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    every, used = map(int, done.stdout.split()[-2:])
    assert used < every * 3 / 4
