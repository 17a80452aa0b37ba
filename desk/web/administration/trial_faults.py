"""What went wrong with a trial by its kind, in the language of the page: words of other programs stay in the log."""

import errno
from typing import Final

from flask_babel import gettext

from desk.backups.manifest import BadBackup
from desk.backups.postgres_tools import ToolTrouble
from desk.backups.sealing import BadKey
from desk.delivery.sending import NoSuchMailbox, Rejected, SendingFailed, Unreachable
from desk.wording import N_

# The first that fits.
_OF_GATEWAY: Final[tuple[tuple[type[Exception], str], ...]] = (
    (NoSuchMailbox, N_("the gateway does not know your number.")),
    (Rejected, N_("the gateway refuses this message.")),
    (Unreachable, N_("the gateway cannot be reached, or does not take us: look at its address and key.")),
    (SendingFailed, N_("the gateway does not take the message now. Try again in some minutes.")),
)
_NO_NUMBER: Final = N_("your number is none that the gateway can write to.")
_OF_BACKUP: Final[tuple[tuple[type[Exception], str], ...]] = (
    (BadKey, N_("one of the keys for which backups are sealed is none.")),
    (ToolTrouble, N_("pg_dump is missing on the server, or does not reach the database.")),
    (BadBackup, N_("it could not be read again after it was written.")),
    (OSError, N_("the folder of the backups cannot be written.")),
)
_FULL: Final = N_("the disk is full.")
_DATABASE: Final = N_("the database did not answer.")


def of_gateway(error: Exception) -> str:
    """Return why a message to a phone was not taken."""
    return gettext(next((words for kind, words in _OF_GATEWAY if isinstance(error, kind)), _NO_NUMBER))


def of_backup(error: Exception) -> str:
    """Return why a backup failed."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return gettext(_FULL)
    return gettext(next((words for kind, words in _OF_BACKUP if isinstance(error, kind)), _DATABASE))
