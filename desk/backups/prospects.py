"""Whether what an office has could be had back after its machine burned, judged by the folder of backups."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from desk.backups.archive import read_manifest
from desk.backups.downloads import Download, find_download
from desk.backups.failing import Failure, find_failure
from desk.backups.folder import Kept, list_backups
from desk.backups.manifest import BadBackup
from desk.backups.ordering import OVERDUE, folder_of
from desk.backups.whereabouts import Whereabouts, whereabouts_of
from desk.settings import Settings

LATELY: Final = timedelta(days=8)  # a week, and a day for who downloads one every Monday


class Weakness(StrEnum):
    """What stands between a disaster and a desk that runs again; the first that holds."""

    UNSCHEDULED = "unscheduled"
    FAILED = "failed"
    OLD = "old"
    WITHOUT_SECRETS = "without_secrets"
    SAME_DISK = "same_disk"
    SAME_MACHINE = "same_machine"


@dataclass(frozen=True, slots=True)
class Prospect:
    """The newest backup, what is weak about it, and what is known beside: a try that failed, what was downloaded."""

    weakness: Weakness | None
    newest: Kept | None
    failure: Failure | None = None
    download: Download | None = None  # of these days only


def prospect_of(settings: Settings, *, at: datetime) -> Prospect:
    """Return how things stand."""
    newest = next(iter(list_backups(folder_of(settings))), None)
    failure, download = find_failure(settings.data, newest), find_download(settings.data)
    if download is not None and at - download.made_at > LATELY:
        download = None
    weakness = _weakness(settings, newest, failure, at=at)
    if weakness is None and download is None:
        weakness = _nearness(settings)
    return Prospect(weakness, newest, failure, download)


def _weakness(settings: Settings, newest: Kept | None, failure: Failure | None, *, at: datetime) -> Weakness | None:
    if settings.backups.at is None:
        return Weakness.UNSCHEDULED
    if failure is not None:
        return Weakness.FAILED
    if newest is None or at - newest.made_at > OVERDUE:
        return Weakness.OLD
    return None if holds_secrets(newest) else Weakness.WITHOUT_SECRETS


def _nearness(settings: Settings) -> Weakness | None:
    match whereabouts_of(folder_of(settings), settings.data):
        case Whereabouts.SAME_DISK:
            return Weakness.SAME_DISK
        case Whereabouts.SAME_MACHINE:
            return Weakness.SAME_MACHINE
        case Whereabouts.ELSEWHERE:
            return None


def holds_secrets(kept: Kept) -> bool:
    """Tell whether the secrets are in a backup; into an encrypted one they go unless somebody said no."""
    if kept.is_encrypted:
        return True
    try:
        with kept.file.open("rb") as content:
            return read_manifest(content).holds_secrets
    except (BadBackup, OSError):
        return False
