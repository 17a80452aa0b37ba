"""Whether what the office has can be had back: backups made by themselves, lately, elsewhere, and encrypted."""

from collections.abc import Iterator

from desk.backups.folder import list_backups
from desk.backups.ordering import FAILURES, order_of
from desk.backups.postgres_tools import Tools, ToolTrouble, missing_tools
from desk.cli.backup_keeping import has_none_yet, list_overdue_backups
from desk.cli.checks.base import Result, Subject, fault, good, warning
from desk.operations.accounts.second_factor_codes import list_sealed
from desk.secret_names import FACTORS


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
    if settings.on_sqlite and folder.absolute().is_relative_to(settings.data.absolute()):
        yield warning(
            "Backups lie in the data folder, and go with its disk.", "Set DESK_BACKUP_FOLDER to another disk's."
        )
    else:
        yield good(f"Backups lie in {folder}.")
    if not order.recipients and (settings.backups.at is not None or list_backups(folder)):
        yield warning("Backups are not encrypted.", "Set DESK_BACKUP_RECIPIENTS to what `desk backup key` prints.")


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
