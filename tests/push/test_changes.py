"""What somebody missed since an event number."""

import pytest
from sqlalchemy import Engine

from desk.push.changes import EVERYTHING, RESUMABLE, Changes, OfficeUnknown, changes_since
from tests.fixtures.databases import FreshDatabase
from tests.push.logbook import append, lay_out, open_logbook, topics_of


def test_nothing_has_happened(logbook: Engine) -> None:
    assert changes_since(logbook, 1, 0) == Changes(0)


def test_topics_of_what_was_missed_are_united(logbook: Engine) -> None:
    append(logbook, 1, "QueueChanged", "BoardChanged", "QueueChanged", "NothingShown")
    assert changes_since(logbook, 1, 0, topics_of=topics_of) == Changes(4, frozenset({"board", "queue"}))
    assert changes_since(logbook, 1, 2, topics_of=topics_of) == Changes(4, frozenset({"queue"}))
    assert changes_since(logbook, 1, 3, topics_of=topics_of) == Changes(4)


def test_offices_are_kept_apart(logbook: Engine) -> None:
    append(logbook, 2, "QueueChanged")
    assert changes_since(logbook, 1, 0) == Changes(0)


def test_without_topics_the_whole_office_changed(logbook: Engine) -> None:
    append(logbook, 1, "QueueChanged")
    assert changes_since(logbook, 1, 0) == Changes(1, frozenset({"office"}))


def test_as_many_as_can_be_resumed(logbook: Engine) -> None:
    append(logbook, 1, *["QueueChanged"] * RESUMABLE)
    assert changes_since(logbook, 1, 0, topics_of=topics_of) == Changes(RESUMABLE, frozenset({"queue"}))


def test_one_more_than_can_be_resumed(logbook: Engine) -> None:
    append(logbook, 1, *["QueueChanged"] * (RESUMABLE + 1))
    assert changes_since(logbook, 1, 0, topics_of=topics_of) == Changes(RESUMABLE + 1, frozenset({EVERYTHING}))


def test_a_number_never_reached_means_another_database(logbook: Engine) -> None:
    append(logbook, 1, "QueueChanged")
    assert changes_since(logbook, 1, 7) == Changes(1, frozenset({EVERYTHING}))


def test_looking_waits_for_no_writer(sqlite_url: FreshDatabase) -> None:
    """Not even through the engine of the operations, whose transactions begin by taking SQLite's write lock."""
    url = sqlite_url(lay_out)
    engine = open_logbook(url).execution_options(desk_writes=True)
    with engine.begin():
        assert changes_since(engine, 1, 0) == Changes(0)
    engine.dispose()


def test_unknown_office(logbook: Engine) -> None:
    with pytest.raises(OfficeUnknown):
        changes_since(logbook, 3, 0)


def test_one_after_another_are_one() -> None:
    first, second = Changes(3, frozenset({"board"})), Changes(5, frozenset({"queue"}))
    assert first.followed_by(second) == Changes(5, frozenset({"board", "queue"}))
