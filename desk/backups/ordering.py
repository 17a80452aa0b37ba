"""The order for a backup as the settings want it, and what can go wrong with one."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

import desk
from desk.backups.making import Order
from desk.backups.manifest import BadBackup
from desk.backups.postgres_tools import ToolTrouble
from desk.backups.sealing import BadKey, read_recipients
from desk.settings import Settings

OVERDUE: Final = timedelta(hours=26)  # a day, and two hours for what takes long or has to be tried again
# What can go wrong with a backup, and is said in a sentence.
FAILURES: Final = (BadBackup, BadKey, ToolTrouble, SQLAlchemyError, OSError)


def folder_of(settings: Settings) -> Path:
    """Return where backups lie."""
    return settings.backups.folder or settings.data / "backups"


def order_of(settings: Settings) -> Order:
    """Return the order for a backup as the settings want it; raise `BadKey` for a recipient that is none."""
    recipients = tuple(read_recipients(settings.backups.recipients))
    return Order(
        settings.database,
        settings.data,
        folder_of(settings),
        recipients,
        secrets=bool(recipients),
        keep=settings.backups.keep,
        version=desk.__version__,
        makes_folder=settings.backups.folder is None,
    )
