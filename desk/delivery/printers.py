"""Whether a printer of the house answers: a connection is opened and closed again, and nothing is sent.

Only literal addresses of private networks and the few ports of receipt printers are tried, whatever is stored: nobody
learns through the desk what else answers where.
"""

import socket
from typing import Final

from desk.domain.devices import require_printer

SECONDS: Final = 2.0


def answers(host: str, port: int, *, seconds: float = SECONDS) -> bool:
    """Tell whether somebody listens there; raises `Refused(INVALID)` for what is no printer's address."""
    require_printer(host, port)
    try:
        with socket.create_connection((host, port), timeout=seconds):
            return True
    except OSError:
        return False
