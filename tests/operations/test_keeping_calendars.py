"""Calendars over the years: a new name, retired only where no service needs them, what is only planned taken back."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from desk.domain.facts import EventName
from desk.domain.hours import week_of
from desk.domain.refusals import Reason, Refused
from desk.models import Calendar, TransactionRow
from desk.operations.settings import keeping_calendars as keeping
from desk.operations.settings import planned, retiring_services, scheduling
from desk.reads.calendar_sheets import find_calendar_sheet
from desk.reads.calendars import list_kept

TODAY = date(2026, 3, 2)
HOURS = 2
MORNINGS = week_of(weekdays=range(5), hours=((480, 720),))
LATER = TODAY + timedelta(days=30)

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def do(office, operation, calendar=HOURS, *, by=None, **given):
    return operation(office.streams, office.id, calendar, (by or office.agus).asks("change"), **given)


def spare(office):
    """A calendar that no service keeps."""
    made = scheduling.add_calendar(
        office.streams, office.id, office.agus.asks("add"), name="Ramadan", week=MORNINGS, since=TODAY
    )
    return made.facts["calendar"]


def told(office):
    return json.loads(office.rows_of_event(EventName.CALENDAR_CHANGED)[-1].payload)


def sheet(office, calendar):
    with office.streams.reading() as connection:
        return find_calendar_sheet(connection, office.id, calendar)


def test_a_calendar_is_renamed(desk_office):
    before = sheet(desk_office, HOURS).name
    assert do(desk_office, keeping.rename, name="Jam layanan").facts["version"] == 2
    assert told(desk_office) == {
        "calendar": HOURS, "version": 2, "what": "renamed", "from": before, "to": "Jam layanan"
    }  # fmt: skip
    other = spare(desk_office)
    for name, reason in (
        ("JAM  layanan", Reason.NAME_TAKEN),
        ("Ramadan", Reason.ALREADY_DONE),
        ("", Reason.NAME_UNFIT),
        ("x" * 121, Reason.INVALID),
    ):
        with desk_office.refuses(reason):
            do(desk_office, keeping.rename, other, name=name)
    with desk_office.refuses(Reason.FORBIDDEN):
        do(desk_office, keeping.rename, by=desk_office.sari, name="Pagi")
    with desk_office.refuses(Reason.UNKNOWN):
        do(desk_office, keeping.retire, 99)
    assert do(desk_office, keeping.rename, other, name="ramadan")  # its own, written otherwise


def test_it_is_retired_once_nothing_keeps_it_and_can_come_back(desk_office):
    office, service = desk_office, desk_office.services["A"]
    calendar = spare(office)
    plans = []

    def plan(kind, subject, **values):
        request = office.agus.asks("plan")
        made = planned.plan(
            office.streams, office.id, request, kind=kind, subject=subject, values=values, due=LATER
        )  # fmt: skip
        plans.append(made.facts["planned"])

    def still_used():
        with pytest.raises(Refused) as refused:
            do(office, keeping.retire, calendar)
        assert (refused.value.reason, refused.value.details["letters"]) == (Reason.CALENDAR_IN_USE, "A")

    do(office, scheduling.assign, calendar, service_id=service, since=LATER)
    still_used()  # from a planned day on
    do(office, keeping.take_back_assignment, calendar, service_id=service, since=LATER)
    plan("service", service, calendar_id=calendar)
    still_used()  # by a change that waits
    planned.cancel(office.streams, office.id, plans[0], office.agus.asks("cancel"))
    do(office, scheduling.assign, calendar, service_id=service, since=TODAY)
    still_used()  # today
    transaction = office.arrives("A").facts["transactions"][0]
    retiring_services.retire(office.streams, office.id, service, office.agus.asks("retire"))
    still_used()  # retired, but somebody waits yet
    office.sari.signs_on()
    office.sari.serves()
    office.sari.completes(transaction)
    plan("service_retired", service, retired=False)
    still_used()  # it is to come back
    planned.cancel(office.streams, office.id, plans[1], office.agus.asks("cancel"))

    do(office, keeping.retire, calendar)
    assert told(office)["what"] == "retired" and sheet(office, calendar).retired
    for operation, given in (
        (keeping.rename, {"name": "Puasa"}),
        (scheduling.change_week, {"week": MORNINGS, "since": LATER}),
        (scheduling.assign, {"service_id": office.services["B"], "since": LATER}),
    ):
        with office.refuses(Reason.CALENDAR_RETIRED):
            do(office, operation, calendar, **given)
    with office.refuses(Reason.CALENDAR_RETIRED):
        retiring_services.bring_back(office.streams, office.id, service, office.agus.asks("bring_back"))
    with office.refuses(Reason.CALENDAR_RETIRED):
        plan("service_retired", service, retired=False)
    again = spare(office)  # the name is free now
    with office.refuses(Reason.NAME_TAKEN):
        do(office, keeping.bring_back, calendar)
    do(office, keeping.rename, again, name="Puasa")
    do(office, keeping.bring_back, calendar)
    with office.refuses(Reason.ALREADY_DONE):
        do(office, keeping.bring_back, calendar)
    retiring_services.bring_back(office.streams, office.id, service, office.agus.asks("bring_back"))
    assert office.arrives("A")
    assert [row.retired for row in office.rows(Calendar)] == [False] * 4
    assert office.findings() == []


def test_hours_that_have_not_begun_are_taken_back_and_promises_stay(desk_office):
    office, service = desk_office, desk_office.services["C"]
    do(office, scheduling.change_week, week=MORNINGS, since=TODAY + timedelta(days=1))
    office.budi.adds_skill(office.sari, "C")
    transaction = office.arrives("C").facts["transactions"][0]
    office.sari.signs_on()
    office.sari.serves()
    office.sari.completes_documents(transaction)
    with office.streams.reading() as connection:
        query = select(TransactionRow.promised_at, TransactionRow.promise_s).where(TransactionRow.id == transaction)
        promised = connection.execute(query).one()
    week = sheet(office, HOURS).weeks[0]

    do(office, keeping.take_back_week, since=TODAY + timedelta(days=1))
    assert told(office)["what"] == "week_taken_back" and told(office)["hours"] == week.hours
    assert [each.since for each in sheet(office, HOURS).weeks] == [week.since]
    with office.streams.reading() as connection:
        assert connection.execute(query).one() == promised
        assert list_kept(connection, office.id)[service].calendar.intervals(TODAY + timedelta(days=1))[-1][1] > 720
    for since, reason in (
        (TODAY + timedelta(days=1), Reason.UNKNOWN),
        (week.since, Reason.NOT_POSSIBLE_NOW),
        (TODAY, Reason.NOT_POSSIBLE_NOW),
    ):
        with office.refuses(reason):
            do(office, keeping.take_back_week, since=since)
        with office.refuses(reason):
            do(office, keeping.take_back_assignment, service_id=service, since=since)
    only = scheduling.add_calendar(
        office.streams, office.id, office.agus.asks("add"), name="Nanti", week=MORNINGS, since=LATER
    )
    with office.refuses(Reason.LAST_WEEK):
        do(office, keeping.take_back_week, only.facts["calendar"], since=LATER)
    assert office.findings() == []
