"""HTTP as the desk serves it: what is too long, too slow, too curious, or says what it should not."""

import http.client
import secrets
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from desk.serving.protocol import HEAD_BYTES
from tests.push.logbook import lay_out
from tests.push.loopback import DEADLINE_SECONDS, Server, Told, running

TOKEN = secrets.token_urlsafe(16)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for the module: two threads, a hurried line, a talkative stream."""
    url = f"sqlite:///{tmp_path_factory.mktemp('http')}/desk.db"
    lay_out(url)
    limits = {"threads": 2, "body_bytes": 100_000, "body_seconds": 2, "piece_bytes": 65_536}
    given = {"limits": limits, "stream_limits": {"beat_seconds": 0.5}, "head_seconds": 1}
    with running(url=url, **given) as server:
        yield server


def _status(line: socket.socket) -> bytes:
    """Return the status line's code, empty where the server only hung up."""
    try:
        return line.recv(4096)[9:12]
    except ConnectionError:
        return b""


def test_bodies(server: Server) -> None:
    assert server.ask("POST", "/lengths", b"x" * 100_000) == (200, "100000")
    assert server.ask("POST", "/lengths") == (200, "0")
    assert server.ask("POST", "/lengths", iter([b"in", b" chunks"])) == (200, "9")


def test_a_body_that_says_it_is_too_long_is_refused_unread(server: Server) -> None:
    with server.raw() as line:
        line.sendall(b"POST /lengths HTTP/1.1\r\nHost: desk\r\nContent-Length: 100001\r\n\r\n")
        assert _status(line) == b"413"


def test_a_body_that_grows_too_long_is_refused(server: Server) -> None:
    with server.raw() as line:
        line.sendall(b"POST /lengths HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: chunked\r\n\r\n")
        line.sendall(b"186a1\r\n" + b"x" * 100_001 + b"\r\n")
        assert _status(line) == b"413"


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that takes more on one path, two at a time, and whose application itself says what is too long."""
    url = f"sqlite:///{tmp_path_factory.mktemp('patient')}/desk.db"
    lay_out(url)
    limits = {"body_bytes": 100_000, "large_paths": "/large", "large_bytes": 300_000, "has_page_for_large": True}
    with running(url=url, limits=limits) as server:
        yield server


def test_one_path_takes_more(patient: Server) -> None:
    assert patient.ask("POST", "/large", b"x" * 250_000) == (200, "250000")
    assert patient.ask("POST", "/large", iter([b"x" * 250_000])) == (200, "250000")


@pytest.mark.parametrize(("path", "size"), [("/lengths", 200_000), ("/large", 400_000), ("/lengths", 30_000_000)])
@pytest.mark.parametrize("told", [True, False], ids=["told", "in chunks"])
def test_who_sends_too_much_reads_the_page_that_says_so(patient: Server, path: str, size: int, told: bool) -> None:
    body = b"x" * size if told else iter([b"x" * 50_000] * (size // 50_000))
    status, said = patient.ask("POST", path, body)
    assert (status, "too large" in said) == (413, True)


def test_a_page_is_not_held_back_until_the_body_has_come(patient: Server) -> None:
    with patient.raw() as line:
        line.sendall(b"POST /lengths HTTP/1.1\r\nHost: desk\r\nContent-Length: 100001\r\n\r\n")
        assert _status(line) == b"413"


STAFF = "staff=Sari"


@pytest.fixture(scope="module")
def discerning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that has a single place for large bodies, and gives it to staff only."""
    url = f"sqlite:///{tmp_path_factory.mktemp('discerning')}/desk.db"
    lay_out(url)
    large = {"large_paths": "/large", "large_bytes": 300_000, "large_at_once": 1, "may_send_large": STAFF}
    with running(url=url, limits={"body_bytes": 100_000, "has_page_for_large": True, **large}) as server:
        yield server


def test_strangers_who_send_slowly_hold_no_place(discerning: Server) -> None:
    with ExitStack() as held:
        for length in (99_999, 200_000):
            for _ in range(8):
                line = held.enter_context(discerning.raw())
                head = f"POST /large HTTP/1.1\r\nHost: desk\r\nContent-Length: {length}\r\n\r\nslow"
                line.sendall(head.encode())
        assert discerning.ask("POST", "/large", b"x" * 250_000, Cookie=STAFF) == (200, "250000")


def test_strangers_send_there_what_may_be_sent_anywhere(discerning: Server) -> None:
    assert discerning.ask("POST", "/large", b"x" * 100_000) == (200, "100000")
    assert discerning.ask("POST", "/large", b"x" * 100_000, Cookie="staff=Nobody") == (200, "100000")


@pytest.mark.parametrize("told", [True, False], ids=["told", "in chunks"])
def test_of_more_they_read_what_is_said_without_it(discerning: Server, told: bool) -> None:
    assert discerning.ask("POST", "/large", b"x" * 250_000 if told else iter([b"x" * 250_000])) == (200, "0")
    status, said = discerning.ask("POST", "/large", b"x" * 400_000)
    assert (status, "too large" in said) == (413, True)


