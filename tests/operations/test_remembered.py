"""What was worked out is worked out again when something happened, and in another database."""

import pytest
from sqlalchemy import create_engine

from desk.reports.remembered import Remembered, last_event


@pytest.fixture
def counted():
    """A call that returns how often it was called."""
    calls = []

    def work():
        calls.append(None)
        return len(calls)

    return work


def test_the_same_question_is_answered_once(desk_office, counted):
    lately = Remembered[int](2)
    with desk_office.engine.connect() as reader:
        assert [lately.find(reader, key, counted) for key in ("a", "a", "b", "a")] == [1, 1, 2, 1]


def test_an_engine_with_options_is_the_same_database(desk_office, counted):
    lately, engine = Remembered[int](2), desk_office.engine
    with engine.connect() as reader, engine.execution_options(compiled_cache=None).connect() as other:
        assert [lately.find(each, "a", counted) for each in (reader, other)] == [1, 1]


def test_the_one_asked_longest_ago_is_forgotten(desk_office, counted):
    lately = Remembered[int](2)
    with desk_office.engine.connect() as reader:
        assert [lately.find(reader, key, counted) for key in ("a", "b", "a", "c", "a", "b")] == [1, 2, 1, 3, 1, 4]


def test_an_event_is_another_question(desk_office, counted):
    lately = Remembered[int](2)

    def found():
        with desk_office.engine.connect() as reader:
            return lately.find(reader, last_event(reader, desk_office.id), counted)

    before = [found(), found()]
    desk_office.arrives("A")
    assert (before, found()) == ([1, 1], 2)


def test_nothing_is_told_of_another_database(desk_office, counted, tmp_path):
    lately, other = Remembered[int](2), create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    with desk_office.engine.connect() as here, other.connect() as there:
        assert [lately.find(each, "a", counted) for each in (here, there, here)] == [1, 2, 1]
    other.dispose()
