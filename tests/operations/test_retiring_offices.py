"""An office that is closed for good: what keeps it open, what is refused afterwards, what goes on, and the way back."""

import json
import threading

import pytest
from sqlalchemy import update

from desk.domain.access import SYSTEM, Actor, Role
from desk.domain.devices import DeviceKind, DeviceWish
from desk.domain.facts import EventName
from desk.domain.refusals import Reason, Refused
from desk.models import EventRow, InvitationRow, Office, Person, ResponseRow, Service
from desk.operations import serving, staffing
from desk.operations.requests import Request
from desk.operations.settings import devices, retiring_offices
from desk.reads.directory import list_offices
from desk.reads.under_way import count_under_way


@pytest.fixture
def other(desk_office):
    """Another office in the same database, which goes on."""
    return desk_office.another()


def retires(office, person=None, key=None):
    return retiring_offices.retire(office.streams, office.id, (person or office.agus).asks("retire_office", key))


def brings_back(office, person=None):
    return retiring_offices.bring_back(office.streams, office.id, (person or office.agus).asks("bring_office_back"))


def retired_at(office):
    with office.streams.reading() as connection:
        return connection.execute(Office.__table__.select().where(Office.id == office.id)).one().retired_at


def told(office):
    events = [json.loads(each.payload) for each in office.rows_of_event(EventName.SETTING_CHANGED)]
    return [(each["from"], each["to"]) for each in events if each["setting"] == "office_retired"]


def test_it_is_an_event_of_its_own_stream_and_so_is_the_way_back(desk_office, other):
    before = other.head
    retires(desk_office)

    assert retired_at(desk_office) == desk_office.clock.now
    assert told(desk_office) == [(False, True)]
    with desk_office.refuses(Reason.ALREADY_DONE):
        retires(desk_office)

    brings_back(desk_office)
    assert retired_at(desk_office) is None
    assert told(desk_office) == [(False, True), (True, False)]
    with desk_office.refuses(Reason.ALREADY_DONE):
        brings_back(desk_office)
    assert other.head == before
    assert desk_office.arrives("A")


def test_a_repeat_under_its_key_changes_nothing(desk_office, other):
    first = retires(desk_office, key="once")
    assert retires(desk_office, key="once").facts == first.facts
    assert told(desk_office) == [(False, True)]


def test_only_who_keeps_the_server_may(desk_office, other):
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash="x"))
    for person in (desk_office.sari, desk_office.budi, desk_office.ratna):
        with desk_office.refuses(Reason.FORBIDDEN):
            retires(desk_office, person)
    with other.refuses(Reason.KEEPERS_ONLY):
        retires(other)  # who administers that office, and no more
    retires(desk_office)
    with desk_office.refuses(Reason.FORBIDDEN):
        brings_back(desk_office, desk_office.budi)
    stranger = Request(Actor.staff(other.agus.id, Role.ADMIN), "bring_office_back", {})
    with desk_office.refuses(Reason.KEEPERS_ONLY):
        retiring_offices.bring_back(desk_office.streams, desk_office.id, stranger)
    retiring_offices.bring_back(desk_office.streams, desk_office.id, Request(SYSTEM, "bring_office_back", {}))


def test_the_last_office_in_use_stays(desk_office):
    with desk_office.refuses(Reason.LAST_OFFICE):
        retires(desk_office)
    other = desk_office.another()
    retiring_offices.retire(other.streams, other.id, Request(SYSTEM, "retire_office", {}))
    with desk_office.refuses(Reason.LAST_OFFICE):
        retires(desk_office)