def test_one_of_staff_waits_for_another_unread(discerning: Server) -> None:
    head = f"POST /large HTTP/1.1\r\nHost: desk\r\nCookie: {STAFF}\r\nContent-Length: 9\r\n\r\n".encode()
    with discerning.raw() as first, discerning.raw() as second:
        first.sendall(head + b"slow")
        assert discerning.ask("GET", "/process")[0] == 200  # the first is read by then
        second.sendall(head + b"wait here")
        assert select.select([second], [], [], 0.3)[0] == []
        first.sendall(b" body")
        assert _status(first) == _status(second) == b"200"


def test_slow_bodies_hold_no_thread(server: Server) -> None:
    lines = [server.raw() for _ in range(8)]
    for line in lines:
        line.sendall(b"POST /lengths HTTP/1.1\r\nHost: desk\r\nContent-Length: 9\r\n\r\nslow")
    assert server.ask("GET", "/process")[0] == 200
    for line in lines:
        with line:
            assert _status(line) == b"408"


def test_a_head_that_grows_too_long_is_refused(server: Server) -> None:
    with server.raw() as line:
        line.sendall(b"GET /process HTTP/1.1\r\nHost: desk\r\nX-Long: ")
        assert _flood(line) in {b"431", b""}


def _flood(line: socket.socket) -> bytes:
    try:
        for _ in range(64):
            line.sendall(b"x" * HEAD_BYTES)
    except ConnectionError:
        return b""
    return _status(line)


@pytest.mark.parametrize("beginning", [b"", b"GET /process HTTP/1.1\r\nHost: de"])
def test_a_head_that_does_not_arrive_is_not_awaited(server: Server, beginning: bytes) -> None:
    with server.raw() as line:
        line.sendall(beginning)
        assert _status(line) == b"408"


def test_a_stream_outlives_the_patience_for_heads(server: Server) -> None:
    with server.stream(1) as stream:
        stream.next()
        assert [stream.next() for _ in range(4)] == [Told("beat", None, {})] * 4


def test_many_requests_on_one_line(server: Server) -> None:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE_SECONDS)
    with closing(line):
        line.connect()
        first = line.sock
        for _ in range(3):
            line.request("GET", "/process")
            assert line.getresponse().read().isdigit()
            assert line.sock is first


def test_nonsense_is_refused(server: Server) -> None:
    with server.raw() as line:
        line.sendall(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
        assert _status(line) == b"400"


def test_an_endless_answer_ends_with_its_reader(server: Server) -> None:
    with server.raw() as line:
        line.sendall(b"GET /endless HTTP/1.1\r\nHost: desk\r\n\r\n")
        assert _status(line) == b"200"
    assert server.ask("GET", "/endless-closed") == (200, "True")


def test_tokens_and_queries_are_not_logged(server: Server) -> None:
    for path in (f"/v/{TOKEN}?code={TOKEN}", f"/s/{TOKEN}", f"/%76/{TOKEN}", f"/other/{TOKEN}", f"/v/{TOKEN}/more"):
        server.ask("GET", path, Referer=f"http://desk/v/{TOKEN}")
    server.ask("GET", "/offices/1/ev%0Aents")
    log = server.log
    assert TOKEN not in log
    for line in ("GET - 200", "GET - 404"):  # these addresses have no route that could be named
        assert line in log
    assert "127.0.0.1" not in "".join(line for line in log.splitlines() if "desk.access" in line)


def test_every_answer_carries_an_id_that_only_a_proxy_of_ours_may_give(sqlite_logbook_url: str) -> None:
    given = "7b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0"
    for proxies, believed in ((0, False), (1, True)):
        with running(url=sqlite_logbook_url, proxies=proxies) as server:
            for name, path in ((given, "/client"), (TOKEN, "/client"), (given, "/offices/1/stream"), (given, "/none")):
                with server.stream_at(path, X_Request_ID=name) as answer:
                    found = answer.headers.get_all("X-Request-ID")
                assert found is not None and len(found) == 1
                assert (found[0] == name) is (believed and name == given)


def test_who_says_to_come_from_elsewhere_is_not_believed(server: Server) -> None:
    status, text = server.ask("GET", "/client", Host="desk", X_Forwarded_For="192.0.2.1", X_Forwarded_Proto="https")
    assert (status, text.replace(" ", "")) == (200, '{"address":"127.0.0.1","host":"desk","scheme":"http"}\n')


def test_a_proxy_of_ours_is_believed(sqlite_logbook_url: str) -> None:
    with running(url=sqlite_logbook_url, proxies=1) as server:
        _, text = server.ask(
            "GET",
            "/client",
            Host="10.0.0.5:8000",
            X_Forwarded_For="6.6.6.6, 192.0.2.1",
            X_Forwarded_Proto="https",
            X_Forwarded_Host="desk.example",
        )
        assert text.replace(" ", "") == '{"address":"192.0.2.1","host":"desk.example","scheme":"https"}\n'
        _, text = server.ask("GET", "/client", Host="desk")
        assert '"127.0.0.1"' in text


def test_a_header_with_underscores_passes_for_no_other(server: Server) -> None:
    with server.raw() as line:
        line.sendall(b"POST /lengths HTTP/1.1\r\nHost: desk\r\nContent_Length: 9\r\n\r\n")
        assert _status(line) == b"200"
