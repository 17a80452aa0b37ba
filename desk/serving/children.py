"""Child processes that cannot outlive their parent."""

import ctypes
import logging
import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

logger = logging.getLogger(__name__)

SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGCHLD})
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def fork(name: str, run: Callable[[], None]) -> int:
    """Start a child that runs `run` and dies with this process, even if that is killed; return its process id.

    This process must have no other threads, and `SIGNALS` blocked.
    """
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    return os.fork() or _be_child(name, run, parent)


def _be_child(name: str, run: Callable[[], None], parent: int) -> NoReturn:
    code = 1
    try:
        _die_with(parent)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the supervisor decides
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        run()
        code = 0
    except BaseException:
        logger.exception("%s failed", name)
    finally:
        logging.shutdown()
        os._exit(code)  # without waiting for threads that still answer somebody


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, however that ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)


def reap() -> list[int]:
    """Return the process ids of the children that have ended since the last call."""
    ended: list[int] = []
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended.append(pid)
