"""The processes: how they start, stop, fall and share a port."""

import os
import signal
from pathlib import Path

import pytest

from desk.serving import usual_processes
from tests.push.loopback import Server, is_alive, running, wait_until


def test_a_stop_is_quick_with_open_streams(server: Server) -> None:
    streams = [server.stream(1) for _ in range(20)]
    for stream in streams:
        stream.next()
    children = server.children()
    assert server.end() == 0
    for stream in streams:
        with stream:
            assert stream.next() is None  # ended, not broken
    assert not any(is_alive(child) for child in children)
    assert not server.answers()


def test_a_page_that_never_ends_does_not_keep_the_server(sqlite_logbook_url: str) -> None:
    with running(url=sqlite_logbook_url) as server, server.raw() as line:
        line.sendall(b"GET /stuck HTTP/1.1\r\nHost: desk\r\n\r\n")
        server.ask("GET", "/process")
        assert server.end() == 0


def test_ctrl_c_stops_as_well(sqlite_logbook_url: str) -> None:
    with running(url=sqlite_logbook_url) as server:
        assert server.end(signal.SIGINT) == 0


def test_nothing_outlives_a_killed_parent(sqlite_logbook_url: str, tmp_path: Path) -> None:
    notes = tmp_path / "companion"
    with running(url=sqlite_logbook_url, processes=2, companion=str(notes)) as server, server.stream(1) as stream:
        stream.next()
        children = server.children()
        assert len(children) >= 2
        server.end(signal.SIGKILL)
        wait_until(lambda: not any(is_alive(child) for child in children), "the children die with their parent")
        # A companion that was just being started again is not among them, and held the socket for a moment too.
        wait_until(lambda: not server.answers(), "nobody holds the port")


def test_a_fallen_process_is_replaced(sqlite_logbook_url: str) -> None:
    with running(url=sqlite_logbook_url) as server:
        (fallen,) = server.children()
        os.kill(fallen, signal.SIGKILL)
        wait_until(lambda: server.children() not in ([], [fallen]), "another takes its place")
        status, pid = server.ask("GET", "/process")  # the socket was never closed, so nobody was turned away
        assert (status, [int(pid)]) == (200, server.children())
        assert server.end() == 0


def test_a_companion_that_ends_is_started_again(sqlite_logbook_url: str, tmp_path: Path) -> None:
    notes = tmp_path / "companion"
    with running(url=sqlite_logbook_url, companion=str(notes)) as server:
        wait_until(lambda: notes.exists() and len(notes.read_text().split()) == 2, "a second life")
        assert server.ask("GET", "/process")[0] == 200
        assert "companion note ended" in server.log


def test_processes_share_a_port(sqlite_logbook_url: str) -> None:
    with running(url=sqlite_logbook_url, processes=2) as server:
        pids: set[str] = set()
        wait_until(lambda: len(pids.add(server.ask("GET", "/process")[1]) or pids) == 2, "both answer")
        assert {int(pid) for pid in pids} == set(server.children())


def test_a_port_in_use_is_an_error(sqlite_logbook_url: str) -> None:
    with running(url=sqlite_logbook_url) as server, running(url=sqlite_logbook_url, port=server.port) as second:
        assert second.process.wait(20) != 0
        assert "Address already in use" in second.log


def test_a_process_that_cannot_start_ends_the_start(sqlite_logbook_url: str) -> None:
    with running(url=sqlite_logbook_url, broken=True) as server:
        assert server.process.wait(20) != 0
        assert "this office cannot be served" in server.log
        assert "NotStarted: server 1 ended while starting" in server.log


@pytest.mark.parametrize(("url", "processes"), [("sqlite:///var/desk.db", 1), ("postgresql+psycopg://desk@/desk", 2)])
def test_usual_processes(url: str, processes: int) -> None:
    assert usual_processes(url) == processes
