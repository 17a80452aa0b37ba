"""What several processes counted is told by whichever is asked, also after one of them was killed."""

import http.client
import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from desk.watching.sharing import MEMORY, PREFIX
from tests.fixtures.office import furnish
from tests.fixtures.real_server import PATIENCE, RealServer

TOKEN = "sebuah-kunci-yang-panjang"
ASKED = 24


def ask(port: int, path: str) -> tuple[int, str]:
    """Ask over a connection of its own, so that any process may be the one."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def until(found: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def figure(port: int, line: str) -> float | None:
    """Return one figure; None where it is not told."""
    found = [each for each in ask(port, "/metrics")[1].splitlines() if each.startswith(f"{line} ")]
    return float(found[0].rpartition(" ")[2]) if found else None


def written(folder: Path, route: str) -> int:
    """Return how often a route was asked for, as the processes have written it down."""
    told = [json.loads(file.read_text())["requests"] for file in folder.glob("*.json")]
    return sum(count for each in told for _, asked, _, count in each if asked == route)


def children_of(process: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.mark.failure
@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)  # one process alone serves SQLite
def test_every_process_tells_what_all_of_them_counted(real_server: RealServer) -> None:
    streams = real_server.streams()
    furnish(streams)
    streams.engine.dispose()
    real_server.extra = {"DESK_METRICS_TOKEN": TOKEN, "DESK_PROCESSES": "2", "DESK_READY_DISK": "1"}
    real_server.start()
    assert real_server.process is not None
    port, supervisor = real_server.port, real_server.process.pid
    kiosk = 'desk_requests_total{method="GET",route="/offices/<int:office_id>/kiosk",status="200"}'

    until(lambda: ask(port, "/readyz")[0] == 200, "it is never ready")
    assert {each["name"] for each in json.loads(ask(port, "/readyz")[1])["parts"]} >= {"database", "worker", "limits"}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as listening:
        listening.request("GET", "/offices/1/stream")
        listening.getresponse()
        for _ in range(ASKED):
            assert ask(port, "/offices/1/kiosk")[0] == 200
        until(lambda: figure(port, kiosk) == ASKED, "not all are counted")
        until(lambda: figure(port, "desk_streams") == 1, "the stream is not counted")
    until(lambda: figure(port, "desk_streams") == 0, "the stream never ends")
    assert figure(port, "desk_workers") == 1

    (folder,) = MEMORY.glob(f"{PREFIX}{supervisor}-*")
    until(lambda: written(folder, "/offices/<int:office_id>/kiosk") == ASKED, "not all is written down")
    os.kill(children_of(supervisor)[0], signal.SIGKILL)
    for _ in range(ASKED):
        assert ask(port, "/offices/1/kiosk")[0] == 200
    until(lambda: figure(port, kiosk) == 2 * ASKED, "what the killed one counted is forgotten")

    real_server.stop()
    assert not folder.exists()
