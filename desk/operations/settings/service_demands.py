"""What a service must have to be kept, and how a change of one is told."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import insert, select

from desk.domain.access import Role
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.services import TEXTS, Plan
from desk.models import Calendar, Membership, Person, Service, ServiceWording, Visit
from desk.operations.finding import MAX_SMALL_ID, today
from desk.operations.stream import Unit
from desk.reads.planned import list_coming

SERVICES: Any = Service.__table__
VISITS: Any = Visit.__table__
KIND: Final = "service"
# What else can be planned: a service that is to come (its values), and one that is retired or brought back (retired).
KIND_ADDED: Final = "service_added"
KIND_RETIRED: Final = "service_retired"
KINDS: Final = (KIND, KIND_ADDED, KIND_RETIRED)
KEEPERS: Final = frozenset({Role.ADMIN})
HEADS: Final = (Role.AGENT, Role.SUPERVISOR)


def row_query(office_id: int, service_id: int) -> Any:
    """Return the query for a service of an office; an id that can be none finds none."""
    wanted = service_id if 0 < service_id <= MAX_SMALL_ID else 0
    return select(SERVICES).where(SERVICES.c.office_id == office_id, SERVICES.c.id == wanted)


def get_row(unit: Unit, service_id: int) -> Any:
    """Return a service of the office as it is kept; raise `Refused(UNKNOWN)`."""
    row = unit.connection.execute(row_query(unit.office_id, service_id)).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=service_id)
    return row


def require_letter(unit: Unit, letter: str) -> None:
    require_free_letter(unit, letter, 0)
    require_none_today(unit, letter)


def require_free_letter(unit: Unit, letter: str, service_id: int) -> None:
    """Refuse a letter that another service in use has: nobody could tell whose number is called."""
    services = unit.configuration.services.values()
    if any(each.series == letter and not each.retired and each.id != service_id for each in services):
        raise Refused(Reason.LETTER_TAKEN, letter=letter)


def require_another_in_use(unit: Unit, service_id: int) -> None:
    """Refuse to retire the last service in use: nobody could take a number."""
    if all(each.retired or each.id == service_id for each in unit.configuration.services.values()):
        raise Refused(Reason.LAST_SERVICE)


def require_none_today(unit: Unit, letter: str) -> None:
    """Refuse to give a letter away, or to take it, on a day on which it was given out.

    Numbers would stay gapless, being counted by letter; but one service's would go on as another's in the same day.
    """
    mine = (VISITS.c.office_id == unit.office_id) & (VISITS.c.series == letter)
    given = select(VISITS.c.id).where(mine, VISITS.c.day == today(unit)).limit(1)
    if unit.connection.execute(given).first() is not None:
        raise Refused(Reason.LETTER_GIVEN_TODAY, letter=letter)


def require_head(unit: Unit, person_id: int) -> None:
    query = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.office_id == unit.office_id, Membership.role.in_([role.value for role in HEADS]))
        .where(Person.id == person_id, Person.disabled_at.is_(None))
    )
    if unit.connection.execute(query).first() is None:
        raise Refused(Reason.HEAD_UNFIT)


def require_calendar(unit: Unit, calendar_id: int) -> None:
    mine = (Calendar.office_id == unit.office_id) & (Calendar.id == calendar_id)
    retired = unit.connection.execute(select(Calendar.retired).where(mine)).scalar_one_or_none()
    if retired is None:
        raise Refused(Reason.UNKNOWN, id=calendar_id)
    if retired:
        raise Refused(Reason.CALENDAR_RETIRED)


def require_servable(unit: Unit, row: Any) -> None:
    """Refuse to bring a service back whose head left, or whose calendar is retired."""
    require_head(unit, row.head_id)
    require_calendar(unit, unit.configuration.services[row.id].calendar_on(today(unit)).calendar_id)


def tell_service(unit: Unit, setting: str, service_id: int, before: JSON, after: JSON) -> None:
    facts: dict[str, JSON] = {"setting": setting, "service": service_id, "from": before, "to": after}
    unit.append(Fact(EventName.SETTING_CHANGED, facts))


def tell_service_words(unit: Unit, service_id: int, text: str, before: str, after: str) -> None:
    facts: dict[str, JSON] = {"setting": "service_text", "service": service_id, "part": text}
    told = Fact(EventName.SETTING_CHANGED, {**facts, "from": unit.seal(before), "to": unit.seal(after)})
    event = unit.append(told)
    row = {"office_id": unit.office_id, "number": event.number, "service_id": service_id, "text": text}
    unit.connection.execute(insert(ServiceWording), {**row, "before": before, "after": after})


def foresee_letter(unit: Unit, service_id: int, values: Mapping[str, JSON], due: date) -> None:
    """Refuse a letter that another service in use will have on that day, by what is planned until then."""
    rows = unit.configuration.services.values()
    then: dict[int, dict[str, Any]] = {each.id: {"series": each.series, "retired": each.retired} for each in rows}
    coming = [each for kind in KINDS for each in list_coming(unit.connection, unit.office_id, kind, due)]
    for each in sorted(coming, key=lambda one: (one.due, one.id)):
        place = each.subject or each.id  # one that is only to come is known by its plan
        then[place] = {"retired": False, **then.get(place, {}), **each.values}
    mine = {"retired": False, **then.pop(service_id, {}), **values}
    if not mine["retired"] and any(one["series"] == mine["series"] and not one["retired"] for one in then.values()):
        raise Refused(Reason.LETTER_TAKEN, letter=mine["series"])


def read_plan(values: Mapping[str, Any]) -> Plan:
    """Return a planned addition; raise `Refused(INVALID)` for what nobody could have planned."""
    texts = {name: values[name] for name in TEXTS if name in values}
    rest = {name: value for name, value in values.items() if name not in TEXTS}
    try:
        return Plan(texts=texts, **rest)
    except TypeError as error:
        raise Refused(Reason.INVALID, field="series") from error
