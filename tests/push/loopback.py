"""Talking to a server on loopback, and waiting for what it does, always with a deadline."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

DEADLINE_SECONDS = 20.0


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Return when the condition holds; fail the test after a generous while."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@dataclass(frozen=True)
class Told:
    """One event of a stream."""

    name: str
    number: int | None
    data: Any


class Stream:
    """An event stream as a browser reads it."""

    def __init__(self, port: int, path: str, headers: Mapping[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_SECONDS)
        self._connection.request("GET", path, headers=dict(headers))
        self._answer = self._connection.getresponse()
        self.status = self._answer.status
        self.headers = self._answer.headers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._answer.close()
        self._connection.close()

    def next(self) -> Told | None:
        """Return the next event, None at the end of the stream."""
        said: dict[str, str] = {}
        while line := self._answer.readline().decode():
            key, _, value = line.rstrip("\n").partition(": ")
            if key:
                said[key] = value
            elif "data" in said:
                number = int(said["id"]) if "id" in said else None
                return Told(said["event"], number, json.loads(said["data"]))
        return None

    def until(self, number: int) -> list[Told]:
        """Return the events up to the one that reaches this number."""
        told: list[Told] = []
        while not told or (told[-1].number or 0) < number:
            event = self.next()
            assert event is not None, "the stream ended"
            told.append(event)
        return told


class Server:
    """A server process with what is needed to talk to it and to see it die."""

    def __init__(self, process: subprocess.Popen[str], port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self._log = log

    @property
    def log(self) -> str:
        return self._log.read_text()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        """Return the status and the text of one exchange."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_SECONDS)
        try:
            connection.request(method, path, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def happen(self, office_id: int, *names: str) -> int:
        """Commit events in the server and poke; return the number of the last."""
        status, text = self.ask("POST", f"/offices/{office_id}/events?names={','.join(names)}")
        assert status == 200
        return int(text)

    def stream(self, office_id: int, query: str = "", **headers: str) -> Stream:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return Stream(self.port, f"/offices/{office_id}/stream{query}", named)

    def stream_at(self, path: str, **headers: str) -> Stream:
        """Return any answer as it begins."""
        return Stream(self.port, path, {key.replace("_", "-"): value for key, value in headers.items()})

    def raw(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE_SECONDS)

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def answers(self) -> bool:
        try:
            self.raw().close()
        except ConnectionError:
            return False
        return True

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(DEADLINE_SECONDS)


@contextmanager
def running(**given: Any) -> Iterator[Server]:
    """Run `served_office`; stop it and everything it started at the end."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "tests.push.served_office", json.dumps(given)]
        with log.open("w") as stderr:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
        with process:
            assert process.stdout is not None
            words = process.stdout.readline().split()
            server = Server(process, int(words[1]) if words else 0, log)
            try:
                yield server
            finally:
                _end(server)


def _end(server: Server) -> None:
    if server.process.poll() is None:
        children = server.children()
        server.process.terminate()
        try:
            server.process.wait(DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in [*children, server.process.pid]:
                os.kill(pid, signal.SIGKILL)
            raise
