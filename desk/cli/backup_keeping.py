"""Backups without anybody at the keyboard: one a day by the worker, and a warning where none came."""

import logging
import threading
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

from desk.backups.failing import Failure, find_failure, note_failure
from desk.backups.folder import Kept, list_backups
from desk.backups.locking import Busy
from desk.backups.making import make_backup
from desk.backups.ordering import FAILURES, OVERDUE, order_of
from desk.cli.refusing import reason_of
from desk.settings import Settings
from desk.settings_now import current

LOG: Final = logging.getLogger(__name__)
# Seconds between two looks whether one is due, and what passes after one that failed.
LOOK_SECONDS: Final = 20.0
AGAIN: Final = timedelta(minutes=10)


def last_due(at: time, *, now: datetime) -> datetime:
    """Return when a backup was due last, by the clock of this machine."""
    local = now.astimezone()
    due = datetime.combine(local.date(), at).astimezone()
    return due if due <= now else datetime.combine(local.date() - timedelta(days=1), at).astimezone()


class BackupKeeper:
    """Makes the backup of the day of one installation for one worker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._not_before: datetime | None = None

    def run(self, stop: threading.Event) -> None:
        """Make what is due until told to stop; a schedule may be set, or another one, while this goes on."""
        while not stop.is_set():
            self.look(datetime.now(UTC))
            stop.wait(LOOK_SECONDS)

    def look(self, now: datetime) -> bool:
        """Make a backup where one is due; returns whether one was made."""
        if self._not_before is not None and now < self._not_before:
            return False
        try:
            return self._make(now)
        except FAILURES as error:
            LOG.error("the backup of the day failed, and is tried again in some minutes: %s", reason_of(error))
            note_failure(self._settings.data, Failure(now, reason_of(error)))
        except Busy:
            LOG.info("somebody makes a backup just now")
        self._not_before = now + AGAIN
        return False

    def _make(self, now: datetime) -> bool:
        settings = current(self._settings)
        at = settings.backups.at
        if at is None:
            return False
        order = order_of(settings)
        newest = next(iter(list_backups(order.folder)), None)
        if newest is not None and newest.made_at >= last_due(at, now=now):
            return False
        made = make_backup(order, at=now)
        LOG.info("made the backup %s; removed %d older ones", made.file, len(made.removed))
        return True


def list_overdue_backups(settings: Settings, *, now: datetime) -> list[str]:
    """Return a warning where backups are scheduled, and the last one failed or the newest is too old."""
    if settings.backups.at is None:
        return []
    newest = _find_newest(settings)
    failure = find_failure(settings.data, newest)
    if failure is not None:
        return [f"the last backup that was due failed ({failure.at:%Y-%m-%d %H:%M} UTC): {failure.said}"]
    if newest is None:
        folder = _folder(settings)
        return [f"backups are scheduled, and there is none in {folder}: does the worker run? Its log says what failed."]
    if now - newest.made_at > OVERDUE:
        return [f"the newest backup, {newest.file}, is older than 26 hours: does the worker run? See its log."]
    return []


def has_none_yet(settings: Settings) -> bool:
    """Tell whether there is no backup and none failed: the schedule may be new."""
    newest = _find_newest(settings)
    return newest is None and find_failure(settings.data, newest) is None


def _find_newest(settings: Settings) -> Kept | None:
    return next(iter(list_backups(_folder(settings))), None)


def _folder(settings: Settings) -> Path:
    return settings.backups.folder or settings.data / "backups"
