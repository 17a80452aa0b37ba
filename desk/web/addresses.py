"""From where a request comes: under what it counts of those that anybody may send."""

from ipaddress import IPv6Address, ip_address

from flask import request


def address() -> str:
    """Return whom a request counts for: its address, or of IPv6 the network, since anybody has 2**64 of those."""
    given = request.remote_addr or ""
    try:
        found = ip_address(given.partition("%")[0])
    except ValueError:
        return given
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or f"{IPv6Address(int(found) >> 64 << 64)}/64")
    return str(found)
