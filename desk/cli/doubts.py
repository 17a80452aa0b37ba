"""Settings with which a desk starts and does not do what they are for: told at the start, a line each."""

import logging
from collections.abc import Iterator
from typing import Final

from desk.backups.sealing import BadKey, read_recipients
from desk.domain.opening import AddressFault, find_address_fault, is_refused_sender
from desk.settings import Settings
from desk.settings_messages import Mail

LOG: Final = logging.getLogger(__name__)
UNFIT: Final = frozenset({AddressFault.NO_ADDRESS, AddressFault.MORE_THAN_HOST})


def tell_doubts(settings: Settings) -> None:
    """Write a warning for each setting that is not what its name says; values stay out of the log."""
    for said in _doubts(settings):
        LOG.warning("%s; see `desk check`", said)


def _doubts(settings: Settings) -> Iterator[str]:
    if find_address_fault(settings.base_url) in UNFIT:
        yield "DESK_BASE_URL is no web address of a host: QR codes and links in messages lead nowhere"
    try:
        read_recipients(settings.backups.recipients)
    except BadKey:
        yield "DESK_BACKUP_RECIPIENTS holds what is no recipient (age1…): no backup is made"
    mail = settings.mail
    if (mail.host is not None or mail.sender != Mail().sender) and is_refused_sender(mail.sender):
        yield "DESK_MAIL_FROM is no address that mail servers take: they refuse what comes from it"
