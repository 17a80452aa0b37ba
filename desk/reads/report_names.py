"""The names a report needs: of services with their promises, of counters, pools and the people of an office."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from desk.domain.counter_names import CounterName
from desk.models import Counter, Membership, Person, Pool, Service
from desk.reads.counter_names import NAMED
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id, in the order in which they are offered to choose from; promises in seconds."""

    services: dict[int, dict[str, str]]
    promises: dict[int, int]
    counters: dict[int, CounterName]
    people: dict[int, str]
    pools: dict[int, str]


def get_names(reader: Reader, office_id: int) -> Names:
    """Return the names of everything an office has or had; retired counters, services and pools too."""
    services = reader.execute(
        select(Service.id, Service.name_id, Service.name_en, Service.wait_promise_s)
        .where(Service.office_id == office_id)
        .order_by(Service.position, Service.id)
    ).all()
    counters = reader.execute(
        select(Counter.id, NAMED).where(Counter.office_id == office_id).order_by(Counter.back_office, Counter.number)
    )
    people = reader.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(select(Membership.person_id).where(Membership.office_id == office_id)))
        .order_by(Person.name, Person.id)
    )
    pools = reader.execute(select(Pool.id, Pool.name).where(Pool.office_id == office_id).order_by(Pool.name, Pool.id))
    return Names(
        {row.id: {"id": row.name_id, "en": row.name_en} for row in services},
        {row.id: row.wait_promise_s for row in services},
        dict(counters.tuples().all()),
        dict(people.tuples().all()),
        dict(pools.tuples().all()),
    )


def find_people(reader: Reader, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of people who may no longer belong to the office."""
    return dict(reader.execute(select(Person.id, Person.name).where(Person.id.in_(list(ids)))).tuples().all())
