"""Who keeps the server: whoever does lets another administrator do so too, and takes it from them.

Told in the trail of the office it was done in, and of those the person is at home in.
"""

from typing import Any

from sqlalchemy import Connection, select, update

from desk.domain import server_keepers as rule
from desk.domain.access import SYSTEM, ActorKind, Role, acting_person, require
from desk.domain.facts import Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.server_keepers import Candidate, Unattended
from desk.domain.staff import ADMINISTRATORS
from desk.models import Membership, Person
from desk.operations.accounts.passwords import workplace_of
from desk.operations.finding import MAX_SMALL_ID
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.reads.administering import count_administrators, is_keeper, list_administered, list_keepers, others_keep

PEOPLE: Any = Person.__table__
MEMBERSHIPS: Any = Membership.__table__


def require_keeper(unit: Unit) -> None:
    """Raise `Refused` unless whoever acts keeps the server, or is the system.

    FORBIDDEN for who administers nothing here, KEEPERS_ONLY with the names of who keeps it, NOBODY_KEEPS_SERVER.
    """
    require(unit.actor, ADMINISTRATORS)
    if unit.actor.kind is not ActorKind.SYSTEM and not is_keeper(unit.connection, acting_person(unit.actor)):
        raise refused_to_others(unit.connection)


def refused_to_others(reader: Any) -> Refused:
    """Return the refusal of what only who keeps the server may do: it names them."""
    names = ", ".join(each.name for each in list_keepers(reader) if each.active)
    return Refused(Reason.KEEPERS_ONLY, keepers=names) if names else Refused(Reason.NOBODY_KEEPS_SERVER)


def give_server(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """Let an administrator of any office keep the server too; answers person.

    Raises `Refused`: FORBIDDEN, KEEPERS_ONLY, NOBODY_KEEPS_SERVER, UNKNOWN, DEACTIVATED, ALREADY_DONE,
    NOT_AN_ADMINISTRATOR.
    """

    def work(unit: Unit) -> Done:
        require_keeper(unit)
        return _changed(unit, person_id, rule.give(_get_candidate(unit, person_id)), keeps=True)

    return streams.run_in_all(office_id, request, work)


def take_server(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """Let somebody keep the server no more, oneself too; answers person.

    Raises `Refused`: FORBIDDEN, KEEPERS_ONLY, NOBODY_KEEPS_SERVER, UNKNOWN, ALREADY_DONE, LAST_KEEPER.
    """

    def work(unit: Unit) -> Done:
        require_keeper(unit)
        others = others_keep(unit.connection, person_id)
        return _changed(unit, person_id, rule.take(_get_candidate(unit, person_id), others_keep=others), keeps=False)

    return streams.run_in_all(office_id, request, work)


def give_server_by_name(streams: Streams, username: str) -> None:
    """Do the same from the server's command line, also where nobody keeps it.

    Raises `Refused`: UNKNOWN (nobody of this name works anywhere), DEACTIVATED, ALREADY_DONE, NOT_AN_ADMINISTRATOR.
    """
    with streams.reading() as connection:
        person_id, office_id = workplace_of(connection, username)
    give_server(streams, office_id, person_id, Request(SYSTEM, "give_server"))


def find_unattended(unit: Unit, person_id: int, *, only: int | None = None) -> Unattended:
    """Return what nobody would look after if somebody administered nothing any more, or not the office `only`."""
    administered = list_administered(unit.connection, person_id)
    going = {office_id: name for office_id, name in administered.items() if only in (None, office_id)}
    if not going:
        return rule.ATTENDED
    attended = count_administrators(unit.connection, but=person_id)
    office = next((name for office_id, name in going.items() if office_id not in attended), None)
    keeps = going == administered and is_keeper(unit.connection, person_id)
    return Unattended(office, keeps and not others_keep(unit.connection, person_id))


def end_keeping(unit: Unit, person_id: int) -> None:
    """Take the server from somebody who administers no office any more; in a unit of all offices."""
    if list_administered(unit.connection, person_id):
        return
    if unit.connection.execute(select(PEOPLE.c.keeps_server).where(PEOPLE.c.id == person_id)).scalar():
        _changed(unit, person_id, rule.lapsed(person_id), keeps=False)


def name_first_keeper(connection: Connection, office_id: int) -> None:
    """Let whoever administers this office, the first of a server, keep the server; of several the first."""
    here = (MEMBERSHIPS.c.office_id == office_id, MEMBERSHIPS.c.role == Role.ADMIN.value)
    first = connection.execute(
        select(MEMBERSHIPS.c.person_id).where(*here).order_by(MEMBERSHIPS.c.person_id).limit(1)
    ).scalar()
    connection.execute(update(PEOPLE).where(PEOPLE.c.id == first).values(keeps_server=True))


def _get_candidate(unit: Unit, person_id: int) -> Candidate:
    """Return somebody of any office; raises `Refused(UNKNOWN)`."""
    if not 0 < person_id <= MAX_SMALL_ID:
        raise Refused(Reason.UNKNOWN, id=person_id)
    query = select(PEOPLE.c.keeps_server, PEOPLE.c.disabled_at).where(PEOPLE.c.id == person_id)
    row = unit.connection.execute(query).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=person_id)
    administers = bool(list_administered(unit.connection, person_id))
    return Candidate(person_id, row.keeps_server, row.disabled_at is None, administers)


def _changed(unit: Unit, person_id: int, fact: Fact, *, keeps: bool) -> Done:
    unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(keeps_server=keeps))
    unit.append(fact)
    at_home = (MEMBERSHIPS.c.person_id == person_id, MEMBERSHIPS.c.is_guest.is_(False))
    for office_id in unit.connection.execute(select(MEMBERSHIPS.c.office_id).where(*at_home).distinct()).scalars():
        if office_id != unit.office_id:
            unit.append_in(office_id, fact)
    return unit.done(person=person_id)
