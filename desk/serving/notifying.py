"""Telling systemd that the server takes requests (`Type=notify`); anywhere else nobody is told."""

import os
import socket
from contextlib import suppress


def tell_supervisor(state: str = "READY=1") -> None:
    """Send a state to whoever started this process and wants to know (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notice:
        notice.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        notice.sendall(state.encode())
