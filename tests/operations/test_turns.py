"""Waiting together, committing together: what fails takes nothing of the others along."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from desk.domain.refusals import Reason, Refused
from desk.models import Remembered, Visit, writers
from desk.models.writers import Writers
from desk.operations.turns import Turns

TOGETHER = 6


@pytest.fixture
def turns(desk_office):
    return Turns(Writers(desk_office.engine))


@pytest.fixture
def together(turns):
    """Run these at the turn of one who held the others up until all of them stood in line."""

    def run(works: list[Callable]):
        with ThreadPoolExecutor(len(works)) as threads:
            with turns.alone():
                futures = [threads.submit(turns.run, work) for work in works]
                while len(turns._waiting) < len(works):
                    threading.Event().wait(0.001)
            return [future.exception() or future.result() for future in futures]

    return run


def remember(name):
    """Return work that writes a row."""

    def work(connection):
        row = {"office": 1, "name": name}
        connection.execute(
            text("INSERT INTO remembered (office_id, scope, key, request_hash, answer, at) "
                 "VALUES (:office, 'test', :name, '', '', 0)"),
            row,
        )  # fmt: skip
        return name

    return work


def refuse(connection):
    remember("refused")(connection)
    raise Refused(Reason.NOBODY_WAITING)


def break_(connection):
    remember("broken")(connection)
    connection.execute(text("SELECT no_such_column FROM streams"))


def kept(office):
    return [row.key for row in office.rows(Remembered)]


class Commits(list):
    """The connections that committed, in order; while `fails`, the disk is full."""

    fails = False


@pytest.fixture
def at_commit(monkeypatch):
    """Every commit from now on."""
    commits, original = Commits(), writers.send

    def send(connection, statement, *values):
        if statement == "COMMIT":
            commits.append(connection)
            if commits.fails:
                raise ConnectionError("the disk is full")
        original(connection, statement, *values)

    monkeypatch.setattr(writers, "send", send)
    return commits


def test_one_who_is_alone(turns, desk_office):
    assert turns.run(remember("alone")) == "alone"
    assert kept(desk_office) == ["alone"]


def test_one_who_is_alone_and_refused(turns, desk_office):
    with pytest.raises(Refused):
        turns.run(refuse)
    assert kept(desk_office) == []
    assert turns.run(remember("next"))


def test_all_who_wait_get_their_own_answer_from_one_commit(together, desk_office, at_commit):
    answers = together([remember(f"{number}") for number in range(TOGETHER)])

    assert sorted(answers) == kept(desk_office) == [f"{number}" for number in range(TOGETHER)]
    assert len(at_commit) == 1


@pytest.mark.parametrize("failing", [refuse, break_])
def test_one_who_fails_takes_nothing_of_the_others_along(together, desk_office, failing):
    answers = together([remember("first"), failing, remember("last")])

    assert sorted(answer for answer in answers if isinstance(answer, str)) == ["first", "last"]
    assert sum(isinstance(answer, Exception) for answer in answers) == 1
    assert kept(desk_office) == ["first", "last"]


def test_all_may_fail(together, desk_office):
    answers = together([refuse] * 3)

    assert [type(answer) for answer in answers] == [Refused] * 3
    assert kept(desk_office) == []


def test_if_the_commit_fails_nobody_is_told_that_it_was_done(together, desk_office, at_commit):
    at_commit.fails = True
    answers = together([remember("first"), remember("last")])
    at_commit.fails = False

    assert [type(answer) for answer in answers] == [ConnectionError] * 2
    assert kept(desk_office) == []


def test_people_who_press_together_get_numbers_without_a_gap(desk_office):
    """Refusals, repeats and answers in the same commits."""

    def press(number):
        if number % 3 == 0:
            with pytest.raises(Refused):
                desk_office.sari.calls()
            return None
        return desk_office.arrives("A", key=f"tap-{number // 2}").facts["number"]

    with ThreadPoolExecutor(16) as threads:
        given = set(threads.map(press, range(60))) - {None}

    assert given == {row.label for row in desk_office.rows(Visit)}
    assert given == {f"A{number:03d}" for number in range(1, len(given) + 1)}
