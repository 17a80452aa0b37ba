"""This machine's address on the local network: what its links and QR codes name where no address is set.

The way to other networks tells it, without anything being sent. A house without internet has no such way; then the
interfaces are looked through for a private address, those of containers and virtual machines last.
"""

import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address, ip_address
from typing import Final

LOOPBACK: Final = "127.0.0.1"
# Interfaces that lead to no visitor's phone.
VIRTUAL: Final = ("docker", "br-", "veth", "virbr", "vboxnet", "vmnet", "lxc", "lxd", "cni", "flannel", "tun", "tap")
_ADDRESS_OF: Final = 0x8915  # SIOCGIFADDR
_REQUEST: Final = "256s"


def lan_address() -> str:
    """Return this machine's address on the local network, 127.0.0.1 when it has none; sends nothing."""
    return chosen_address(_towards_elsewhere(), _of_interfaces())


def chosen_address(outward: str | None, found: Iterable[tuple[str, str]]) -> str:
    """Return the address with which this machine reaches other networks, else a private one of those found.

    `found` are pairs of an interface's name and its address.
    """
    if outward is not None and not ip_address(outward).is_loopback:
        return outward
    usable = [(name, address) for name, address in found if _is_of_a_house(address)]
    real = [address for name, address in usable if not name.startswith(VIRTUAL)]
    return next(iter([*real, *(address for _, address in usable)]), LOOPBACK)


def read_address(answer: bytes) -> str:
    """Return the IPv4 address in what the kernel says of an interface: its name, a family, a port, the address."""
    return str(IPv4Address(answer[20:24]))


def _is_of_a_house(address: str) -> bool:
    found = ip_address(address)
    return found.is_private and not (found.is_loopback or found.is_link_local or found.is_unspecified)


def _towards_elsewhere() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            address: str = probe.getsockname()[0]
        except OSError:
            return None
    return address


def _of_interfaces() -> Iterator[tuple[str, str]]:
    try:
        from fcntl import ioctl
    except ImportError:
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            with suppress(OSError):  # has no IPv4 address
                yield name, read_address(ioctl(probe, _ADDRESS_OF, struct.pack(_REQUEST, name.encode()[:15])))
