"""The message that asks a visitor: text and HTML, in the visitor's language, with one link.

The visitor's name is not in it: it is not needed to recognize the visit, and a name typed at a kiosk must not become a
text that an office sends to any address.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from babel.dates import format_date, format_time
from babel.lists import format_list

from desk.delivery.addresses import Mailbox, SenderIdentity
from desk.delivery.claim import Claim
from desk.delivery.letter import Letter, encoded, shown_mailbox, write_letter
from desk.delivery.occasion import Occasion
from desk.delivery.wording import gettext_of, known_language, render
from desk.domain.masking import one_line
from desk.domain.tokens import TokenKind, derive
from desk.wording import N_

SUBJECT = N_("How was our service? %(office)s, number %(number)s")
REMINDER_SUBJECT = N_("Reminder: how was our service? %(office)s, number %(number)s")
_LONGEST_OFFICE_IN_SUBJECT = 80


@dataclass(frozen=True, slots=True)
class Links:
    """How links are made, each time they are shown or sent; those of visitors are never stored."""

    key: bytes = field(repr=False)
    public_url: str
    staff_url: str = ""  # empty: nobody has said under which address staff reach the desk

    def to_survey(self, occasion: Occasion, channel: str = "email") -> str:
        """Return the address of the form that was sent by this channel."""
        return f"{self.public_url}/s/{self._token(TokenKind.SURVEY, occasion, channel)}"

    def to_stop(self, occasion: Occasion, channel: str = "email") -> str:
        """Return the address at which the visitor can ask not to be asked any more."""
        return f"{self.public_url}/u/{self._token(TokenKind.NO_SURVEY, occasion, channel)}"

    def to_voice(self, voice_id: int) -> str:
        """Return the address of the page that says what became of a complaint."""
        return f"{self.public_url}/voice/{derive(self.key, TokenKind.VOICE, voice_id)}"

    def to_case(self, office_id: int, case: int | str, *, is_voice: bool) -> str | None:
        """Return the address of a case for staff, who sign in there; None where that of the desk is not known."""
        place = "voices" if is_voice else "follow-ups"
        return f"{self.staff_url}/offices/{office_id}/{place}/{case}" if self.staff_url else None

    def to_plans(self, office_id: int) -> str | None:
        """Return the address of the planned changes for staff; None where that of the desk is not known."""
        return f"{self.staff_url}/offices/{office_id}/planned-changes" if self.staff_url else None

    def to_invitation(self, delivery_id: int) -> str:
        """Return the address at which a member of staff chooses a password; what follows # is sent to no server."""
        token = derive(self.key, TokenKind.STAFF, delivery_id)
        return f"{self.staff_url or self.public_url}/invitation#{token}"

    def _token(self, kind: TokenKind, occasion: Occasion, channel: str) -> str:
        about, generation = occasion.invitation_id, occasion.generation
        return derive(self.key, kind, about, channel=channel, generation=generation)

    def reference(self, idempotency_key: str) -> str:
        """Return the id of a delivery outside (32 hex digits): always the same, so that a repeat is known as such."""
        return hmac.digest(self.key, f"message|{idempotency_key}".encode(), hashlib.sha256).hex()[:32]


def compose(claim: Claim, links: Links, sender: SenderIdentity, *, at: datetime) -> Letter:
    """Return the message of a claimed delivery; raise `UnusableAddress` when it has no address one can write to."""
    language, own = known_language(claim.language), claim.own
    values = values_of(claim, language, links)
    to, reference = Mailbox.parse(claim.address), links.reference(claim.idempotency_key)
    headers = {
        "Subject": encoded("Subject", own.subject(values) if own else _subject(values, language)),
        "From": shown_mailbox(sender.shown_as(values["office"]), str(sender.mailbox)),
        "Message-ID": f"<{reference}@{sender.mailbox.domain}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
        "List-Unsubscribe": f"<{values['stop']}>",
    }
    if values["stop"].startswith("https:"):  # RFC 8058, 3.1: one click is offered over HTTPS only
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    bodies = own.bodies(values, language) if own else _bodies(values, language)
    return write_letter(str(to), headers, bodies, reference=reference, at=at)


def _bodies(values: dict[str, Any], language: str) -> list[tuple[str, str]]:
    return [(kind, render(f"survey.{name}", language, values)) for kind, name in (("plain", "txt"), ("html", "html"))]


def _subject(values: dict[str, Any], language: str) -> str:
    office = values["office"][:_LONGEST_OFFICE_IN_SUBJECT]
    words = REMINDER_SUBJECT if values["is_reminder"] else SUBJECT
    return gettext_of(language)(words) % {"office": office, "number": values["number"]}


def values_of(claim: Claim, language: str, links: Links) -> dict[str, Any]:
    """Return everything that the wording of a message may say."""
    occasion = claim.occasion
    if not isinstance(occasion, Occasion):
        raise TypeError("this message asks nothing")
    until = occasion.expires_at.astimezone(occasion.zone)
    services = [one_line(names[language]) for names in occasion.services]
    return {
        "language": language,
        "link": links.to_survey(occasion, claim.channel),
        "stop": links.to_stop(occasion, claim.channel),
        "is_reminder": claim.is_reminder,
        "office": one_line(occasion.office),
        "number": one_line(occasion.number),
        "services": format_list(services, locale=language),
        "minutes": occasion.minutes,
        "further": occasion.further,
        "day": format_date(occasion.day, "d MMMM y", locale=language),
        "until_day": format_date(until, "d MMMM y", locale=language),
        "until_time": format_time(until, gettext_of(language)("HH:mm"), tzinfo=occasion.zone, locale=language),
    }
