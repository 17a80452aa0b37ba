"""Values of environment variables, read with an error that names the variable and quotes no secret."""

from collections.abc import Mapping
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

SHORTEST_SECRET: Final = 20
# Where limits may be counted, and the package each needs.
LIMIT_STORES: Final = {"memory": "", "redis": "redis", "rediss": "redis", "redis+unix": "redis"}
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def address(env: Mapping[str, str], name: str) -> str:
    """Return a web address; a secret goes with it, so over HTTP only to this machine or the network it stands in."""
    given = word(env, name)
    try:
        found = urlsplit(given)
    except ValueError as error:
        raise ValueError(f"{name} must be an address that begins with https://") from error
    if given and (found.scheme not in ("http", "https") or not found.hostname):
        raise ValueError(f"{name} must be an address that begins with https://")
    if found.scheme == "http" and not _is_near(found.hostname or ""):
        raise ValueError(f"{name} must begin with https:// outside of the local network")
    return given


def _is_near(host: str) -> bool:
    try:
        return host in LOOPBACK or ip_address(host).is_private
    except ValueError:
        return False


def headers(env: Mapping[str, str], name: str) -> tuple[tuple[str, str], ...]:
    """Return headers, one `Name: value` a line; the words of the error quote none, since they hold a secret."""
    lines = [line.strip() for line in env.get(name, "").splitlines() if line.strip()]
    pairs = [line.partition(":") for line in lines]
    if any(not key.strip() or not colon or not value.strip() for key, colon, value in pairs):
        raise ValueError(f"{name} must be lines like 'Authorization: Bearer …'")
    return tuple((key.strip(), value.strip()) for key, _, value in pairs)


def words(env: Mapping[str, str], name: str) -> frozenset[str]:
    """Return lower-case words with commas between them."""
    return frozenset(word.strip().lower() for word in env.get(name, "").split(",") if word.strip())


def numbers(env: Mapping[str, str], name: str) -> list[int]:
    """Return whole numbers with commas between them."""
    given = words(env, name)
    if not all(each.isascii() and each.isdigit() for each in given):
        raise ValueError(f"{name} must be numbers with commas between them")
    return [int(each) for each in given]


def database_url(env: Mapping[str, str], name: str) -> str:
    """Return a database's address with the driver we use: plain postgres addresses are what people paste."""
    given = word(env, name)
    for prefix in ("postgres://", "postgresql://"):
        if given.startswith(prefix):
            given = "postgresql+psycopg://" + given.removeprefix(prefix)
    if given and not given.startswith(("postgresql+psycopg://", "sqlite://")):
        raise ValueError(f"{name} must begin with postgresql:// or sqlite://")
    return given


def word(env: Mapping[str, str], name: str) -> str:
    """Return a value without blanks and control characters in it."""
    given = env.get(name, "").strip()
    if not given.isprintable() or " " in given:
        raise ValueError(f"{name} must be one word, without blanks")
    return given


def folder(env: Mapping[str, str], name: str) -> Path | None:
    """Return a folder, None where none was named."""
    given = env.get(name, "").strip()
    if not given.isprintable():
        raise ValueError(f"{name} must be the path of a folder")
    return Path(given) if given else None


def limits_url(env: Mapping[str, str], name: str) -> str:
    """Return the address of a store of limits other than our own."""
    given = word(env, name)
    scheme = given.partition("://")[0]
    if given and scheme not in LIMIT_STORES:
        raise ValueError(f"{name} must begin with {', '.join(f'{each}://' for each in LIMIT_STORES)}")
    if given and LIMIT_STORES[scheme] and find_spec(LIMIT_STORES[scheme]) is None:
        raise ValueError(f"{name} needs the package {LIMIT_STORES[scheme]}, which is not installed here")
    return given


def number(env: Mapping[str, str], name: str, default: int, least: int = 0, most: int = 2**31) -> int:
    """Return a whole number within bounds."""
    given = env.get(name, "").strip()
    if not given:
        return default
    if not (given.isascii() and given.isdigit()):
        raise ValueError(f"{name} must be a whole number, not {given!r}")
    if not least <= int(given) <= most:
        raise ValueError(f"{name} must be from {least} to {most}, not {given}")
    return int(given)


def choice(env: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    """Return one of a few words, the first where none was set."""
    given = env.get(name, "").strip().lower() or known[0]
    if given not in known:
        raise ValueError(f"{name} must be {' or '.join(known)}, not {given!r}")
    return given


def switch(env: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    """Return whether something is on."""
    given = env.get(name, "").strip().lower() or str(int(default))
    if given not in ("0", "1", "false", "true", "no", "yes"):
        raise ValueError(f"{name} must be 1 or 0, not {given!r}")
    return given in ("1", "true", "yes")


def secret(env: Mapping[str, str], name: str, file_name: str) -> str:
    """Return a secret that was set, or what the file holds that was named instead; empty where neither was."""
    given, file = env.get(name, "").strip(), env.get(file_name, "").strip()
    if file and not given:
        try:
            given = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise ValueError(f"{file_name} names a file that cannot be read") from error
        if not given:
            raise ValueError(f"{file_name} names a file that is empty")
    if given and (len(given) < SHORTEST_SECRET or not given.isascii() or not given.isprintable() or " " in given):
        raise ValueError(f"{name} must be at least {SHORTEST_SECRET} ASCII characters without blanks")
    return given
