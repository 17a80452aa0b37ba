"""How long an office keeps personal data, how far its rules came, what was erased and who exported."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import literal_column, select

from desk.domain.identity import event_of, id_of
from desk.domain.retention import SETTINGS, RetentionRules, Track
from desk.models import AccessRecord, Erasure, EventRow, Office, Person, RetentionMark
from desk.reads.barred import list_barred
from desk.reads.reader import Reader

LIMIT: Final = 200
PERSONAL_DATA: Final = "personal_data"  # the subject in the access log


@dataclass(frozen=True, slots=True)
class ErasureLine:
    """One line of the register; `person` None for the system, `why` a reason or a track."""

    kind: str
    why: str
    transactions: tuple[int, ...]
    counts: Mapping[str, int]
    at: datetime
    person: str | None
    by_handler: bool = False  # who had a hand in a matter of the person, because nobody else was there


@dataclass(frozen=True, slots=True)
class LookLine:
    """Somebody searched for a person's data or exported them."""

    at: datetime
    person: str | None
    verb: str


@dataclass(frozen=True, slots=True)
class TrackLine:
    """When a track last ran to its end and how much it erased; None while it never has."""

    track: Track
    ran_at: datetime | None
    erased: int
    due_at: datetime


def get_retention_rules(reader: Reader, office_id: int) -> RetentionRules:
    """Return the settings of an office that exists."""
    columns = (getattr(Office, name) for name in SETTINGS)
    row = reader.execute(select(*columns).where(Office.id == office_id)).one()
    return RetentionRules(**row._mapping)


def list_erasures(reader: Reader, office_id: int, *, viewer_id: int | None, limit: int = LIMIT) -> list[ErasureLine]:
    """Return the newest lines of the register, the newest first.

    Of complaints about a matter in which the viewer had a hand nothing is told, not even how many were erased.
    """
    query = (
        select(Erasure.__table__, Person.name)
        .outerjoin(Person, Person.id == Erasure.person_id)
        .where(Erasure.office_id == office_id)
        .order_by(Erasure.id.desc())
        .limit(limit)
    )
    rows = reader.execute(query).all()
    hidden = _with_own_voices(reader, office_id, [row.id for row in rows if row.counts.get("voices")], viewer_id)
    return [
        ErasureLine(
            row.kind,
            row.why,
            tuple(row.transactions),
            {name: count for name, count in row.counts.items() if name != "voices" or row.id not in hidden},
            row.at,
            row.name,
            row.by_handler,
        )
        for row in rows
    ]


def _with_own_voices(reader: Reader, office_id: int, ids: Sequence[int], viewer_id: int | None) -> set[int]:
    """Return which of these erasures took a voice about a matter in which the viewer had a hand."""
    query = select(EventRow.number, EventRow.payload).where(
        EventRow.office_id == office_id, EventRow.number.in_([event_of(each) for each in ids])
    )
    taken = {number: set(json.loads(payload).get("voices", ())) for number, payload in reader.execute(query).tuples()}
    barred = list_barred(reader, office_id, set[int]().union(*taken.values()))
    own = {voice_id for voice_id, people in barred.items() if viewer_id in people}
    return {id_of(office_id, number=number) for number, voices in taken.items() if voices & own}


def list_personal_looks(reader: Reader, office_id: int, *, limit: int = LIMIT) -> list[LookLine]:
    """Return who last searched for or exported a person's data, the newest first."""
    # As literal text: with a bound parameter the partial index would not be used.
    is_personal: Any = AccessRecord.subject == literal_column(f"'{PERSONAL_DATA}'")
    query = (
        select(AccessRecord.at, Person.name, AccessRecord.verb)
        .outerjoin(Person, Person.id == AccessRecord.person_id)
        .where(AccessRecord.office_id == office_id, is_personal)
        .order_by(AccessRecord.at.desc(), AccessRecord.id.desc())
        .limit(limit)
    )
    return [LookLine(*row) for row in reader.execute(query).tuples()]


def list_tracks(reader: Reader, office_id: int) -> list[TrackLine]:
    """Return how far each track came; none before the worker first looked."""
    query = select(RetentionMark.track, RetentionMark.ran_at, RetentionMark.erased, RetentionMark.due_at)
    rows = reader.execute(query.where(RetentionMark.office_id == office_id).order_by(RetentionMark.track))
    return [TrackLine(Track(row[0]), row[1], row[2], row[3]) for row in rows.tuples()]
