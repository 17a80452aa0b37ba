"""Clients in a closed loop over HTTP: each holds one connection, sends, waits for the answer, sends again.

One process, one thread, plain sockets: it must cost the server's machine as little as it can.
"""

import json
import selectors
import socket
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Script = Generator[tuple[str, bytes], tuple[int, bytes], None]


@dataclass
class Measured:
    """Latencies in seconds by what was asked, and how long it all took."""

    seconds: float = 0.0
    latencies: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def rate(self, what: str) -> float:
        """Return answers per second."""
        return len(self.latencies.get(what, ())) / self.seconds if self.seconds else 0.0

    def percentile(self, what: str, share: float) -> float:
        """Return a percentile of the latencies in milliseconds (nearest rank)."""
        ordered = sorted(self.latencies.get(what, ()))
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def request(method: str, path: str, *, token: str = "", key: str = "", body: object = None) -> bytes:
    """Return one HTTP/1.1 request."""
    payload = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(payload)}\r\n"
    head += f"Authorization: Bearer {token}\r\n" if token else ""
    head += f"Idempotency-Key: {key}\r\n" if key else ""
    head += "Content-Type: application/json\r\n" if payload else ""
    return f"{head}\r\n".encode() + payload


class _Client:
    def __init__(self, port: int, script: Script) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._script = script
        self._buffer = b""
        self.what, first = next(script)
        self._send(first)

    def _send(self, data: bytes) -> None:
        self.sent = time.perf_counter()
        self.socket.sendall(data)

    def receive(self) -> tuple[int, bytes] | None:
        """Read what has come; return status and body once an answer is whole."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        self._buffer += data
        head, gap, rest = self._buffer.partition(b"\r\n\r\n")
        if not gap:
            return None
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(rest) < length:
            return None
        self._buffer = rest[length:]
        return int(head[9:12]), rest[:length]

    def go_on(self, answer: tuple[int, bytes]) -> None:
        """Give the answer to the script and send what it asks next."""
        self.what, data = self._script.send(answer)
        self._send(data)


def drive(port: int, scripts: list[Script], *, seconds: float, warm_up: float = 1.0) -> Measured:
    """Run the scripts at once for `seconds` after a warm-up, and return what was measured."""
    measured = Measured()
    with _clients(port, scripts) as selector:
        start = time.perf_counter() + warm_up
        end = start + seconds
        while (now := time.perf_counter()) < end:
            for key, _ in selector.select(timeout=1.0):
                _turn(key.data, measured, counting=now >= start)
    measured.seconds = seconds
    return measured


@contextmanager
def _clients(port: int, scripts: list[Script]) -> Iterator[selectors.BaseSelector]:
    selector = selectors.DefaultSelector()
    clients = [_Client(port, script) for script in scripts]
    try:
        for client in clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
        yield selector
    finally:
        for client in clients:
            client.socket.close()
        selector.close()


def _turn(client: _Client, measured: Measured, *, counting: bool) -> None:
    answer = client.receive()
    if answer is None:
        return
    took = time.perf_counter() - client.sent
    if answer[0] >= 400:
        measured.failures.append(f"{client.what}: {answer[0]} {answer[1][:200]!r}")
    elif counting:
        measured.latencies.setdefault(client.what, []).append(took)
    client.go_on(answer)


def constant() -> Script:
    """Ask for a constant, again and again."""
    while True:
        yield "constant", request("GET", "/")


def tickets(office_id: int, services: list[int], token: str, name: str) -> Script:
    """Take numbers, each under a key of its own."""
    number = 0
    while True:
        number += 1
        body = {"service": services[number % len(services)]}
        path = f"/api/v1/offices/{office_id}/visits"
        yield "ticket", request("POST", path, token=token, key=f"{name}-{number}", body=body)


def calls(counter_id: int, token: str, name: str) -> Script:
    """Call the next visitor and say that nobody came, so that the counter is free for the next call."""
    number = 0
    while True:
        number += 1
        path = f"/api/v1/counters/{counter_id}/calls"
        status, body = yield "call", request("POST", path, token=token, key=f"{name}-c{number}", body={})
        if status >= 400:
            continue
        transaction = json.loads(body)["transaction"]
        path = f"/api/v1/transactions/{transaction}/no-show"
        yield "no-show", request("POST", path, token=token, key=f"{name}-n{number}", body={})
