"""Who has forgotten their password: a wish is written down as it was typed, and the worker looks for whom it is.

So the page answers after the same time whoever is asked for, and asks the database nothing that could tell
(ASVS 5.0, 6.3.8). What was typed is gone a moment later.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, func, insert, or_, select

from desk.domain.access import SYSTEM
from desk.domain.refusals import Refused
from desk.models import Membership, PasswordWish, Person
from desk.operations.accounts.one_time_codes import send_link, was_just_sent
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

WISHES: Any = PasswordWish.__table__
MOST_WAITING: Final = 500
BITE: Final = 20


def wish(engine: Engine, typed: str, *, at: datetime) -> None:
    """Write down what somebody typed who has forgotten their password; nothing where far too many wait."""
    with engine.execution_options(desk_writes=True).begin() as connection:
        if connection.execute(select(func.count()).select_from(WISHES)).scalar_one() < MOST_WAITING:
            connection.execute(insert(WISHES), {"typed": typed[:254], "asked_at": at})


def take_up_wishes(streams: Streams) -> int:
    """Queue links for those whom the wishes are about; returns how many."""
    with streams.reading() as connection:
        if connection.execute(select(WISHES.c.id).limit(1)).first() is None:
            return 0
    with streams.engine.begin() as connection:
        found = connection.execute(select(WISHES.c.id, WISHES.c.typed).order_by(WISHES.c.id).limit(BITE)).all()
        people = {person for each in found for person in _people(connection, each.typed)}
        connection.execute(delete(WISHES).where(WISHES.c.id.in_([each.id for each in found])))
    return sum(_send(streams, person_id, office_id) for person_id, office_id in sorted(people))


def _people(connection: Connection, typed: str) -> list[tuple[int, int]]:
    """Return whoever has this user name or e-mail address, with their first office."""
    wanted = typed.strip().lower()
    query = (
        select(Person.id, func.min(Membership.office_id))
        .join(Membership, (Membership.person_id == Person.id) & Membership.is_guest.is_(False))
        .where(or_(Person.username == wanted, func.lower(Person.email) == wanted), Person.disabled_at.is_(None))
        .where(Person.email.is_not(None), Person.is_email_vouched)
        .group_by(Person.id)
        .order_by(Person.id)
        .limit(5)
    )
    return [(row[0], row[1]) for row in connection.execute(query).tuples()]


def _send(streams: Streams, person_id: int, office_id: int) -> int:
    def work(unit: Unit) -> Done:
        if was_just_sent(unit, person_id):
            return unit.done(sent=0)
        send_link(unit, person_id)
        return unit.done(sent=1)

    try:
        return int(streams.run(office_id, Request(SYSTEM, "send_link"), work).facts["sent"])
    except Refused:  # the address went meanwhile
        return 0
