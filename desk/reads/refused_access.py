"""Reading what was refused to whom: in an office, and of its own people where no office was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, or_, select

from desk.domain.refused_access import NO_OFFICE
from desk.models import AccessRefusal, ApiToken, Membership, Person
from desk.reads.reader import Reader
from desk.reads.sign_ins import BATCH, LIMIT

KEPT: Final = AccessRefusal


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which are wanted: of one person (`NOBODY`: none), of one kind, from one moment to another."""

    person_id: int = 0
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefusedAccess:
    """What was refused to somebody in an hour: how often, and when last; `token` is the name of a program's token."""

    last_at: datetime
    person: str | None
    kind: str
    route: str
    count: int
    token: str | None


def list_refused(reader: Reader, office_id: int, wanted: Wanted) -> list[RefusedAccess]:
    """Return the newest, the newest first."""
    return [RefusedAccess(*row) for row in reader.execute(_query(office_id, wanted).limit(LIMIT)).tuples()]


def iterate_refused(connection: Connection, office_id: int, wanted: Wanted) -> Iterator[RefusedAccess]:
    """Yield all of them, the newest first, in memory that does not grow with their number."""
    with connection.execute(_query(office_id, wanted), execution_options={"yield_per": BATCH}) as rows:
        for row in rows.tuples():
            yield RefusedAccess(*row)


def _query(office_id: int, wanted: Wanted) -> Select[Any]:
    colleagues = select(Membership.person_id).where(Membership.office_id == office_id, Membership.is_guest.is_(False))
    of_ours = and_(KEPT.office_id == NO_OFFICE, KEPT.person_id.in_(colleagues))
    query = (
        select(KEPT.last_at, Person.name, KEPT.kind, KEPT.route, KEPT.count, ApiToken.name)
        .outerjoin(Person, Person.id == KEPT.person_id)
        .outerjoin(ApiToken, ApiToken.token_hash == KEPT.token_hash)
        .where(or_(KEPT.office_id == office_id, of_ours))
        .order_by(KEPT.last_at.desc(), KEPT.person_id, KEPT.route)
    )
    if wanted.person_id:
        query = query.where(KEPT.person_id == wanted.person_id)
    if wanted.kind:
        query = query.where(KEPT.kind == wanted.kind)
    if wanted.since is not None:
        query = query.where(KEPT.last_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(KEPT.last_at < wanted.until)
    return query
