"""Keeping what an administrator sets for the server: the file of the data folder, and the event that tells of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from flask import current_app
from flask_babel import gettext

from desk.backups.locking import in_turn
from desk.domain.audit import digest_of
from desk.domain.facts import JSON
from desk.domain.opening import Trial
from desk.operations.requests import Request
from desk.operations.settings.server_settings import ServerChange, change_server
from desk.settings_kept import FIELDS, LOCK, file_of, read_kept, write_file, write_kept
from desk.settings_now import reread
from desk.web.context import acting, asked, cookie_key, desk
from desk.web.forms.server import ServerForm
from desk.wording import N_

# These are told as changed only: a secret, and what may be somebody's address.
UNTOLD: Final = frozenset({"DESK_SMTP_USERNAME", "DESK_SMTP_PASSWORD", "DESK_MAIL_FROM"})
NOT_KEPT: Final = N_("The server cannot keep this: its disk is full, or its data folder cannot be written.")
COUNTED: Final = frozenset({"DESK_SMTP_PORT", "DESK_BACKUP_KEEP"})


def setting_of(name: str) -> str:
    """Return under which name events tell of a variable."""
    return f"server_{name.removeprefix('DESK_').lower()}"


@contextmanager
def kept_in_turn() -> Iterator[dict[str, str]]:
    """Give what is kept, empty where it cannot be read, while nobody else changes it."""
    with in_turn(desk().settings.data / LOCK):
        yield kept_now()


def kept_now() -> dict[str, str]:
    """Return what is kept, empty where it cannot be read."""
    try:
        return read_kept(desk().settings.data) or {}
    except ValueError:
        return {}


def keep(office_id: int, request: Request, kept: Mapping[str, str], values: Mapping[str, str]) -> int:
    """Keep these values in the place of what was kept, "" for none; returns how many changed.

    A repeat of a request changes nothing. Raises `Refused`, and `OSError` where the disk says no; nothing is changed.
    """
    settings = desk().settings
    before, after = _content(), {name: value for name, value in {**kept, **values}.items() if value}

    def carry_out() -> list[ServerChange]:
        write_kept(settings.data, after)
        return [change for name in FIELDS for change in _changes(name, kept.get(name, ""), after.get(name, ""))]

    try:
        done = change_server(desk().streams, office_id, request, carry_out)
    except BaseException:
        if _content() != before:
            write_file(settings.data, before)
        raise
    reread(settings)
    return int(done.facts["changed"])


def is_kept(office_id: int, part: str, form: ServerForm, kept: Mapping[str, str]) -> bool:
    """Keep what a form says; where the disk says no, return False, and the form says so.

    A digest distinguishes requests: a password may be in it.
    """
    values = form.values
    said = digest_of(cookie_key(), repr(sorted(values.items())))
    try:
        keep(office_id, asked(acting(office_id), "set_server", part=part, values=said), kept, values)
    except OSError as error:
        current_app.logger.error("what was set for the server cannot be kept: %s", error.strerror)
        form.form_errors.append(gettext(NOT_KEPT))
        return False
    return True


def _content() -> bytes | None:
    try:
        return file_of(desk().settings.data).read_bytes()
    except FileNotFoundError:
        return None


def _changes(name: str, before: str, after: str) -> list[ServerChange]:
    if before == after:
        return []
    was, now = _told(name, before), _told(name, after)
    if name in UNTOLD:
        was, now = "set" if before else None, "set_anew" if after else None
    return [ServerChange(setting_of(name), was, now, Trial.MESSAGE if FIELDS[name][0] == "mail" else None)]


def _started_with(name: str) -> JSON:
    """Return what holds where nothing is kept, of what has a value by itself."""
    own, (part, field) = desk().settings.own or desk().settings, FIELDS[name]
    held: JSON = getattr(getattr(own, part), field) if name in COUNTED | {"DESK_SMTP_STARTTLS"} else None
    return held


def _told(name: str, value: str) -> JSON:
    if not value:
        return _started_with(name)
    if name == "DESK_SMTP_STARTTLS":
        return value == "1"
    return int(value) if name in COUNTED and value.isascii() and value.isdigit() else value
