"""What a supervisor changes while the office works: who serves what, messages to the consoles, thresholds of gaps."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from desk.domain import gaps
from desk.domain.access import FRONT_LINE, SUPERVISORS, acting_person, require
from desk.domain.clock import micros
from desk.domain.facts import EventName, Fact
from desk.domain.gaps import Thresholds
from desk.domain.identity import office_of
from desk.domain.refusals import Reason, Refused
from desk.domain.services import SkillChanges
from desk.domain.texts import several_lines
from desk.models import FloorMessage, FloorReading, Office, Skill
from desk.operations.configuration import ServiceSetting
from desk.operations.finding import get_colleague
from desk.operations.requests import Done, Request
from desk.operations.settings.last_to_serve import find_left, holding, require_none_waits, require_sure
from desk.operations.stream import Streams, Unit
from desk.reads.served import list_queues

SKILLS: Any = Skill.__table__
OFFICES: Any = Office.__table__
MESSAGES: Any = FloorMessage.__table__
READINGS: Any = FloorReading.__table__
LONGEST_MESSAGE: Final = 500
LONGEST_SHOWN: Final = 12 * 60  # minutes


def add_skill(streams: Streams, office_id: int, officer_id: int, service_id: int, request: Request) -> Done:
    """Let an officer be given visitors of a service from now on; answers officer, service.

    Also of a retired one while people wait for it: they are called still. Raises `Refused`: FORBIDDEN, UNKNOWN,
    SERVICE_RETIRED, SKILL_THERE.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, SUPERVISORS)
        service = _callable_service(unit, service_id)
        officer = get_colleague(unit, officer_id)
        if service.id in unit.configuration.skills.get(officer, ()):
            raise Refused(Reason.SKILL_THERE)
        unit.connection.execute(insert(SKILLS), {"person_id": officer, "service_id": service.id})
        return _skill_changed(unit, officer, service.id, before=False)

    return streams.run(office_id, request, work)


def _callable_service(unit: Unit, service_id: int) -> ServiceSetting:
    found = unit.configuration.services.get(service_id)
    if found is not None and found.retired and service_id in list_queues(unit.connection, unit.office_id):
        return found
    return unit.configuration.service(service_id)


def remove_skill(
    streams: Streams,
    office_id: int,
    officer_id: int,
    service_id: int,
    request: Request,
    *,
    sure_of: Collection[int] = (),
) -> Done:
    """Give an officer no more visitors of a service; whoever they have already stays theirs.

    `sure_of` holds the service where it was confirmed that nobody serves it from then on. Raises `Refused`: FORBIDDEN,
    UNKNOWN, SKILL_GONE, STILL_WAITED_FOR, LAST_TO_SERVE unless confirmed.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, SUPERVISORS)
        if service_id not in unit.configuration.services:
            raise Refused(Reason.UNKNOWN, id=service_id)
        if service_id not in unit.configuration.skills.get(officer_id, ()):
            raise Refused(Reason.SKILL_GONE)
        removed = SkillChanges((), ((officer_id, service_id),))
        left = find_left(unit, removed, holding(unit))
        require_none_waits(unit, left)
        require_sure(unit, left, sure_of)
        mine = (SKILLS.c.person_id == officer_id) & (SKILLS.c.service_id == service_id)
        unit.connection.execute(delete(SKILLS).where(mine))
        return _skill_changed(unit, officer_id, service_id, before=True)

    return streams.run(office_id, request, work)


def _skill_changed(unit: Unit, officer_id: int, service_id: int, *, before: bool) -> Done:
    unit.renew_configuration()
    facts = {"officer": officer_id, "service": service_id, "from": before, "to": not before}
    unit.append(Fact(EventName.SKILL_CHANGED, {**facts}))
    return unit.done(officer=officer_id, service=service_id)


def send_message(
    streams: Streams, office_id: int, request: Request, *, words: str, minutes: int, counter_id: int | None = None
) -> Done:
    """Show a message on all consoles, or on one, for so many minutes; answers message.

    Raises `Refused`: FORBIDDEN, MESSAGE_EMPTY, INVALID for one that is too long or shown for too long, UNKNOWN.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, SUPERVISORS)
        text = several_lines(words)
        if not text:
            raise Refused(Reason.MESSAGE_EMPTY)
        if len(text) > LONGEST_MESSAGE or not 0 < minutes <= LONGEST_SHOWN:
            raise Refused(Reason.INVALID, field="words")
        counter = None if counter_id is None else unit.configuration.counter(counter_id).id
        facts = {
            "sender": acting_person(unit.actor),
            "counter": counter,
            "until": micros(unit.at + timedelta(minutes=minutes)),
            "words": unit.seal(text),
        }
        event = unit.append(Fact(EventName.FLOOR_MESSAGE_SENT, facts))
        mine = (MESSAGES.c.office_id == unit.office_id) & (MESSAGES.c.id == event.id)
        unit.connection.execute(update(MESSAGES).where(mine).values(words=text))
        return unit.done(message=event.id)

    return streams.run(office_id, request, work)


def read_message(streams: Streams, message_id: int, request: Request) -> Done:
    """Whoever works at a counter has read a message; answers message.

    Raises `Refused`: FORBIDDEN, UNKNOWN, ALREADY_DONE.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, FRONT_LINE)
        reader_id = acting_person(unit.actor)
        known = (MESSAGES.c.office_id == unit.office_id) & (MESSAGES.c.id == message_id)
        if unit.connection.execute(select(MESSAGES.c.id).where(known)).first() is None:
            raise Refused(Reason.UNKNOWN, id=message_id)
        mine = (READINGS.c.office_id == unit.office_id) & (READINGS.c.message_id == message_id)
        if unit.connection.execute(select(READINGS.c.read_at).where(mine, READINGS.c.person_id == reader_id)).first():
            raise Refused(Reason.ALREADY_DONE)
        unit.append(Fact(EventName.FLOOR_MESSAGE_READ, {"message": message_id, "reader": reader_id}))
        return unit.done(message=message_id)

    return streams.run(office_of(message_id), request, work)


def change_thresholds(streams: Streams, office_id: int, request: Request, wanted: Thresholds) -> Done:
    """Set from when on something is a gap; one event for each setting that differs; answers changed (their names).

    Raises `Refused`: FORBIDDEN, INVALID (field), ALREADY_DONE where nothing differs.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, SUPERVISORS)
        mine = OFFICES.c.id == unit.office_id
        row = unit.connection.execute(select(*(OFFICES.c[name] for name in gaps.SETTINGS)).where(mine)).one()
        found = gaps.changed(Thresholds(**row._mapping), wanted)
        unit.connection.execute(update(OFFICES).where(mine).values(_wanted(wanted, found)))
        unit.renew_configuration()
        for name, (before, after) in found.items():
            unit.append(Fact(EventName.SETTING_CHANGED, {"setting": name, "from": before, "to": after}))
        return unit.done(changed=sorted(found))

    return streams.run(office_id, request, work)


def _wanted(wanted: Thresholds, found: Mapping[str, object]) -> dict[str, int]:
    return {name: value for name, value in asdict(wanted).items() if name in found}
