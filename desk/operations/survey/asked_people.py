"""Whom the office knows again by an address: own staff, who wants no questions, where mail comes back, whom it asked.

An address stands here as a keyed digest only (`desk.domain.sampling`), in rows beside the events, so that forgetting
somebody leaves the trail as it is. A person is known without what follows a plus in their address; whether mail comes
back is known of the address as it is written. Nothing is written about an address given without consent.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, insert, literal_column, or_, select

from desk.domain.asking_rules import BOUNDS, AskingSettings
from desk.domain.hours import day_bounds
from desk.domain.sampling import address_digest, person_digest, person_digests, without_tag
from desk.models import Person, SurveyAsking, SurveyBlock, VisitContact
from desk.models.prepared import Prepared, at_most
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


_WRITTEN: Final = bindparam("written", type_=BLOCKS.c.digest.type)
_ANY: Final = [bindparam("digest", type_=BLOCKS.c.digest.type), _WRITTEN]


def _askings(*conditions: Any) -> Any:
    mine = (ASKINGS.c.office_id == bindparam("office"), ASKINGS.c.digest.in_(_ANY))
    return (*mine, ASKINGS.c.visit_id != bindparam("visit"), *conditions)


def _blocked(digests: list[Any], *kinds: BlockKind) -> Any:
    named = BLOCKS.c.kind.in_([literal_column(f"'{each.value}'") for each in kinds])
    mine = (BLOCKS.c.office_id == bindparam("office"), BLOCKS.c.digest.in_(digests), named)
    return select(BLOCKS.c.kind).where(*mine).exists()


_email_of_staff: Final = func.lower(func.trim(PEOPLE.c.email))
_STAFF: Final = select(PEOPLE.c.id).where(
    or_(
        _email_of_staff == bindparam("address"),
        _email_of_staff.like(bindparam("tagged"), escape="\\"),
        PEOPLE.c.phone == bindparam("address"),
    )
)
STAFF: Final = Prepared(_STAFF.limit(at_most(1)))
KNOWN: Final = Prepared(
    select(
        _STAFF.exists().label("staff"),
        _blocked(_ANY, BlockKind.OPTED_OUT, BlockKind.ERASED).label("opted_out"),
        _blocked([_WRITTEN], BlockKind.BOUNCED).label("bounced"),
        select(func.max(ASKINGS.c.asked_at)).where(*_askings()).scalar_subquery().label("asked_at"),
        select(func.count(ASKINGS.c.visit_id.distinct()))
        .where(*_askings(ASKINGS.c.asked_at >= bindparam("month", type_=ASKINGS.c.asked_at.type)))
        .scalar_subquery()
        .label("asked_this_month"),
    )
)


def written_as(unit: Unit, address: str) -> str:
    """Return by what this office knows an address again as it is written."""
    return address_digest(unit.keys.links, unit.office_id, address)


def digests_for(unit: Unit, address: str) -> frozenset[str]:
    """Return by what all this office may know the person of an address."""
    return person_digests(unit.keys.links, unit.office_id, address)


def is_staff(unit: Unit, address: str) -> bool:
    """Tell whether this is the address or number of somebody on the staff, whatever follows a plus in either."""
    return STAFF.first(unit.connection, _sought(address)) is not None


def _sought(address: str) -> dict[str, str]:
    """Return an address as `_STAFF` looks for it: without a tag, and with whatever tag."""
    known = without_tag(address)
    name, at, domain = (re.sub(r"([\\%_])", r"\\\1", each) for each in known.rpartition("@"))
    return {"address": known, "tagged": f"{name}+%{at}{domain}" if at and name else domain}


def look_up(unit: Unit, address: str | None, visit_id: int) -> Known:
    """Return what is known of a person, beside what this visit itself did: one look-up, none without an address."""
    if not address:
        return STRANGER
    values = {"office": unit.office_id, "visit": visit_id, "month": _month_began(unit)}
    known = {"digest": _digest_for(unit, address), "written": written_as(unit, address), **_sought(address)}
    found = KNOWN.first(unit.connection, {**values, **known})
    return Known(
        bool(found.staff), bool(found.opted_out), bool(found.bounced), found.asked_at, int(found.asked_this_month)
    )


def _digest_for(unit: Unit, address: str) -> str:
    return person_digest(unit.keys.links, unit.office_id, address)


def _month_began(unit: Unit) -> datetime:
    zone = unit.configuration.rules.zone
    return day_bounds(unit.at.astimezone(zone).date().replace(day=1), zone)[0]


def remember_asking(unit: Unit, addresses: tuple[str | None, ...], visit_id: int) -> None:
    """Write down that a person is asked about a visit, under each address that is known of it.

    Whichever of them they leave the next time, they are known again. What no throttle can look at any more goes.
    """
    forget_asking(unit, visit_id)
    row = {"office_id": unit.office_id, "visit_id": visit_id, "asked_at": unit.at}
    digests = sorted({_digest_for(unit, each) for each in addresses if each})
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


def person_of(unit: Unit, visit_id: int) -> set[str]:
    """Return by what the person of a visit is known: under what they were asked, and what they have left since."""
    mine = (ASKINGS.c.office_id == unit.office_id, ASKINGS.c.visit_id == visit_id)
    asked = unit.connection.execute(select(ASKINGS.c.digest).where(*mine)).scalars()
    return {*asked, *(_digest_for(unit, each) for each in addresses_of(unit, visit_id))}


def digests_of(unit: Unit, visit_id: int) -> set[str]:
    """Return by what the person of a visit may be known, also as persons were known before: to look for them."""
    written = (written_as(unit, each) for each in addresses_of(unit, visit_id))
    return {*person_of(unit, visit_id), *written}


def wants_none(unit: Unit, visit_id: int, *addresses: str) -> bool:
    """Tell whether the person of a visit, or of one of these addresses, wants no questions or was erased."""
    digests = digests_of(unit, visit_id).union(*(digests_for(unit, each) for each in addresses))
    kinds = (BlockKind.OPTED_OUT.value, BlockKind.ERASED.value)
    blocked = (BLOCKS.c.office_id == unit.office_id, BLOCKS.c.digest.in_(digests), BLOCKS.c.kind.in_(kinds))
    return unit.connection.execute(select(BLOCKS.c.kind).where(*blocked).limit(1)).first() is not None


def forget_person(unit: Unit, address: str) -> None:
    """Forget when a person was asked, who wants their data erased, and ask them no more."""
    mine = (ASKINGS.c.office_id == unit.office_id, ASKINGS.c.digest.in_(digests_for(unit, address)))
    unit.connection.execute(delete(ASKINGS).where(*mine))
    block(unit, _digest_for(unit, address), BlockKind.ERASED)


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
