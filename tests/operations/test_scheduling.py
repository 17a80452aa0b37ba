"""Calendars: every change raises the version and leaves an event; what makes no sense is refused, nothing changes."""

import json
from datetime import date, timedelta

import pytest

from desk.domain.closures import ClosureKind
from desk.domain.facts import EventName
from desk.domain.hours import ALWAYS, NEVER, week_of
from desk.domain.reasons import PauseCause
from desk.domain.refusals import Reason
from desk.operations.settings import scheduling
from desk.operations.settings.scheduling import ClosedDay
from desk.reads.calendar_sheets import find_calendar_sheet

TODAY = date(2026, 3, 2)
HOURS = 2  # the second calendar that the office of the tests gets: "Jam kantor"
MORNINGS = week_of(weekdays=range(5), hours=((480, 720),))


def do(office, operation, *, by=None, calendar=HOURS, **given):
    request = (by or office.agus).asks("change")
    return operation(office.streams, office.id, *([] if calendar is None else [calendar]), request, **given)


def sheet(office):
    with office.streams.reading() as connection:
        return find_calendar_sheet(connection, office.id, HOURS)


def told(office):
    return json.loads(office.rows_of_event(EventName.CALENDAR_CHANGED)[-1].payload)


def test_each_change_raises_the_version_and_says_what(desk_office):
    closed = [ClosedDay(TODAY + timedelta(days=each), "Libur", ClosureKind.COLLECTIVE) for each in (2, 1)]
    given = {"day": TODAY + timedelta(days=1), "name": "Layanan khusus", "hours": ((480, 600),)}
    service = desk_office.services["A"]
    changes = [
        (scheduling.change_week, {"week": MORNINGS, "since": TODAY}, "week"),
        (scheduling.close_days, {"days": closed}, "closed"),
        (scheduling.open_specially, given, "special"),
        (scheduling.clear_day, {"day": TODAY + timedelta(days=2)}, "cleared"),
        (scheduling.assign, {"service_id": service, "since": TODAY}, "assigned"),
    ]
    for number, (operation, more, what) in enumerate(changes, start=2):
        assert do(desk_office, operation, **more).facts["version"] == number
        assert (told(desk_office)["what"], told(desk_office)["version"]) == (what, number)
        assert "Libur" not in str(told(desk_office))

    kept = sheet(desk_office)
    assert ([each.day for each in kept.closed], [each.day for each in kept.opened]) == ([], [given["day"]])
    assert desk_office.rows_of_event(EventName.CALENDAR_CHANGED)[0].actor_id == desk_office.agus.id


def test_a_service_keeps_each_calendar_in_its_time(desk_office):
    since = TODAY + timedelta(days=1)
    do(desk_office, scheduling.assign, service_id=desk_office.services["A"], since=since)
    desk_office.clock.tick(12 * 3600)  # 20.00: around the clock until midnight
    assert desk_office.arrives("A")
    desk_office.clock.tick(86_400)

    with desk_office.refuses(Reason.CLOSED_NOW):
        desk_office.arrives("A")


def test_a_closure_counts_at_once_and_special_hours_win(desk_office):
    do(desk_office, scheduling.close_days, days=[ClosedDay(TODAY, "Banjir")])
    with desk_office.refuses(Reason.CLOSED_NOW):
        desk_office.arrives("C")
    do(desk_office, scheduling.open_specially, day=TODAY, name="Darurat", hours=((0, 1440),))

    assert desk_office.arrives("C")
    assert do(desk_office, scheduling.clear_day, day=TODAY).facts["closed"]
    with desk_office.refuses(Reason.CLOSED_NOW):
        desk_office.arrives("C")
    do(desk_office, scheduling.clear_day, day=TODAY)
    assert desk_office.arrives("C")


def test_a_new_calendar(desk_office):
    done = do(
        desk_office, scheduling.add_calendar, calendar=None, by=desk_office.budi, name="Pagi", week=MORNINGS,
        since=TODAY,
    )  # fmt: skip

    assert done.facts["version"] == 1
    assert do(desk_office, scheduling.assign, calendar=done.facts["calendar"], service_id=1, since=TODAY)


CLOSED = [ClosedDay(TODAY, "Libur")]
REFUSED = [
    (scheduling.change_week, {"week": NEVER, "since": TODAY}, Reason.NO_OPEN_HOURS),
    (scheduling.change_week, {"week": ALWAYS, "since": TODAY - timedelta(days=1)}, Reason.DATE_OUT_OF_RANGE),
    (scheduling.change_week, {"week": ALWAYS, "since": date(9999, 12, 31)}, Reason.DATE_OUT_OF_RANGE),
    (scheduling.close_days, {"days": []}, Reason.INVALID),
    (scheduling.close_days, {"days": [*CLOSED, *CLOSED]}, Reason.CLOSED_ALREADY),
    (scheduling.close_days, {"days": [ClosedDay(TODAY, "")]}, Reason.NAME_UNFIT),
    (scheduling.close_days, {"days": [ClosedDay(date(1000, 1, 1), "Libur")]}, Reason.DATE_OUT_OF_RANGE),
    (scheduling.open_specially, {"day": TODAY, "name": "X", "hours": ()}, Reason.NO_OPEN_HOURS),
    (scheduling.clear_day, {"day": TODAY}, Reason.UNKNOWN),
    (scheduling.assign, {"service_id": 99, "since": TODAY}, Reason.UNKNOWN),
    (scheduling.assign, {"service_id": 1, "since": TODAY - timedelta(days=1)}, Reason.DATE_OUT_OF_RANGE),
]


@pytest.mark.parametrize(("operation", "given", "reason"), REFUSED)
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_what_makes_no_sense_is_refused(desk_office, operation, given, reason):
    before = sheet(desk_office)
    with desk_office.refuses(reason):
        do(desk_office, operation, **given)
    assert sheet(desk_office) == before


@pytest.mark.parametrize("calendar", [0, -1, 99, 2**40, 2**80])
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_calendar_of_nobody_or_of_another_office_is_unknown(desk_office, calendar):
    other = desk_office.another()
    with desk_office.refuses(Reason.UNKNOWN):
        do(desk_office, scheduling.close_days, calendar=calendar, days=CLOSED)
    with other.refuses(Reason.UNKNOWN):
        do(other, scheduling.close_days, days=CLOSED)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_only_by_administrators_and_supervisors(desk_office):
    for colleague in (desk_office.sari, desk_office.ratna):
        with desk_office.refuses(Reason.FORBIDDEN):
            do(desk_office, scheduling.close_days, by=colleague, days=CLOSED)
    assert do(desk_office, scheduling.close_days, by=desk_office.budi, days=CLOSED)


@pytest.mark.parametrize(
    ("causes", "percent"), [([PauseCause.CLOSING_TIME], 80), ([], 0), ([], 101), ([PauseCause.SYSTEM], -5)]
)
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_rules_of_the_clock_that_make_no_sense(desk_office, causes, percent):
    with desk_office.refuses(Reason.INVALID):
        do(desk_office, scheduling.change_clock_rules, calendar=None, causes=causes, risk_percent=percent)
