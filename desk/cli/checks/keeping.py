"""Whether what the office has can be had back: backups made by themselves, lately, elsewhere, and encrypted."""

from collections.abc import Iterator
from typing import Final

from desk.backups.folder import list_backups
from desk.backups.ordering import FAILURES, folder_of, order_of
from desk.backups.postgres_tools import Tools, ToolTrouble, missing_tools
from desk.backups.prospects import holds_secrets
from desk.backups.whereabouts import Whereabouts, whereabouts_of
from desk.cli.backup_keeping import has_none_yet, list_overdue_backups
from desk.cli.checks.base import Result, Subject, fault, good, warning
from desk.operations.accounts.second_factor_codes import list_sealed
from desk.secret_names import FACTORS
from desk.settings import Settings

KEY_MAKERS: Final = "the page Server or `desk backup key`"


def check_second_factors(subject: Subject) -> Iterator[Result]:
    """Whether the key opens every second factor: whose it does not open, gets in no more."""
    with subject.reading() as connection:
        sealed = list_sealed(connection, subject.settings.find_secret(FACTORS))
    if sealed:
        yield fault(
            f"The key secrets/{FACTORS} does not open the second factor of {', '.join(sealed)}: they cannot sign in.",
            "Put back the key the desk ran with, or take each away: `desk person second-factor remove NAME`.",
        )
    else:
        yield good("The key opens every second factor.")


def check_backup(subject: Subject) -> Iterator[Result]:
    """Whether backups are made by themselves, and the newest is one of these days."""
    settings = subject.settings
    overdue = list_overdue_backups(settings, now=subject.now)
    if settings.backups.at is None:
        yield warning("No backup is made by itself.", "Set DESK_BACKUP_AT to a time of the day, 22:30 for example.")
    elif overdue:
        for said in overdue:
            level = warning if has_none_yet(settings) else fault
            yield level(f"{said[:1].upper()}{said[1:]}", "Make one with `desk backup`, and look at the log.")
    else:
        yield good("The newest backup is one of these days.")


def check_backup_place(subject: Subject) -> Iterator[Result]:
    """Whether backups lie on another disk than the database, and who finds one cannot read it."""
    settings = subject.settings
    try:
        order = order_of(settings)
    except FAILURES as error:
        yield fault(f"DESK_BACKUP_RECIPIENTS cannot be used: {error}", "Take what `desk backup key` prints.")
        return
    folder = order.folder
    if not order.makes_folder and not folder.is_dir():
        yield fault(f"DESK_BACKUP_FOLDER ({folder}) is not there: no backup is made.", "Mount its disk, or make it.")
        return
    if settings.on_sqlite and _is_on_its_disk(settings):
        yield warning(
            "Backups lie on the disk of the data folder, and go with it.", "Set DESK_BACKUP_FOLDER to another disk's."
        )
    else:
        yield good(f"Backups lie in {folder}.")
    yield from _of_their_content(settings, is_encrypted=bool(order.recipients))


def _is_on_its_disk(settings: Settings) -> bool:
    """Tell whether backups lie on the disk of the data folder."""
    folder, data = folder_of(settings).absolute(), settings.data.absolute()
    return folder.is_relative_to(data) or whereabouts_of(folder, data) is Whereabouts.SAME_DISK


def _of_their_content(settings: Settings, *, is_encrypted: bool) -> Iterator[Result]:
    """Whether who finds a backup cannot read it, and who needs one finds all in it."""
    found = list_backups(folder_of(settings))
    if not is_encrypted and (settings.backups.at is not None or found):
        yield warning("Backups are not encrypted.", f"Set DESK_BACKUP_RECIPIENTS to what {KEY_MAKERS} gives.")
    is_plain_only = not is_encrypted and not found and settings.backups.at is not None
    if is_plain_only or (found and not any(map(holds_secrets, found))):
        yield warning(
            "The secrets are in no backup: without them none can be restored on another machine.",
            f"Copy {settings.data / 'secrets'} to where it survives this machine, or let backups be encrypted"
            f" (DESK_BACKUP_RECIPIENTS, with what {KEY_MAKERS} gives) and make one.",
        )


def check_backup_tools(subject: Subject) -> Iterator[Result]:
    """Whether PostgreSQL's own programs for backups are there, and none is older than the server."""
    missing = [] if subject.settings.on_sqlite else missing_tools()
    if missing:
        yield fault(f"{', '.join(missing)} cannot be found; no backup can be made.", "Install PostgreSQL's client.")
        return
    if not subject.settings.on_sqlite:
        with subject.reading() as connection:
            tools = Tools.of(connection, subject.settings.database)
        try:
            tools.require()
        except ToolTrouble as error:
            yield fault(f"No backup can be made: {error}", "Install PostgreSQL's client of the server's version.")
            return
    yield good("What backups take is there.")
