"""Messages as they would go out, made for somebody who does not exist: what an administrator looks at before saving.

They are made by the very code that makes the real ones. The links in them lead nowhere.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from desk.delivery.about import About
from desk.delivery.about_cases import LateNews, VoiceNews
from desk.delivery.addresses import SenderIdentity
from desk.delivery.claim import Claim
from desk.delivery.composing import compose, compose_for_phone
from desk.delivery.letter import Letter
from desk.delivery.message import Links
from desk.delivery.occasion import Occasion
from desk.delivery.own_words import OwnWords
from desk.domain.invitation import Channel
from desk.domain.message_words import TextKind, Words
from desk.domain.phone_length import PhoneLength, measure

ADDRESS: Final = "contoh@example.id"
NUMBER: Final = "A007"
PHONE: Final = "+628123456789"
SERVICE: Final = {"id": "Contoh layanan", "en": "Example service"}
VALID: Final = timedelta(days=14)
# Signs links that no page knows.
_KEY: Final = bytes(32)
_ID: Final = 1
_STILL: Final = frozenset({TextKind.COMPLAINT_STILL_LATE, TextKind.FOLLOW_UP_STILL_LATE})
_COMPLAINTS: Final = frozenset({TextKind.COMPLAINT_LATE, TextKind.COMPLAINT_STILL_LATE})


@dataclass(frozen=True, slots=True)
class Office:
    """Who sends, and under which address it is reached."""

    id: int
    name: str
    zone: str
    public_url: str
    sender: SenderIdentity


@dataclass(frozen=True, slots=True)
class SampleMail:
    """A mail as it is read."""

    sender: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class SampleText:
    """A message to a phone, and how much of the network it takes."""

    text: str
    length: PhoneLength


def sample_mail(kind: TextKind, language: str, words: Words | None, office: Office, *, at: datetime) -> SampleMail:
    """Return a mail in these words, None for those that come with the desk."""
    message = message_from_bytes(_letter(kind, language, words, office, at).content, policy=default)
    plain, html = (_content(message, subtype) for subtype in ("plain", "html"))
    return SampleMail(str(message["From"]), str(message["Subject"]), plain, html)


def sample_text(kind: TextKind, language: str, words: Words | None, office: Office, *, at: datetime) -> SampleText:
    """Return a message to a phone in these words, None for those that come with the desk."""
    claim = _claim(kind, Channel.PHONE, language, words, office, at, PHONE)
    text = compose_for_phone(claim, _links(office)).text
    return SampleText(text, measure(text))


def _letter(kind: TextKind, language: str, words: Words | None, office: Office, at: datetime) -> Letter:
    claim = _claim(kind, Channel.EMAIL, language, words, office, at, ADDRESS)
    return compose(claim, _links(office), office.sender, at=at)


def _links(office: Office) -> Links:
    return Links(_KEY, office.public_url, office.public_url)


def _content(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def _claim(
    kind: TextKind, channel: Channel, language: str, words: Words | None, office: Office, at: datetime, to: str
) -> Claim:
    return Claim(
        office.id,
        _ID,
        1,
        f"sample-{kind}-{channel}-{language}-{at.timestamp()}",
        to,
        language,
        _about(kind, office, at),
        is_reminder=kind is TextKind.REMINDER,
        channel=channel.value,
        own=None if words is None else OwnWords(kind, words),
    )


def _about(kind: TextKind, office: Office, at: datetime) -> About:
    zone = ZoneInfo(office.zone)
    day = at.astimezone(zone).date()
    match kind:
        case TextKind.INVITATION | TextKind.REMINDER:
            about: Any = Occasion(_ID, 1, at + VALID, office.name, zone, NUMBER, day, (SERVICE,), minutes=2)
        case TextKind.VOICE_RECEIVED | TextKind.VOICE_ANSWERED:
            dates = (day, day + timedelta(days=3), day + timedelta(days=14))
            about = VoiceNews(_ID, office.name, *dates, is_answer=kind is TextKind.VOICE_ANSWERED)
        case _:
            about = _late(kind, office, day)
    return cast(About, about)


def _late(kind: TextKind, office: Office, day: date) -> LateNews:
    return LateNews(
        _ID,
        office.id,
        office.name,
        is_voice=kind in _COMPLAINTS,
        is_kept_apart=False,
        due_on=day - timedelta(days=1),
        is_raised=kind in _STILL,
    )
