"""What a worker takes from the outbox: a message to be sent, or one that was due and is dropped."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from desk.delivery.about import About
from desk.delivery.about_accounts import AccountNews
from desk.delivery.about_cases import VoiceNews
from desk.delivery.backoff import is_last
from desk.delivery.occasion import Occasion
from desk.delivery.own_tokens import tokens_of_survey, tokens_of_voice
from desk.delivery.own_words import OwnWords, Stored, own_words
from desk.domain.refusals import Refused
from desk.domain.tokens import TokenKind, derive

# Longer than all the time-outs of one message together (desk.delivery.smtp).
LEASE: Final = timedelta(minutes=8)
NONE_INSTEAD: Final = 0
NO_WORDS: Final[Stored] = {}
LEASES_ENDED: Final = "no worker lived long enough to say what became of it"


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this worker, and no other, may send until the lease ends."""

    office_id: int
    id: int
    attempt: int
    idempotency_key: str
    address: str = field(repr=False)
    language: str
    occasion: About
    visit_id: int = 0
    is_reminder: bool = False
    channel: str = "email"
    unreached: int = 0  # how often the other side was away in a row
    leased_until: datetime | None = None
    own: OwnWords | None = None  # of the office, where it does not say what comes with the desk


@dataclass(frozen=True, slots=True)
class Dropped:
    """A message that was due and will not be sent: `cancelled` or `dead`."""

    id: int
    state: str
    why: str


def taken_together(rows: Sequence[Any]) -> Sequence[Any]:
    """Return which of those that are due are taken: what somebody may have died of is taken alone."""
    return [row for row in rows if row.state == "sending"][:1] or rows


def judged(row: Any, occasion: About | Refused, at: datetime, stored: Stored = NO_WORDS) -> Claim | Dropped:
    """Tell what is to become of a row that is due."""
    if isinstance(occasion, Refused):
        return Dropped(row.id, "cancelled", occasion.reason.value)
    if is_last(row.attempts):
        return Dropped(row.id, "dead", row.last_error or LEASES_ENDED)
    return Claim(
        row.office_id,
        row.id,
        row.attempts + 1,
        row.idempotency_key,
        row.address,
        row.language,
        occasion,
        row.visit_id,
        row.kind == "reminder",
        row.channel,
        row.unreached,
        at + LEASE,
        own_words(stored, row, occasion),
    )


def tokens_of(claim: Claim, key: bytes | None) -> frozenset[str]:
    match claim.occasion:
        case Occasion(invitation_id=invitation_id, generation=generation) if key is not None:
            return tokens_of_survey(key, invitation_id, generation)
        case VoiceNews(voice_id=voice_id) if key is not None:
            return tokens_of_voice(key, voice_id)
        case AccountNews(delivery_id=delivery_id) if key is not None:
            return frozenset((derive(key, TokenKind.STAFF, delivery_id),))
        case _:
            return frozenset()
