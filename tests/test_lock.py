"""The lock files name every package once, with hashes, and no place to fetch it from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))


def blocks(lock: str) -> list[list[str]]:
    """Each locked package as its lines: the requirement, then its hashes."""
    text = (TOP / lock).read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return [block.split() for block in re.split(r"\n(?=\S)", text.replace("\\\n", " "))]


def requirements(lock: str) -> list[Requirement]:
    texts = (" ".join(w for w in block if not w.startswith("--")) for block in blocks(lock))
    return [Requirement(text) for text in texts]


def wanted(lock: str) -> list[Requirement]:
    groups = PROJECT["dependency-groups"]
    if lock == "requirements-dev.lock":
        return [Requirement(text) for text in groups["dev"]]
    extras = PROJECT["project"]["optional-dependencies"].values()
    lists = [PROJECT["project"]["dependencies"], *extras, groups["setup"]]
    return [Requirement(text) for texts in lists for text in texts]


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_is_pinned_and_hashed(lock):
    assert len(blocks(lock)) > 10
    for name, *rest in blocks(lock):
        assert re.fullmatch(r"[a-z0-9-]+==[\w.!+]+", name)
        assert [word for word in rest if re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", word)], name


@pytest.mark.parametrize("lock", LOCKS)
def test_no_place_and_no_option_is_named(lock):
    text = (TOP / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|file:|@|(?m:^\s*-(?!-hash=))", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_gpu_package_is_locked(lock):
    names = [requirement.name for requirement in requirements(lock)]
    assert [n for n in names if re.match(r"cuda|nvidia|triton|torch-", n)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_satisfies_the_project(lock):
    locked = {
        canonicalize_name(r.name): next(iter(r.specifier)).version for r in requirements(lock)
    }
    for requirement in wanted(lock):
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)])


def test_both_locks_name_the_same_versions():
    run, dev = ({(r.name, str(r.marker)): r.specifier for r in requirements(x)} for x in LOCKS)
    assert {
        name: (run[name], dev[name]) for name in run.keys() & dev if run[name] != dev[name]
    } == {}
