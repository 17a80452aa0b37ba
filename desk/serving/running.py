"""Serving as a whole: one socket, the processes that share it, and the companions that work beside them."""

import resource
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from desk.serving.front import Front
from desk.serving.supervisor import NotStarted, Role, Supervisor
from desk.serving.worker import listening_backlog, work

# A client that acknowledges nothing, or leaves no room for what it was sent, for so long is cut off by the kernel.
_STUCK_MILLISECONDS = 60_000

__all__ = ["NotStarted", "Options", "serve", "usual_processes"]


@dataclass(frozen=True, slots=True)
class Options:
    """Where to serve, and with how many processes. Port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 1


def usual_processes(database_url: str) -> int:
    """Return 1 for SQLite, where processes would only fight over the file, and 2 otherwise."""
    return 1 if database_url.startswith("sqlite") else 2


def serve(
    application: Callable[[], Front],
    options: Options,
    *,
    companions: Sequence[Callable[[], None]] = (),
    ready: Callable[[str, int], None] = lambda host, port: None,
) -> None:
    """Serve until SIGTERM or SIGINT; then end within three seconds, whoever is still connected.

    `application` is called in each process, so that none shares a connection with another; no thread may have been
    started before. Companions run as processes of their own; one that ends is started again. All die with this process,
    even when it is killed. `ready(host, port)` is called once, when everything runs. Raises `OSError` where the address
    cannot be had, `NotStarted` where a process fails at its start.
    """
    _allow_many_files()
    with listen(options.host, options.port) as listening:
        roles = [
            Role(f"server {number + 1}", lambda started: work(application, listening, started))
            for number in range(options.processes)
        ]
        roles += [_companion(run, listening) for run in companions]
        port: int = listening.getsockname()[1]
        Supervisor(roles).run(lambda: ready(options.host, port))


def _companion(run: Callable[[], None], listening: socket.socket) -> Role:
    def run_started(started: Callable[[], None]) -> None:
        listening.close()  # its copy; it serves nobody
        started()
        run()

    return Role(f"companion {run.__name__}", run_started)


def listen(host: str, port: int) -> socket.socket:
    """Return the socket the processes share: one queue of connections, taken by whoever is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=listening_backlog())
    with suppress(OSError, AttributeError):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STUCK_MILLISECONDS)
    return listening


def _allow_many_files() -> None:
    """Streams are open files, and a login shell often allows 1,024 of them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(65_536, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
