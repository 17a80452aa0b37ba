"""One serving process: uvicorn on a socket that the supervisor opened."""

import gc
import socket
import sys
from collections.abc import Callable

import uvicorn

from desk.serving.front import Front
from desk.serving.protocol import BoundedProtocol

GRACE_SECONDS = 2
IDLE_SECONDS = 15
CONNECTIONS = 10_000
# Pages that compute give the event loop its turn sooner than by Python's own 5 ms (figures in the decision).
SWITCH_SECONDS = 0.001
# Python looks for garbage after 700 new objects, which is every request; a request leaves hardly any in cycles.
GARBAGE_OBJECTS = 20_000


def work(application: Callable[[], Front], listening: socket.socket, started: Callable[[], None]) -> None:
    """Serve until SIGTERM; `started` is called when connections are taken."""
    sys.setswitchinterval(SWITCH_SECONDS)
    front = application()
    _settle()
    config = uvicorn.Config(
        front,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=listening_backlog(),
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    _Server(config, front, started).run(sockets=[listening])


def _settle() -> None:
    """Leave what was loaded at the start out of every later search for garbage, and search less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS)


def listening_backlog() -> int:
    """Return how many connections may wait to be taken."""
    return 2048


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, front: Front, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._front = front
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._front.end_streams()
        await super().shutdown(sockets)
