"""Loading the demo offices, once, with passwords made on the spot."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from desk.demo.offices import demo_codes, demo_plans, demo_usernames
from desk.models import Membership, Office, Person
from desk.operations.accounts.passwords import generate, hashed
from desk.operations.opening.furnishing import furnish, record_openings
from desk.operations.requests import Keys
from desk.operations.stream import Streams

PASSWORDS: Final = "demo-passwords.txt"
LOCK: Final = "demo.lock"
OPENING_HOUR: Final = 8
ZONE: Final = ZoneInfo("Asia/Jakarta")
HEADING: Final = """\
# Passwords of the demo staff, made at the first start of this desk. Nobody else has them.
# Give somebody a new one with: desk person password USERNAME
"""


def load(engine: Engine, keys: Keys, folder: Path, *, now: datetime) -> dict[str, str]:
    """Load the demo offices into a database that has no office; return the new passwords by user name.

    Returns nothing where there is an office already; what a kill during an earlier load left out is completed then.
    The offices were opened yesterday at eight, so that the hours before now are free for `desk demo --day`.
    """
    streams = Streams(engine, keys, clock=lambda: opened_at(now))
    with held(folder):
        if _any_office(streams):
            record_openings(streams)
            return {}
        passwords = {username: generate() for username in demo_usernames()}
        keep_passwords(folder, passwords)
        hashes = {username: hashed(password) for username, password in passwords.items()}
        furnish(streams, demo_plans(hashes, today=now.astimezone(ZONE).date()))
    return passwords


def opened_at(now: datetime) -> datetime:
    """Return when the demo offices were opened: yesterday at 08.00 in Jakarta."""
    yesterday = now.astimezone(ZONE) - timedelta(days=1)
    return yesterday.replace(hour=OPENING_HOUR, minute=0, second=0, microsecond=0).astimezone(UTC)


def in_demo(engine: Engine) -> bool:
    """Tell whether one of the offices is a demo office."""
    with engine.connect() as connection:
        return connection.execute(select(Office.id).where(Office.code.in_(demo_codes()))).first() is not None


def is_demo_in_use(engine: Engine) -> bool:
    """Tell whether one of the demo offices still serves visitors: it is not retired."""
    in_use = select(Office.id).where(Office.code.in_(demo_codes()), Office.retired_at.is_(None))
    with engine.connect() as connection:
        return connection.execute(in_use).first() is not None


def has_demo_staff(engine: Engine) -> bool:
    """Tell whether somebody made up can still sign in: whoever is at home in a demo office and has a password."""
    at_home = select(Membership.person_id).join(Office).where(Office.code.in_(demo_codes()), ~Membership.is_guest)
    can_enter = (Person.id.in_(at_home), Person.disabled_at.is_(None), Person.password_hash.is_not(None))
    with engine.connect() as connection:
        return connection.execute(select(Person.id).where(*can_enter)).first() is not None


def _any_office(streams: Streams) -> bool:
    with streams.reading() as connection:
        return connection.execute(select(Office.id).limit(1)).first() is not None


def keep_passwords(folder: Path, passwords: Mapping[str, str]) -> None:
    """Write the passwords where only the owner can read them, before the database knows any of them."""
    draft = folder / f".{PASSWORDS}.{os.getpid()}"
    lines = "".join(f"{username:<10} {password}\n" for username, password in passwords.items())
    draft.touch(mode=0o600)
    draft.write_text(HEADING + lines, encoding="utf-8")
    draft.replace(folder / PASSWORDS)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the demo against other processes of this data folder that load it or play in it."""
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_held(folder: Path) -> bool:
    """Tell whether some process loads the demo or plays in it just now."""
    try:
        with (folder / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
