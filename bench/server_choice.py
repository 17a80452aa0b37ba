"""Measure the servers that could stand in front of the desk, on this machine, on loopback only.

    python -m bench.server_choice [--seconds 3] [NAME …]

gunicorn is measured where it is installed; the project does not need it.

Each candidate serves the same Flask application (a constant, and a JSON POST of about one millisecond of Python)
and, where it speaks ASGI, the same event stream. `wrk` calls with 1, 8 and 32 clients; then 1,000 open streams are
poked, idle and beside a load of posts. Figures and the decision: docs/decisions/0002-server-and-streams.md.
"""

import argparse
import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request

STREAMS = 1000
POKES = 20
POST = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"service": 1, "language": "id", "name": "Sari"}'
"""


# What is served.


def pages() -> Flask:
    app = Flask("bench")

    @app.get("/constant")
    def constant() -> Response:
        return Response("ok", mimetype="text/plain")

    @app.post("/work")
    def work() -> Response:
        given = request.get_json()
        total = sum(i * i for i in range(12_000))  # about 1 ms of Python
        return jsonify(number="A007", total=total, service=given["service"])

    return app


class Streams:
    """The barest event stream: every poke reaches every stream with the instant it was sent."""

    def __init__(self) -> None:
        self.queues: set[asyncio.Queue[bytes]] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        kind = b"text/event-stream" if scope["path"] == "/stream" else b"text/plain"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        if scope["path"] == "/poke":
            for queue in self.queues:
                queue.put_nowait(b"data: %d\n\n" % time.monotonic_ns())
            return await send({"type": "http.response.body", "body": b"", "more_body": False})
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.queues.add(queue)
        await send({"type": "http.response.body", "body": b": hello\n\n", "more_body": True})
        while True:
            await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})


def in_front(bridge: Callable[..., Any]) -> Callable[..., Any]:
    streams = Streams()

    async def front(scope: Any, receive: Any, send: Any) -> None:
        inner = streams if scope.get("path") in {"/stream", "/poke"} else bridge
        if scope["type"] == "http":
            await inner(scope, receive, send)

    return front


def with_a2wsgi() -> Callable[..., Any]:
    from a2wsgi import WSGIMiddleware

    return in_front(WSGIMiddleware(pages(), workers=8))


def with_bridge() -> Callable[..., Any]:
    from desk.serving.bridge import Bridge
    from desk.serving.limits import Limits

    return in_front(Bridge(pages(), Limits(threads=8)))


# Who serves it.


def uvicorn(application: str, workers: int) -> list[str]:
    options = f"--factory --loop uvloop --http httptools --no-access-log --log-level warning --workers {workers}"
    return ["uvicorn", f"bench.server_choice:{application}", *options.split()]


def granian(application: str, workers: int) -> list[str]:
    interface = "wsgi --blocking-threads 8" if application == "pages" else "asginl --loop uvloop"
    options = f"--factory --no-log --workers {workers} --backpressure 3000 --interface {interface}"
    return ["granian", *options.split(), f"bench.server_choice:{application}"]


def gunicorn(application: str, workers: int) -> list[str]:
    return ["gunicorn", "--threads", "8", "--workers", str(workers), f"bench.server_choice:{application}()"]


CANDIDATES: dict[str, list[str]] = {
    "uvicorn+a2wsgi": uvicorn("with_a2wsgi", 1),
    "uvicorn+a2wsgi x2": uvicorn("with_a2wsgi", 2),
    "uvicorn+bridge": uvicorn("with_bridge", 1),
    "uvicorn+bridge x2": uvicorn("with_bridge", 2),
    "granian+a2wsgi": granian("with_a2wsgi", 1),
    "granian+bridge": granian("with_bridge", 1),
    "granian+bridge x2": granian("with_bridge", 2),
    "granian wsgi": granian("pages", 1),
    "granian wsgi x2": granian("pages", 2),
    "gunicorn gthread": gunicorn("pages", 1),
    "gunicorn gthread x2": gunicorn("pages", 2),
}


def listening_options(command: list[str], port: int) -> list[str]:
    if command[0] == "gunicorn":
        return ["--bind", f"127.0.0.1:{port}"]
    return ["--host", "127.0.0.1", "--port", str(port)]


@contextmanager
def serving(command: list[str]) -> Iterator[tuple[int, int]]:
    """Run a server; yield its port and the id of its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    full = [sys.executable, "-m", *command, *listening_options(command, port)]
    process = subprocess.Popen(full, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            for pid in [*children(process.pid), process.pid]:
                os.kill(pid, signal.SIGKILL)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server did not start")


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory(pid: int) -> float:
    """Return the proportional memory of a process and its children, in MB."""
    text = "".join(Path(f"/proc/{each}/smaps_rollup").read_text() for each in [pid, *children(pid)])
    return sum(map(int, re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE))) / 1024


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process and its children have used."""
    stats = (Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in [pid, *children(pid)])
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / os.sysconf("SC_CLK_TCK")


# What is measured.


@contextmanager
def calling(port: int, path: str, clients: int, seconds: int) -> Iterator[subprocess.Popen[str]]:
    """Run wrk against a path."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(POST if path == "/work" else "")
        script.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}", "--latency", "-s", script.name]
        with subprocess.Popen([*command, f"http://127.0.0.1:{port}{path}"], stdout=subprocess.PIPE, text=True) as wrk:
            yield wrk


