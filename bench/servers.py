"""The real server, the constant one and a PostgreSQL of our own, started for a measurement and ended after it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running(arguments: list[str], environ: dict[str, str], port: int, path: str) -> Iterator[int]:
    """Run a server in a session of its own until its address answers; yield its process id, end it afterwards."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            arguments, env=environ, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait(process, port, path, log.name)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, path: str, log: object) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"the server did not answer within {PATIENCE:.0f} s ({log})")


def desk_server(environ: dict[str, str], port: int) -> "contextmanager":  # type: ignore[valid-type]
    """Return the real server, with as many processes as it takes by itself."""
    return running([sys.executable, "-m", "desk.cli.main", "serve", "--no-worker"], environ, port, "/healthz")


def constant_server(port: int, processes: int) -> "contextmanager":  # type: ignore[valid-type]
    """Return the same server stack around an application that answers a constant."""
    return running([sys.executable, "-m", "bench.constant", str(port), str(processes)], dict(os.environ), port, "/")


def memory_of(pid: int) -> dict[int, float]:
    """Return the resident memory (MiB) of a process and its descendants."""
    found = {}
    for each in [pid, *_descendants(pid)]:
        for line in Path(f"/proc/{each}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                found[each] = int(line.split()[1]) / 1024
    return found


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in children for found in [int(child), *_descendants(int(child))]]


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL with its default durability on loopback; yield the address of its server, without a database."""
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    port = free_port()
    data = str(folder / "data")
    subprocess.run(
        [binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres"],
        user=user,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c shared_buffers=1GB -c max_wal_size=8GB"
    start = [binaries / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start"]
    subprocess.run(start, user=user, check=True, stdout=subprocess.DEVNULL)
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
    finally:
        stop = [binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stop, user=user, check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)
