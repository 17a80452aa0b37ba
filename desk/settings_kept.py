"""What administrators set in the browser for this server: a file of the data folder, beneath the environment.

The file holds the values of the same variables, as text. What a newer program keeps in it stays there. It is no secret
of the installation: it goes into no backup, since it holds for one machine.
"""

import json
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FILE: Final = "server.json"
LOCK: Final = "server.lock"
LARGEST: Final = 65_536
# Whoever names the server gets the password, so these come from one place: all from the environment, or all from here.
MAIL_SERVER: Final = (
    "DESK_SMTP_HOST",
    "DESK_SMTP_PORT",
    "DESK_SMTP_USERNAME",
    "DESK_SMTP_PASSWORD",
    "DESK_SMTP_STARTTLS",
)
# By variable: in which part of the settings it stands (empty: beside the parts), and as what.
FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "DESK_BASE_URL": ("", "base_url"),
    "DESK_SMTP_HOST": ("mail", "host"),
    "DESK_SMTP_PORT": ("mail", "port"),
    "DESK_SMTP_USERNAME": ("mail", "username"),
    "DESK_SMTP_PASSWORD": ("mail", "password"),
    "DESK_SMTP_STARTTLS": ("mail", "starttls"),
    "DESK_MAIL_FROM": ("mail", "sender"),
    "DESK_BACKUP_AT": ("backups", "at"),
    "DESK_BACKUP_KEEP": ("backups", "keep"),
    "DESK_BACKUP_FOLDER": ("backups", "folder"),
    "DESK_BACKUP_RECIPIENTS": ("backups", "recipients"),
}

SOMEBODY: Final = "desk@localhost"
LONGEST_SENDER: Final = 254  # RFC 5321, 4.5.3.1
LONGEST_NAME: Final = 64
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_ADDRESS: Final = rf"{_PLAIN}+(?:\.{_PLAIN}+)*@{_LABEL}(?:\.{_LABEL})*"
_NAME: Final = r"[^\"(),:;<>@\[\]\\]{1,80}"
_SENDER: Final = re.compile(rf"(?P<bare>{_ADDRESS})|{_NAME}<(?P<bracketed>{_ADDRESS})>")

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """Whence these settings come: `given` by the environment, `used` of the file; `fault` where that cannot be used."""

    given: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    fault: str = ""

    @property
    def fixed(self) -> frozenset[str]:
        """What cannot be set in the browser."""
        return self.given | (frozenset(MAIL_SERVER) if self.given & set(MAIL_SERVER) else frozenset())


def given_by(env: Mapping[str, str]) -> Kept:
    """Return which of these variables the environment sets; an empty one is none."""
    return Kept(frozenset(name for name in FIELDS if env.get(name, "").strip()))


def file_of(data: Path) -> Path:
    """Return where the file lies, if there is one."""
    return data / FILE


def stamp_of(data: Path) -> Stamp | None:
    """Return what changes whenever the file does; None where there is none."""
    try:
        found = file_of(data).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def read_kept(data: Path) -> dict[str, str] | None:
    """Return what is kept, None where there is no file; raise `ValueError` for one that cannot be used.

    The words of the error quote nothing of the file.
    """
    try:
        with file_of(data).open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"it cannot be read: {error.strerror or type(error).__name__}") from error
    try:
        found = json.loads(raw.decode("utf-8")) if len(raw) <= LARGEST else None
    except (ValueError, RecursionError) as error:
        raise ValueError("it is damaged, no JSON") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError("it is damaged: it holds no texts by their names")
    return found


def read_used(data: Path, kept: Kept) -> dict[str, str] | None:
    """Return what holds of the file, None where there is none; raise `ValueError` for what cannot be used."""
    found = read_kept(data)
    if found is None:
        return None
    used = {name: found[name] for name in FIELDS if name in found and name not in kept.fixed}
    for name in ("DESK_SMTP_USERNAME", "DESK_SMTP_PASSWORD"):
        if not is_credential(used.get(name, "")):
            raise ValueError(f"{name} must be ASCII characters")
    if not is_sender(used.get("DESK_MAIL_FROM", SOMEBODY)):
        raise ValueError("DESK_MAIL_FROM is not an address like desk@example.go.id")
    return used


def fields_of(said: Any, used: Mapping[str, str], part: str) -> dict[str, Any]:
    """Return by their names the fields of a part of the settings that the file sets."""
    names = [FIELDS[each][1] for each in used if FIELDS[each][0] == part]
    return {name: getattr(getattr(said, part) if part else said, name) for name in names}


def is_credential(text: str) -> bool:
    """Tell whether mail servers take this as a user name or a password."""
    return text.isascii() and text.isprintable()


def is_sender(text: str) -> bool:
    """Tell whether this is one plain address, perhaps with a name before it."""
    found = _SENDER.fullmatch(text) if text.isprintable() else None
    if found is None:
        return False
    address = found["bare"] or found["bracketed"]
    return len(address) <= LONGEST_SENDER and len(address.partition("@")[0]) <= LONGEST_NAME


def write_kept(data: Path, kept: Mapping[str, str]) -> None:
    """Put these values in the place of what is kept: all of them, or, whatever happens, what was there."""
    write_file(data, (json.dumps(dict(sorted(kept.items())), indent=1) + "\n").encode())


def write_file(data: Path, content: bytes | None) -> None:
    """Put a whole file in its place, readable by its owner only; None removes it. One does so at a time."""
    for draft in data.glob(f".{FILE}.*"):  # of one that was killed
        draft.unlink(missing_ok=True)
    if content is None:
        file_of(data).unlink(missing_ok=True)
        return
    descriptor, begun = tempfile.mkstemp(dir=data, prefix=f".{FILE}.")  # made with mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(begun).rename(file_of(data))
    except BaseException:
        with suppress(OSError):
            Path(begun).unlink()
        raise
    _flush(data)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