def load(port: int, pid: int, path: str, clients: int, seconds: int) -> str:
    """Return requests per second, median and 99th percentile as wrk prints them, and processor time a request.

    The last is what can be compared on a machine that does other things as well.
    """
    used = cpu_seconds(pid)
    with calling(port, path, clients, seconds) as wrk:
        out = wrk.communicate()[0]
    used = cpu_seconds(pid) - used
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", out)[0])
    count = int(re.findall(r"(\d+) requests in", out)[0])
    p50, p99 = (re.findall(rf"^\s+{percent}%\s+(\S+)", out, re.MULTILINE)[0] for percent in (50, 99))
    bad = re.findall(r"Non-2xx.*|Socket errors.*", out)
    return f"{rate:,.0f}/s {p50}/{p99} cpu {1e6 * used / count:.0f} us {' '.join(bad)}".rstrip()


async def open_streams(port: int, late: list[int]) -> list[asyncio.Task[None]]:
    async def read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            if line.startswith(b"data: "):
                late.append(time.monotonic_ns() - int(line[6:]))
        writer.close()

    readers = []
    for _ in range(STREAMS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /stream HTTP/1.1\r\nHost: bench\r\n\r\n")
        await reader.readuntil(b"hello")
        readers.append(asyncio.create_task(read(reader, writer)))
    return readers


async def poke(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /poke HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
    await reader.read()
    writer.close()


async def streams(port: int) -> str:
    """Return the median and 99th percentile from poke to read over all streams, in milliseconds."""
    late: list[int] = []
    readers = await open_streams(port, late)
    for _ in range(POKES):
        await poke(port)
        await asyncio.sleep(0.25)
    for reader in readers:
        reader.cancel()
    late.sort()
    return f"{late[len(late) // 2] / 1e6:.0f}/{late[len(late) * 99 // 100] / 1e6:.0f} ms ({len(late)})"


def measure(command: list[str], seconds: int) -> dict[str, str]:
    figures: dict[str, str] = {}
    with serving(command) as (port, pid):
        figures["memory"] = f"{memory(pid):.0f} MB"
        for path in ("/constant", "/work"):
            for clients in (1, 8, 32):
                figures[f"{path} {clients}"] = load(port, pid, path, clients, seconds)
        if "pages" not in " ".join(command) and "2" not in command:
            figures |= measure_streams(port, pid)
    return figures


def measure_streams(port: int, pid: int) -> dict[str, str]:
    before = memory(pid)
    figures = {"1,000 streams": asyncio.run(streams(port))}
    figures["a stream"] = f"{(memory(pid) - before) * 1024 / STREAMS:.1f} KB"
    with calling(port, "/work", 8, 20) as wrk:
        figures["1,000 streams beside 8 posting"] = asyncio.run(streams(port))
        wrk.terminate()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(CANDIDATES))
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    for name in options.names or CANDIDATES:
        print(json.dumps({"server": name, **measure(CANDIDATES[name], options.seconds)}, indent=1), flush=True)


if __name__ == "__main__":
    main()
