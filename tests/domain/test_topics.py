"""Every event has topics, so that no change goes unseen."""

from desk.domain.facts import EventName
from desk.domain.topics import TOPICS, topics_of


def test_every_event_has_topics() -> None:
    assert set(TOPICS) == set(EventName)
    assert all(TOPICS.values())


def test_an_unknown_event_concerns_the_whole_office() -> None:
    assert "office" in topics_of("SomethingFromTheFuture")
