"""The mail that carries a checkpoint of the trail to somebody outside: number and signature of each office's head."""

from collections.abc import Iterable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from desk.delivery.addresses import Mailbox, SenderIdentity
from desk.delivery.wording import gettext_of
from desk.domain.audit import Head
from desk.wording import N_

SUBJECT = N_("Checkpoint of the trail, %(day)s")
BODY = N_(
    "Where the trail of each office ended (office, event, signature). Keep this message: whoever cuts or rewrites the"
    " trail later cannot change it."
)


def compose_checkpoint(
    address: str, day: str, heads: Iterable[Head], sender: SenderIdentity, *, at: datetime
) -> EmailMessage:
    """Return the message of a day's checkpoint; raise `UnusableAddress` for an address nobody can write to."""
    gettext = gettext_of("id")
    to = Mailbox.parse(address)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"{gettext(SUBJECT) % {'day': day}} / {SUBJECT % {'day': day}}"
    message["From"] = Address("Desk", sender.mailbox.name, sender.mailbox.domain)
    message["To"] = Address("", to.name, to.domain)
    message["Date"] = at
    message["Auto-Submitted"] = "auto-generated"
    lines = [f"{head.office_id} {head.number} {head.mac}" for head in heads]
    message.set_content("\n".join([gettext(BODY), BODY, "", *lines, ""]), cte="quoted-printable")
    return message
