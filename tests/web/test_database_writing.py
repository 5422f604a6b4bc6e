"""Transactions that write at the same time: each whole or not there, and over once it is kept."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from web.accounts.audit import Audit
from web.accounts.person import OWNER
from web.database.engine import connect, open_database
from web.database.writing import MOST, writing

MANY = 200


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = connect(f"sqlite:///{tmp_path / 'kept.sqlite'}")
    with writing(made) as connection:
        connection.execute(text("CREATE TABLE kept (name TEXT PRIMARY KEY)"))
    yield made
    made.dispose()


def keep(connection: Connection, *names: object) -> None:
    for name in names:
        connection.execute(text("INSERT INTO kept VALUES (:name)"), {"name": str(name)})


def kept(engine: Engine) -> set[str]:
    """What another connection sees."""
    with engine.connect() as connection:
        return set(connection.scalars(text("SELECT name FROM kept")))


def test_what_many_write_at_once_is_all_there_when_each_is_over(engine: Engine) -> None:
    def write(number: int) -> bool:
        with writing(engine) as connection:
            keep(connection, number)
        return str(number) in kept(engine)

    with ThreadPoolExecutor(32) as pool:
        assert all(pool.map(write, range(MANY)))
    assert kept(engine) == {str(number) for number in range(MANY)}


def test_one_that_fails_leaves_nothing_and_takes_nobody_along(engine: Engine) -> None:
    def write(number: int) -> bool:
        try:
            with writing(engine) as connection:
                keep(connection, f"first of {number}", number // 2)  # every other one repeats it
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(32) as pool:
        done = list(pool.map(write, range(MANY)))
    assert sum(done) == MANY // 2
    firsts = {f"first of {number}" for number, whole in enumerate(done) if whole}
    assert kept(engine) == firsts | {str(number) for number in range(MANY // 2)}


def test_one_that_fails_alone_is_undone_and_the_next_is_kept(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as connection:
        keep(connection, "first", "first")
    with writing(engine) as connection:
        keep(connection, "second")
    assert kept(engine) == {"second"}


def test_those_that_come_while_one_writes_share_a_commit(engine: Engine) -> None:
    commits: list[int] = []
    event.listen(engine, "commit", lambda _: commits.append(1))
    inside, go_on, coming = threading.Event(), threading.Event(), threading.Semaphore(0)

    def first() -> None:
        with writing(engine) as connection:
            keep(connection, "first")
            inside.set()
            go_on.wait()

    def later(number: int) -> None:
        coming.release()
        with writing(engine) as connection:
            keep(connection, number)

    with ThreadPoolExecutor(11) as pool:
        leading = pool.submit(first)
        inside.wait()
        others = [pool.submit(later, number) for number in range(10)]
        for _ in others:
            coming.acquire()
        assert not any(one.done() for one in others)
        go_on.set()
        for one in (leading, *others):
            one.result()
    assert len(kept(engine)) == 11
    assert len(commits) < 11 <= MOST


def test_a_commit_that_fails_is_told_to_each_of_its_transactions(engine: Engine) -> None:
    def no_disk(connection: Connection) -> None:
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    event.listen(engine, "commit", no_disk)

    def write(number: int) -> bool:
        try:
            with writing(engine) as connection:
                keep(connection, number)
        except OperationalError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(write, range(20)))
    event.remove(engine, "commit", no_disk)
    assert kept(engine) == set()
    with writing(engine) as connection:
        keep(connection, "afterwards")
    assert kept(engine) == {"afterwards"}


def test_the_audit_log_s_chain_holds_when_many_write_at_once(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'audit.sqlite'}")
    audit = Audit(engine)
    before = audit.verify().rows

    def undone(number: int) -> None:
        with writing(engine) as connection:
            audit.append(connection, OWNER, "test.undone", str(number))
            raise ZeroDivisionError

    def note(number: int) -> None:
        if number % 5:
            audit.record(OWNER, "test.noted", str(number))
            return
        with pytest.raises(ZeroDivisionError):
            undone(number)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(note, range(MANY)))
    verdict = audit.verify()
    engine.dispose()
    assert (verdict.fault, verdict.rows - before) == ("", MANY * 4 // 5)
