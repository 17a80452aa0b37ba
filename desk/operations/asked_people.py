"""Whom the office knows again by an address: own staff, who wants no questions, where mail comes back, whom it asked.

An address stands here as a keyed digest only (`desk.domain.sampling.person_digest`), in rows beside the events, so that
forgetting somebody leaves the trail as it is. Nothing is written about an address given without consent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, insert, literal_column, or_, select

from desk.domain.asking_rules import BOUNDS, AskingSettings
from desk.domain.hours import day_bounds
from desk.domain.sampling import normalized, person_digest
from desk.models import Person, SurveyAsking, SurveyBlock, VisitContact
from desk.models.prepared import Prepared
from desk.operations.stream import Unit

ASKINGS: Any = SurveyAsking.__table__
BLOCKS: Any = SurveyBlock.__table__
PEOPLE: Any = Person.__table__
CONTACTS: Any = VisitContact.__table__
LONGEST_REST: Final = timedelta(days=BOUNDS["survey_rest_days"][1])


class BlockKind(StrEnum):
    """Why somebody is not asked."""

    OPTED_OUT = "opted_out"
    BOUNCED = "bounced"  # a mailbox that is not there: asked by the link only
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person: `asked_at` is when a message about another visit last went to them."""

    own_staff: bool = False
    opted_out: bool = False
    bounced: bool = False
    asked_at: datetime | None = None
    asked_this_month: int = 0

    def asked_lately(self, settings: AskingSettings, at: datetime) -> bool:
        """Tell whether asking them now would be too often."""
        rest, most = timedelta(days=settings.survey_rest_days), settings.survey_monthly
        rests = self.asked_at is not None and at < self.asked_at + rest
        return rests or 0 < most <= self.asked_this_month


STRANGER: Final = Known()


def _askings(*conditions: Any) -> Any:
    mine = (ASKINGS.c.office_id == bindparam("office"), ASKINGS.c.digest == bindparam("digest"))
    return (*mine, ASKINGS.c.visit_id != bindparam("visit"), *conditions)


def _blocked(*kinds: BlockKind) -> Any:
    named = BLOCKS.c.kind.in_([literal_column(f"'{each.value}'") for each in kinds])
    mine = (BLOCKS.c.office_id == bindparam("office"), BLOCKS.c.digest == bindparam("digest"), named)
    return select(BLOCKS.c.kind).where(*mine).exists()


_STAFF: Final = select(PEOPLE.c.id).where(
    or_(func.lower(func.trim(PEOPLE.c.email)) == bindparam("address"), PEOPLE.c.phone == bindparam("address"))
)
KNOWN: Final = Prepared(
    select(
        _STAFF.exists().label("staff"),
        _blocked(BlockKind.OPTED_OUT, BlockKind.ERASED).label("opted_out"),
        _blocked(BlockKind.BOUNCED).label("bounced"),
        select(func.max(ASKINGS.c.asked_at)).where(*_askings()).scalar_subquery().label("asked_at"),
        select(func.count())
        .select_from(ASKINGS)
        .where(*_askings(ASKINGS.c.asked_at >= bindparam("month", type_=ASKINGS.c.asked_at.type)))
        .scalar_subquery()
        .label("asked_this_month"),
    )
)


def digest_for(unit: Unit, address: str) -> str:
    """Return by what this office knows the person of an address again."""
    return person_digest(unit.keys.links, unit.office_id, address)


def look_up(unit: Unit, address: str | None, visit_id: int) -> Known:
    """Return what is known of a person, beside what this visit itself did: one look-up, none without an address."""
    if not address:
        return STRANGER
    values = {"office": unit.office_id, "visit": visit_id, "month": _month_began(unit)}
    found = KNOWN.first(
        unit.connection, {**values, "digest": digest_for(unit, address), "address": normalized(address)}
    )
    return Known(
        bool(found.staff), bool(found.opted_out), bool(found.bounced), found.asked_at, int(found.asked_this_month)
    )


