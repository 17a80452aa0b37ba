"""Who really asks: what the desk's own proxies say about a client, and what nobody else may say.

`proxies` is how many stand in front, one behind another. Each appends to `X-Forwarded-For` the address it was called
from, so only that many entries from the right can be believed; with none in front, no such header is.
"""

from desk.push.asgi import Scope

_FORWARDED = (b"forwarded", b"x-forwarded-", b"x-real-ip", b"x-scheme")


def as_forwarded(scope: Scope, *, proxies: int) -> Scope:
    """Return the request as its client made it, without the headers that said so."""
    kept = [(name, value) for name, value in scope["headers"] if not name.startswith(_FORWARDED)]
    if len(kept) == len(scope["headers"]):
        return scope
    if proxies == 0:
        return {**scope, "headers": kept}
    address = _trusted(scope["headers"], b"x-forwarded-for", proxies)
    scheme = _trusted(scope["headers"], b"x-forwarded-proto", 1)
    host = _trusted(scope["headers"], b"x-forwarded-host", 1)
    if host is not None:
        kept = [(name, host.encode("latin-1") if name == b"host" else value) for name, value in kept]
    return {
        **scope,
        "headers": kept,
        "client": (address, 0) if address else scope.get("client"),
        "scheme": scheme if scheme in {"http", "https"} else scope["scheme"],
    }


def _trusted(headers: list[tuple[bytes, bytes]], name: bytes, proxies: int) -> str | None:
    """Return the entry that the outermost proxy of ours wrote; None where there are too few."""
    entries = b",".join(value for key, value in headers if key == name).decode("latin-1").split(",")
    entries = [entry.strip() for entry in entries if entry.strip()]
    return entries[-proxies] if len(entries) >= proxies else None
