"""Streams of real server processes, on SQLite and on PostgreSQL."""

import socket

from sqlalchemy import Engine

from desk.push.changes import RESUMABLE
from tests.push.logbook import append
from tests.push.loopback import Server, Told, running


def test_hello_says_where_the_office_is(server: Server) -> None:
    server.happen(1, "QueueChanged", "QueueChanged")
    with server.stream(1) as stream:
        assert stream.headers["content-type"] == "text/event-stream"
        assert stream.headers["cache-control"] == "no-store"
        assert stream.next() == Told("hello", 2, {"number": 2, "beat": 15.0})


def test_a_change_names_its_number_and_topics_only(server: Server) -> None:
    with server.stream(1) as stream:
        stream.next()
        server.happen(1, "QueueChanged")
        assert stream.next() == Told("changed", 1, {"number": 1, "topics": ["queue"]})


def test_one_commit_is_one_message(server: Server) -> None:
    with server.stream(1) as stream:
        stream.next()
        server.happen(1, "QueueChanged", "BoardChanged", "QueueChanged")
        assert stream.next() == Told("changed", 3, {"number": 3, "topics": ["board", "queue"]})


def test_what_shows_nowhere_wakes_nobody(server: Server) -> None:
    with server.stream(1) as stream:
        stream.next()
        server.happen(1, "NothingShown")
        with server.stream(1) as later:
            assert later.next() == Told("hello", 1, {"number": 1, "beat": 15.0})
        server.happen(1, "BoardChanged")
        assert stream.next() == Told("changed", 2, {"number": 2, "topics": ["board"]})


def test_other_offices_hear_nothing(server: Server) -> None:
    with server.stream(1) as stream:
        stream.next()
        server.happen(2, "QueueChanged")
        with server.stream(2) as other:
            assert other.next() == Told("hello", 1, {"number": 1, "beat": 15.0})
        server.happen(1, "BoardChanged")
        assert stream.next() == Told("changed", 1, {"number": 1, "topics": ["board"]})


def test_another_server_hears_of_a_commit(server: Server, logbook_url: str) -> None:
    with running(url=logbook_url) as another, another.stream(1) as stream:
        stream.next()
        for number in range(1, 6):
            server.happen(1, "QueueChanged")
            assert stream.until(number)[-1].data == {"number": number, "topics": ["queue"]}


def test_both_processes_of_a_server_hear_of_a_commit(logbook_url: str) -> None:
    with running(url=logbook_url, processes=2) as server:
        streams = [server.stream(1) for _ in range(24)]
        for stream in streams:
            stream.next()
        number = server.happen(1, "QueueChanged")
        for stream in streams:
            with stream:
                assert stream.until(number)[-1].data == {"number": number, "topics": ["queue"]}


def test_a_commit_that_nobody_poked_for_is_found(server: Server, logbook: Engine) -> None:
    with server.stream(1) as stream:
        stream.next()
        append(logbook, 1, "QueueChanged")
        assert stream.next() == Told("changed", 1, {"number": 1, "topics": ["queue"]})


def test_a_browser_that_returns_gets_what_it_missed(server: Server) -> None:
    server.happen(1, "QueueChanged", "BoardChanged", "DutyChanged")
    with server.stream(1, last_event_id="1") as stream:
        assert stream.next() == Told("changed", 3, {"number": 3, "topics": ["board", "duty"]})
        assert stream.next() == Told("hello", 3, {"number": 3, "beat": 15.0})
        server.happen(1, "QueueChanged")
        assert stream.next() == Told("changed", 4, {"number": 4, "topics": ["queue"]})


def test_a_page_resumes_from_the_number_it_was_made_from(server: Server) -> None:
    server.happen(1, "QueueChanged", "BoardChanged")
    with server.stream(1, "?since=1") as stream:
        assert stream.next() == Told("changed", 2, {"number": 2, "topics": ["board"]})


def test_a_browser_that_missed_too_much_looks_anew(server: Server, logbook: Engine) -> None:
    number = append(logbook, 1, *["QueueChanged"] * (RESUMABLE + 2))
    with server.stream(1, "?since=1") as stream:
        assert stream.next() == Told("reset", number, {"number": number, "topics": ["everything"]})
        assert stream.next() == Told("hello", number, {"number": number, "beat": 15.0})


def test_more_than_can_be_named_at_once_is_a_reset(server: Server, logbook: Engine) -> None:
    with server.stream(1) as stream:
        stream.next()
        number = append(logbook, 1, *["QueueChanged"] * (RESUMABLE + 1))
        assert stream.next() == Told("reset", number, {"number": number, "topics": ["everything"]})


def test_streams_that_read_nothing_hold_nobody_up(server: Server) -> None:
    """Those who read, and whoever makes something happen, notice nothing of them; test_streams.py fills their room."""
    deaf = [deaf_stream(server.port) for _ in range(20)]
    with server.stream(1) as stream:
        stream.next()
        for number in range(1, 201):
            server.happen(1, "QueueChanged")
            if number % 50 == 0:
                assert stream.until(number)[-1].number == number
    for each in deaf:
        each.close()


def deaf_stream(port: int) -> socket.socket:
    """Return a stream of which nothing is ever read, with as little room as the machine allows."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    line.connect(("127.0.0.1", port))
    line.sendall(b"GET /offices/1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    return line


def test_unknown_office(server: Server) -> None:
    for path in ("/offices/3/stream", "/offices/999999999/stream"):
        assert server.ask("GET", path)[0] == 404


def test_a_silent_office_beats(logbook_url: str) -> None:
    with running(url=logbook_url, stream_limits={"beat_seconds": 0.2}) as server, server.stream(1) as stream:
        assert [stream.next(), stream.next(), stream.next()][1:] == [Told("beat", None, {})] * 2
