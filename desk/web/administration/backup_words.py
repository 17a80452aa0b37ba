"""What is said of the backups, on the list of the setting up and on the page of the server."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from flask_babel import format_datetime, gettext

from desk.backups.folder import Kept, list_backups
from desk.backups.ordering import folder_of
from desk.backups.prospects import Prospect, Weakness, prospect_of
from desk.settings import Settings
from desk.web.forms.backups import RECIPIENTS
from desk.wording import opening as words

# What is weak about the newest backup itself.
_OF_NEWEST: Final = {
    Weakness.WITHOUT_SECRETS: words.PLAIN_BACKUP,
    Weakness.SAME_DISK: words.NEAR_BACKUP,
    Weakness.SAME_MACHINE: words.SAME_MACHINE_BACKUP,
}


@dataclass(frozen=True, slots=True)
class BackupsView:
    """How backups stand, for the page of the server; `newest` can be downloaded there if it is encrypted."""

    is_good: bool
    said: str
    newest: Kept | None
    takes_key: bool  # whether a key can be made there: nobody has one yet


def view_of_backups(settings: Settings, *, at: datetime) -> BackupsView:
    """Return how backups stand."""
    newest = next(iter(list_backups(folder_of(settings))), None)
    takes_key = not settings.backups.recipients and RECIPIENTS not in settings.kept.fixed
    return BackupsView(*say_backups(settings, at=at), newest, takes_key)


def say_backups(settings: Settings, *, at: datetime) -> tuple[bool, str]:
    """Return whether a machine that burns leaves a backup that can be restored, and a sentence that says why (not)."""
    found = prospect_of(settings, at=at)
    return found.weakness is None, _said(settings, found)


def _said(settings: Settings, found: Prospect) -> str:
    match found.weakness:
        case None:
            return _good(found)
        case Weakness.UNSCHEDULED:
            return gettext(words.NO_SCHEDULE)
        case Weakness.FAILED:
            return gettext(words.FAILED_BACKUP) % {"time": _moment(found.failure.at if found.failure else None)}
        case Weakness.OLD:
            return gettext(words.OLD_BACKUP) % {"time": f"{settings.backups.at:%H:%M}"}
        case Weakness.WITHOUT_SECRETS | Weakness.SAME_DISK | Weakness.SAME_MACHINE:
            return gettext(_OF_NEWEST[found.weakness]) % {"time": _moment_of_newest(found)}
        case _:
            assert_never(found.weakness)


def _good(found: Prospect) -> str:
    if found.download is None:
        return gettext(words.NEW_BACKUP) % {"time": _moment_of_newest(found)}
    taken = {"made": _moment(found.download.made_at), "taken": _moment(found.download.at)}
    return gettext(words.TAKEN_BACKUP) % {"time": _moment_of_newest(found), **taken}


def _moment_of_newest(found: Prospect) -> str:
    return _moment(found.newest.made_at if found.newest else None)


def _moment(at: datetime | None) -> str:
    return "–" if at is None else str(format_datetime(at, gettext("EEE d MMM y, HH:mm")))
