"""What a gap is on a screen, and what a finder of gaps is given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from desk.domain.gaps import SETTINGS, GapAction, GapKind, Thresholds
from desk.models import Office, Person, TransactionRow, Visit
from desk.reads.office_day import Day, get_day
from desk.reads.reader import Reader

HOLDER: Any = aliased(Person)
# Of each kind so many are shown; where there are more, they come up as these are closed.
MOST_OF_A_KIND: Final = 50


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap: which transaction, who has to do with it, since when, and the one thing to do about it.

    `subject_id` is what the action is done to: a handoff for WITHDRAW, else the transaction (or the case itself).
    Who is in `barred` must not learn of it. `waiting` is how many are meant, where it is not the one transaction.
    """

    kind: GapKind
    action: GapAction
    transaction_id: int
    subject_id: int
    number: str
    service_id: int
    who_id: int | None
    who: str | None
    since: datetime
    barred: frozenset[int] = frozenset()
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """Where and when gaps are looked for."""

    reader: Reader
    office_id: int
    at: datetime
    day: Day
    thresholds: Thresholds


def get_thresholds(reader: Reader, office_id: int) -> Thresholds:
    """Return from when on this office speaks of gaps and risks."""
    columns = (getattr(Office, name) for name in SETTINGS)
    row = reader.execute(select(*columns).where(Office.id == office_id)).one()
    return Thresholds(**row._mapping)


def get_scene(reader: Reader, office_id: int, *, at: datetime) -> Scene:
    """Return what the finders need to look at an office."""
    return Scene(reader, office_id, at, get_day(reader, office_id, at=at), get_thresholds(reader, office_id))


def open_query(office_id: int, *more: Any) -> Select[Any]:
    """Return the query of open transactions with their number and holder, the longest in their state first."""
    found = TransactionRow
    return (
        select(
            found.id,
            found.service_id,
            found.holder_id,
            found.offer_id,
            found.since,
            Visit.label,
            HOLDER.name.label("holder"),
            *more,
        )
        .join(Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id))
        .join(HOLDER, HOLDER.id == found.holder_id)
        .where(found.office_id == office_id, found.ended_at.is_(None))
        .order_by(found.since, found.id)
        .limit(MOST_OF_A_KIND)
    )


def gap_from(row: Any, kind: GapKind, action: GapAction, **other: Any) -> Gap:
    """Return the gap of a row of `open_query`; `other` replaces what it would say of the holder and the time."""
    said = {"subject_id": row.id, "who_id": row.holder_id, "who": row.holder, "since": row.since, **other}
    return Gap(kind, action, transaction_id=row.id, number=row.label, service_id=row.service_id, **said)
