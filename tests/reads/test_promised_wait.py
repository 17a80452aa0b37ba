"""The wait that was promised with a number stays what it was, whatever the service promises later."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import update

from desk.domain.audit import Entry, canonical
from desk.domain.facts import EventName
from desk.models import Service, TransactionRow
from desk.operations.stream import Done
from desk.reads.floor import get_floor
from desk.reads.gaps import get_scene
from desk.reads.today import Filter, read_day
from desk.reads.transaction_file import find_transaction_file
from desk.reports.facts import load_facts
from desk.reports.undue_waits import list_late, load_waits, summary
from tests.fixtures.office import DeskOffice
from tests.reads.forging import forge, unguard

DAY = date(2026, 3, 2)


def promise(office: DeskOffice, seconds: int, *series: str) -> None:
    """Let services promise another wait from now on."""
    services = [office.services[each] for each in series or office.services]
    with office.streams.setting_up() as connection:
        connection.execute(update(Service).where(Service.id.in_(services)).values(wait_promise_s=seconds))


def forget(office: DeskOffice) -> None:
    """Let the transactions be of a time when check-in did not keep what was promised."""
    with office.streams.setting_up() as connection:
        connection.execute(update(TransactionRow).values(wait_promise_s=None))


def opened(done: Done) -> int:
    transaction: int = done.facts["transaction"]
    return transaction


def seen(office: DeskOffice) -> list[object]:
    """What the file, Today, the floor and the list of undue waits say of every first wait."""
    at, said = office.clock.now, []
    with office.streams.reading() as connection:
        for row in office.rows(TransactionRow):
            file = find_transaction_file(connection, office.id, row.id, at=at)
            assert file is not None
            said.append((file.id, file.wait_promise_s, file.first_wait_s <= file.wait_promise_s))
        day = read_day(connection, office.id, at=at)
        late = read_day(connection, office.id, at=at, wanted=Filter(late=True))
        facts = load_facts(connection, office.id, DAY, DAY, at=at)
        waits = load_waits(connection, facts)
        visits = list_late(connection, waits, waits.listed(0))
        risks = get_floor(get_scene(connection, office.id, at=at), {}).risks
        assert {row.id for row in day.rows if row.late} == {row.id for row in late.rows}
        said += [day.figures.within_promise, [row.id for row in late.rows], summary(waits, 0), visits, risks]
    return said


def test_a_later_change_of_the_service_changes_nothing_of_the_past(desk_office: DeskOffice):
    office = desk_office
    office.sari.signs_on(1)
    soon, late = opened(office.arrives("A")), opened(office.arrives("A"))
    office.clock.tick(1200)
    office.sari.completes(office.sari.serves())
    office.clock.tick(1200)
    office.sari.completes(office.sari.serves())
    still = opened(office.arrives("A"))
    before = seen(office)
    assert before[:3] == [(soon, 1800, True), (late, 1800, False), (still, 1800, True)]
    assert before[3:5] == [(2, 3), [late]]
    for seconds in (60, 86_400):
        promise(office, seconds)
        assert seen(office) == before
    assert [row.wait_promise_s for row in office.rows(TransactionRow)] == [1800] * 3


def test_each_number_has_the_promise_of_its_moment_and_its_service(desk_office: DeskOffice):
    promise(desk_office, 600, "B")
    both = desk_office.arrives("A", "B").facts["transactions"]
    promise(desk_office, 300, "A")
    third = opened(desk_office.arrives("A"))
    kept = {row.id: row.wait_promise_s for row in desk_office.rows(TransactionRow)}
    assert kept == dict(zip([*both, third], (1800, 600, 300), strict=True))
    assert desk_office.findings() == []


def test_the_first_wait_keeps_its_promise_in_another_queue(desk_office: DeskOffice):
    office = desk_office
    promise(office, 600, "B")
    office.sari.signs_on(1)
    moved = opened(office.arrives("A"))
    office.clock.tick(700)
    office.sari.transfers(office.sari.serves(), "B")
    office.clock.tick(590)
    (promised, *_) = seen(office)
    assert promised == (moved, 1800, True)
    with office.streams.reading() as connection:
        (risk,) = get_floor(get_scene(connection, office.id, at=office.clock.now), {}).risks
    assert (risk.due_at - risk.began_at).total_seconds() == 600, "a later wait is measured by its own queue's promise"
    forget(office)
    assert seen(office)[0] == promised, "without one that was kept, what counts is the service the visitor came for"


def test_the_floor_measures_a_first_wait_by_the_promise_given(desk_office: DeskOffice):
    desk_office.arrives("A")
    promise(desk_office, 60)
    desk_office.clock.tick(120)
    with desk_office.streams.reading() as connection:
        scene = get_scene(connection, desk_office.id, at=desk_office.clock.now)
        floor = get_floor(scene, {})
    assert (floor.risks, [queue.promise_s for queue in floor.queues]) == ((), [60, 60, 60])


def test_where_none_was_kept_the_service_promises(desk_office: DeskOffice):
    late = opened(desk_office.arrives("A"))
    desk_office.clock.tick(120)
    forget(desk_office)
    assert seen(desk_office)[0] == (late, 1800, True)
    promise(desk_office, 60)
    assert seen(desk_office)[:3] == [(late, 60, False), (0, 1), [late]]


def _bare(payload: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name != "wait_promise_s"}


def test_events_that_do_not_say_it_still_make_their_rows(desk_office: DeskOffice):
    """The log of an office that is older than the promise."""

    def without(entries: list[Entry]) -> list[Entry]:
        return [
            replace(each, payload=canonical(_bare(json.loads(each.payload))))
            if each.name == EventName.TRANSACTION_OPENED
            else each
            for each in entries
        ]

    desk_office.arrives("A", "B")
    with desk_office.streams.engine.begin() as connection:
        unguard(connection)
        forge(connection, without)
    assert [row.wait_promise_s for row in desk_office.rows(TransactionRow)] == [None, None]
    assert [each for each in desk_office.findings() if each.invariant] == []