def _month_began(unit: Unit) -> datetime:
    zone = unit.configuration.rules.zone
    return day_bounds(unit.at.astimezone(zone).date().replace(day=1), zone)[0]


def remember_asking(unit: Unit, addresses: tuple[str | None, ...], visit_id: int) -> None:
    """Write down that a person is asked about a visit, under each address that is known of it.

    Whichever of them they leave the next time, they are known again. What no throttle can look at any more goes.
    """
    forget_asking(unit, visit_id)
    row = {"office_id": unit.office_id, "visit_id": visit_id, "asked_at": unit.at}
    digests = sorted({digest_for(unit, each) for each in addresses if each})
    unit.connection.execute(insert(ASKINGS), [{**row, "digest": each} for each in digests])
    too_old = ASKINGS.c.asked_at < unit.at - LONGEST_REST
    unit.connection.execute(delete(ASKINGS).where(ASKINGS.c.office_id == unit.office_id, too_old))


def forget_asking(unit: Unit, visit_id: int) -> None:
    """Take back that somebody was asked about a visit: the message did not go out."""
    mine = (ASKINGS.c.office_id == unit.office_id) & (ASKINGS.c.visit_id == visit_id)
    unit.connection.execute(delete(ASKINGS).where(mine))


def addresses_of(unit: Unit, visit_id: int) -> tuple[str, ...]:
    """Return the addresses that the visitor has left: an e-mail address, a phone number, both or none."""
    mine = (CONTACTS.c.office_id == unit.office_id, CONTACTS.c.visit_id == visit_id)
    row = unit.connection.execute(select(CONTACTS.c.email, CONTACTS.c.phone).where(*mine)).one_or_none()
    return () if row is None else tuple(each for each in row if each)


def digests_of(unit: Unit, visit_id: int) -> set[str]:
    """Return by what the person of a visit is known: under what they were asked, and what they have left since."""
    mine = (ASKINGS.c.office_id == unit.office_id, ASKINGS.c.visit_id == visit_id)
    asked = unit.connection.execute(select(ASKINGS.c.digest).where(*mine)).scalars()
    return {*asked, *(digest_for(unit, each) for each in addresses_of(unit, visit_id))}


def wants_none(unit: Unit, visit_id: int, *addresses: str) -> bool:
    """Tell whether the person of a visit, or of one of these addresses, wants no questions or was erased."""
    digests = digests_of(unit, visit_id) | {digest_for(unit, each) for each in addresses}
    kinds = (BlockKind.OPTED_OUT.value, BlockKind.ERASED.value)
    blocked = (BLOCKS.c.office_id == unit.office_id, BLOCKS.c.digest.in_(digests), BLOCKS.c.kind.in_(kinds))
    return unit.connection.execute(select(BLOCKS.c.kind).where(*blocked).limit(1)).first() is not None


def forget_person(unit: Unit, address: str) -> None:
    """Forget when a person was asked, who wants their data erased, and ask them no more."""
    digest = digest_for(unit, address)
    mine = (ASKINGS.c.office_id == unit.office_id, ASKINGS.c.digest == digest)
    unit.connection.execute(delete(ASKINGS).where(*mine))
    block(unit, digest, BlockKind.ERASED)


def block(unit: Unit, digest: str, kind: BlockKind) -> bool:
    """Block a person; return whether that is new."""
    if unit.connection.execute(select(BLOCKS.c.since).where(*_block(unit, digest, kind))).first() is not None:
        return False
    row = {"office_id": unit.office_id, "digest": digest, "kind": kind.value, "since": unit.at}
    unit.connection.execute(insert(BLOCKS), row)
    return True


def unblock(unit: Unit, digest: str, kind: BlockKind) -> bool:
    """Take a block back; return whether there was one."""
    removed: int = unit.connection.execute(delete(BLOCKS).where(*_block(unit, digest, kind))).rowcount
    return removed > 0


def _block(unit: Unit, digest: str, kind: BlockKind) -> tuple[Any, ...]:
    return BLOCKS.c.office_id == unit.office_id, BLOCKS.c.digest == digest, BLOCKS.c.kind == kind.value