def test_two_that_close_each_others_last_at_once(desk_office, other):
    reasons = []

    def close(office):
        try:
            retiring_offices.retire(office.streams, office.id, Request(SYSTEM, "retire_office", {}))
        except Refused as refused:
            reasons.append(refused.reason)

    threads = [threading.Thread(target=close, args=(each,)) for each in (desk_office, other)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert reasons == [Reason.LAST_OFFICE]
    assert [retired_at(desk_office), retired_at(other)].count(None) == 1


def test_what_is_under_way_is_counted_and_keeps_it_open(desk_office, other):
    desk_office.arrives("A")
    with desk_office.refuses(Reason.OFFICE_AT_WORK, waiting=1, unfinished=1, offers=0, requests=0, on_duty=0):
        retires(desk_office)

    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    transaction = desk_office.sari.serves()
    desk_office.sari.requests(transaction, desk_office.dewi)
    with desk_office.refuses(Reason.OFFICE_AT_WORK, waiting=0, unfinished=1, offers=0, requests=1, on_duty=2):
        retires(desk_office)

    desk_office.sari.offers(transaction, desk_office.dewi)
    with desk_office.refuses(Reason.OFFICE_AT_WORK, offers=1, requests=1):
        retires(desk_office)
    with desk_office.streams.reading() as connection:
        found = count_under_way(connection, other.id)
    assert not found.is_any

    desk_office.sari.withdraws(desk_office.transaction(transaction).offer_id)
    desk_office.sari.calls(counter=1)
    desk_office.sari.starts(transaction)
    desk_office.sari.completes(transaction)
    desk_office.sari.signs_off()
    with desk_office.refuses(Reason.OFFICE_AT_WORK, unfinished=0, requests=0, on_duty=1):
        retires(desk_office)
    desk_office.dewi.signs_off()
    retires(desk_office)


def test_nobody_takes_a_number_by_any_way(desk_office, other):
    retires(desk_office)
    for channel in ("kiosk", "phone", "reception"):
        with desk_office.refuses(Reason.OFFICE_RETIRED):
            desk_office.arrives("A", channel=channel)
    assert other.arrives("A")


def test_nobody_goes_on_duty(desk_office, other):
    retires(desk_office)
    with desk_office.refuses(Reason.OFFICE_RETIRED):
        desk_office.sari.signs_on(1)
    request = desk_office.budi.asks("open_counter")
    with desk_office.refuses(Reason.OFFICE_RETIRED):
        staffing.open_counter(
            desk_office.streams, desk_office.counters[1], desk_office.sari.id, desk_office.id, request
        )
    with desk_office.refuses(Reason.OFFICE_RETIRED):
        wish = DeviceWish(DeviceKind.KIOSK, "Kios pintu")
        devices.pair(desk_office.streams, desk_office.id, "ABCD-2345", wish, desk_office.agus.asks("pair"))


def test_nothing_that_ended_begins_anew(desk_office, other):
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    completed = desk_office.sari.serves()
    desk_office.sari.completes(completed)
    desk_office.arrives("A")
    missed = desk_office.sari.calls(counter=1).facts["transaction"]
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Service).values(no_show_calls=1, no_show_after_s=0))
    desk_office.sari.misses(missed)
    desk_office.sari.signs_off()
    retires(desk_office)

    with desk_office.refuses(Reason.OFFICE_RETIRED):
        desk_office.budi.reopens(completed)
    with desk_office.refuses(Reason.OFFICE_RETIRED):
        serving.reinstate(desk_office.streams, missed, desk_office.budi.asks("reinstate"))
    with desk_office.refuses(Reason.OFFICE_RETIRED):
        desk_office.sari.undoes(missed)


def test_a_past_visit_is_still_asked_about_and_followed_up(desk_office, other):
    desk_office.sari.signs_on(1)
    desk_office.arrives("A", email="wati@example.go.id", consent=True)
    transaction = desk_office.sari.serves()
    desk_office.sari.completes(transaction)
    desk_office.sari.signs_off()
    retires(desk_office)

    desk_office.answers(desk_office.row(InvitationRow, transaction_id=transaction).id, 1, comment="Lama sekali.")
    assert len(desk_office.rows(ResponseRow)) == 1
    assert EventName.FOLLOW_UP_OPENED.value in {each.name for each in desk_office.rows(EventRow)}
    assert desk_office.findings() == []


def test_programs_read_of_it_as_before(desk_office, other):
    retires(desk_office)
    with desk_office.streams.reading() as connection:
        found = list_offices(connection, {desk_office.id, other.id})
    assert [each["retired"] for each in found] == [True, False]
