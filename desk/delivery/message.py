"""The message that asks a visitor: text and HTML, in the visitor's language, with one link.

The visitor's name is not in it: it is not needed to recognize the visit, and a name typed at a kiosk must not become a
text that an office sends to any address.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from babel.dates import format_date, format_time
from babel.lists import format_list

from desk.delivery.addresses import Mailbox, SenderIdentity
from desk.delivery.occasion import Occasion
from desk.delivery.outbox import Claim
from desk.delivery.wording import gettext_of, known_language, render
from desk.domain.masking import one_line
from desk.domain.tokens import TokenKind, derive
from desk.wording import N_

SUBJECT = N_("How was our service? %(office)s, number %(number)s")
_LONGEST_OFFICE_IN_SUBJECT = 80


@dataclass(frozen=True, slots=True)
class Links:
    """How a visitor's links are made, each time they are shown or sent; they are never stored."""

    key: bytes = field(repr=False)
    public_url: str

    def to_survey(self, occasion: Occasion) -> str:
        """Return the address of the form that was sent by e-mail."""
        token = derive(
            self.key, TokenKind.SURVEY, occasion.invitation_id, channel="email", generation=occasion.generation
        )
        return f"{self.public_url}/s/{token}"

    def message_id(self, idempotency_key: str, domain: str) -> str:
        """Return the Message-ID of a delivery: always the same one, so that a repeat is recognized as such."""
        digest = hmac.digest(self.key, f"message|{idempotency_key}".encode(), hashlib.sha256).hex()[:32]
        return f"<{digest}@{domain}>"


def compose(claim: Claim, links: Links, sender: SenderIdentity, *, at: datetime) -> EmailMessage:
    """Return the message of a claimed delivery; raise `UnusableAddress` when it has no address one can write to."""
    language = known_language(claim.language)
    values = _values(claim.occasion, language, links.to_survey(claim.occasion))
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _subject(values, language)
    message["From"] = Address(sender.shown_as(values["office"]), sender.mailbox.name, sender.mailbox.domain)
    to = Mailbox.parse(claim.address)
    message["To"] = Address("", to.name, to.domain)
    message["Date"] = at
    message["Message-ID"] = links.message_id(claim.idempotency_key, sender.mailbox.domain)
    message["Auto-Submitted"] = "auto-generated"
    # Quoted-printable: short lines of ASCII, whatever the servers on the way can do.
    message.set_content(render("survey.txt", language, values), cte="quoted-printable")
    message.add_alternative(render("survey.html", language, values), subtype="html", cte="quoted-printable")
    message["Content-Language"] = language  # last: setting the content drops such headers
    return message


def _subject(values: dict[str, Any], language: str) -> str:
    office = values["office"][:_LONGEST_OFFICE_IN_SUBJECT]
    return gettext_of(language)(SUBJECT) % {"office": office, "number": values["number"]}


def _values(occasion: Occasion, language: str, link: str) -> dict[str, Any]:
    until = occasion.expires_at.astimezone(occasion.zone)
    services = [one_line(names[language]) for names in occasion.services]
    return {
        "language": language,
        "link": link,
        "office": one_line(occasion.office),
        "number": one_line(occasion.number),
        "services": format_list(services, locale=language),
        "day": format_date(occasion.day, "long", locale=language),
        "until_day": format_date(until, "long", locale=language),
        "until_time": one_line(format_time(until, "short", tzinfo=occasion.zone, locale=language)),
    }
