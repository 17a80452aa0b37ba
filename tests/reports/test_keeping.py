"""Report days beside the records: kept up to date by anybody, made anew by other rules, looked after by the doctor."""

from datetime import date, time

import pytest
from sqlalchemy import select, text, update

from desk.cli.worker import _round
from desk.models import Office, ReportDay, ReportHead
from desk.reports.biting import take_bite
from desk.reports.checking import examine_days
from desk.reports.facts import load_facts
from desk.reports.heads import get_head
from desk.reports.keeping import _write, offices_behind, refresh, refresh_office
from desk.reports.snapshot import snapshot
from tests.fixtures.office import DeskOffice
from tests.reports.test_exactness import load, rows_of


@pytest.fixture
def used(desk_office: DeskOffice) -> DeskOffice:
    """Two days with five visitors, the report days made after the first four."""
    office = desk_office
    office.sari.signs_on(1)
    for _ in range(3):
        office.arrives("A")
        office.clock.tick(120)
        office.sari.completes(office.sari.serves())
    office.clock.tick(86_400)
    office.arrives("B")
    assert refresh_office(office.engine, office.id, clock=office.clock) == office.head.number
    office.arrives("A")
    return office


def test_days_hold_what_has_ended(used: DeskOffice) -> None:
    kept = used.rows(ReportDay, kind="transactions")
    assert [(row.day, row.rows) for row in kept] == [(date(2026, 3, 2), 3)]
    assert len(load(used).transactions.id) == 5


def test_an_office_is_behind_until_everything_is_taken_in(used: DeskOffice) -> None:
    assert offices_behind(used.engine) == [used.id]
    assert refresh(used.engine, used.id, at=used.clock.now, bite=1) > 0
    assert refresh(used.engine, used.id, at=used.clock.now) == 0
    assert offices_behind(used.engine) == []
    assert refresh(used.engine, used.id, at=used.clock.now) == 0


def test_what_is_reopened_leaves_its_day(used: DeskOffice) -> None:
    reopened = int(load(used).transactions.id[0])
    used.sari.reopens(reopened)
    before = rows_of(load(used), load(used).transactions)
    refresh_office(used.engine, used.id, clock=used.clock)
    (day,) = used.rows(ReportDay, kind="transactions")
    assert day.rows == 2
    assert rows_of(load(used), load(used).transactions) == before


def test_who_loses_a_race_changes_nothing(used: DeskOffice) -> None:
    with snapshot(used.engine) as connection:
        head = get_head(connection, used.id)
        late = take_bite(connection, head, head.newest, at=0)
    refresh_office(used.engine, used.id, clock=used.clock)
    before = (used.rows(ReportDay), used.rows(ReportHead))
    _write(used.engine, late, used.clock.now)
    assert (used.rows(ReportDay), used.rows(ReportHead)) == before


@pytest.mark.parametrize("change", [{"zone": "Asia/Jayapura"}, {"day_starts_at": 9 * 60}])
def test_other_rules_make_all_days_anew(used: DeskOffice, change: dict[str, object]) -> None:
    refresh_office(used.engine, used.id, clock=used.clock)
    with used.streams.setting_up() as connection:
        connection.execute(update(Office).where(Office.id == used.id).values(**change))
    before = rows_of(load(used), load(used).transactions)
    assert offices_behind(used.engine) == [used.id]
    refresh_office(used.engine, used.id, clock=used.clock)
    assert rows_of(load(used), load(used).transactions) == before
    assert offices_behind(used.engine) == []
    if "day_starts_at" in change:
        assert time(9) > time(8)  # 08.00 belongs to the day before
        assert load(used).transactions.day[0] == date(2026, 3, 1).toordinal()


def test_kinds_that_are_not_asked_for_are_empty(used: DeskOffice) -> None:
    from desk.reports.kinds import Calls

    with snapshot(used.engine) as connection:
        facts = load_facts(connection, used.id, date(2026, 3, 1), date(2026, 3, 9), at=used.clock.now, kinds=(Calls,))
    assert (len(facts.calls.id), len(facts.transactions.id), len(facts.duties.day)) == (3, 0, 0)


def test_the_doctor_finds_days_that_were_changed_or_lost(used: DeskOffice) -> None:
    def looked() -> list[str]:
        with snapshot(used.engine) as connection:
            return [finding.subject for finding in examine_days(connection)]

    assert looked() == []
    with used.streams.engine.begin() as connection:
        query = select(ReportDay.data).where(ReportDay.kind == "legs")
        data = bytearray(connection.execute(query).scalars().first() or b"")
        data[-1] ^= 1
        changed = update(ReportDay).where(ReportDay.kind == "legs").values(data=bytes(data))
        connection.execute(changed)
    assert looked() == ["legs of 2026-03-02"]
    with used.streams.engine.begin() as connection:
        connection.execute(text("DELETE FROM report_days"))
    assert looked() == ["report_days"]


def test_the_worker_takes_bites(used: DeskOffice) -> None:
    from threading import Event

    assert _round(used.engine, Event()) > 1
    assert offices_behind(used.engine) == []
