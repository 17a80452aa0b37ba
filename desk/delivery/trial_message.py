"""A message to whoever tries out whether messages go out: sent at once, not through the outbox."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from desk.delivery.addresses import Mailbox, SenderIdentity
from desk.delivery.gateway import GatewaySender, PhoneMessage
from desk.delivery.letter import Letter
from desk.delivery.smtp import SmtpSender
from desk.delivery.wording import gettext_of
from desk.settings_messages import Gateway, Mail
from desk.wording import N_

TIMEOUT_SECONDS: Final = 10.0  # somebody waits for it
SUBJECT: Final = N_("A trial message of %(office)s")
BODY: Final = N_("This is a trial. If you can read it, messages of the office reach their readers.")


def mail_trial(
    settings: Mail, sender: SenderIdentity, address: str, office: str, *, language: str, at: datetime
) -> None:
    """Send a trial message by mail; raises `UnusableAddress`, or `SendingFailed` with the words of the server."""
    gettext, to = gettext_of(language), Mailbox.parse(address)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = gettext(SUBJECT) % {"office": office}
    message["From"] = Address(sender.shown_as(office), sender.mailbox.name, sender.mailbox.domain)
    message["To"] = Address("", to.name, to.domain)
    message["Date"] = at
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{gettext(BODY)}\n", cte="quoted-printable")
    way_out = SmtpSender(settings, sender, timeout=TIMEOUT_SECONDS)
    try:
        way_out.send(Letter.of(message))
    finally:
        way_out.close()


def text_trial(settings: Gateway, number: str, office: str, *, language: str, reference: str) -> None:
    """Send a trial message to a phone; raises `SendingFailed`, or `ValueError` for a gateway that is set up wrongly."""
    gettext = gettext_of(language)
    words = f"{gettext(SUBJECT) % {'office': office}}. {gettext(BODY)}"
    GatewaySender(settings).send(PhoneMessage(number, words, reference))
