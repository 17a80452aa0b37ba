"""Deactivation: nobody leaves who is still responsible, and whoever has left opens nothing any more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import insert, select, update

from desk.domain.access import Actor, Role
from desk.domain.facts import EventName
from desk.domain.gaps import GapAction, GapKind
from desk.domain.reasons import HandoffReason
from desk.domain.refusals import Reason
from desk.models import ApiToken, Duty, Membership, Person, Service, StaffSession
from desk.operations.accounts import shutting_out
from desk.operations.accounts.granting import grant
from desk.operations.accounts.one_time_codes import make_code_for, take_up
from desk.operations.requests import Request
from desk.reads.gap_finders import list_gaps
from desk.reads.gaps import get_scene
from tests.fixtures.office import DeskOffice


@pytest.fixture
def held(desk_office: DeskOffice) -> int:
    """Sari has one transaction in processing."""
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    desk_office.sari.processes(transaction)
    return transaction


def _heads(office, person):
    with office.streams.setting_up() as connection:
        connection.execute(update(Service).where(Service.office_id == office.id).values(head_id=person.id))


def gaps_of(office):
    with office.streams.reading() as connection:
        return list_gaps(get_scene(connection, office.id, at=office.clock.now))


def _everything(office, model):
    with office.streams.reading() as connection:
        return connection.execute(select(model.__table__)).all()


def test_whoever_has_custody_hands_over_first(desk_office, held):
    office = desk_office
    with office.refuses(Reason.HANDOVER_FIRST, custody=1, offers=0, requests=0):
        office.budi.deactivates(office.sari)
    office.dewi.accepts(office.budi.hands_over_shift({held: office.dewi}, of=office.sari).facts["batch"])
    office.budi.deactivates(office.sari)
    assert office.happened(office.head.number - 2) == [EventName.DUTY_ENDED, EventName.STAFF_DEACTIVATED]
    assert office.rows(Duty, ended_at=None) == []
    with office.refuses(Reason.RECEIVER_GONE):
        office.dewi.offers(held, office.sari)


def test_offers_and_requests_to_answer_count_too(desk_office, held):
    office = desk_office
    offer = office.sari.offers(held, office.joko)
    request = office.sari.requests(held, office.dewi)
    with office.refuses(Reason.HANDOVER_FIRST, offers=1):
        office.budi.deactivates(office.joko)
    with office.refuses(Reason.HANDOVER_FIRST, requests=1):
        office.budi.deactivates(office.dewi)
    office.budi.withdraws(offer)
    office.budi.withdraws_request(request)
    office.agus.deactivates(office.joko)
    office.agus.deactivates(office.dewi)


def test_sessions_and_tokens_end_at_once(desk_office):
    office = desk_office
    grant(office.streams, office.id, "Sari", Role.AGENT)
    now = office.clock.now
    session = {"secret_hash": "x", "person_id": office.sari.id, "started_at": now, "seen_at": now}
    with office.streams.setting_up() as connection:
        connection.execute(insert(StaffSession), {**session, "expires_at": now + timedelta(hours=1)})
    office.agus.deactivates(office.sari)
    assert [row.ended_at for row in _everything(office, StaffSession)] == [now]
    assert [row.revoked_at for row in _everything(office, ApiToken)] == [now]
    office.agus.reactivates(office.sari)
    assert [row.revoked_at for row in _everything(office, ApiToken)] == [now]
    assert office.sari.signs_on(1)


def test_who_may_deactivate_whom(desk_office):
    office = desk_office
    for whom, who, reason in (
        (office.dewi, office.sari, Reason.FORBIDDEN),
        (office.dewi, office.ratna, Reason.FORBIDDEN),
        (office.agus, office.budi, Reason.FORBIDDEN),
        (office.ratna, office.budi, Reason.FORBIDDEN),
        (office.agus, office.agus, Reason.NOT_ONESELF),
        (office.another().sari, office.agus, Reason.UNKNOWN),
        (office.budi, office.agus, Reason.HEADS_A_QUEUE),
    ):
        with office.refuses(reason):
            who.deactivates(whom)
    office.budi.deactivates(office.dewi)
    with office.refuses(Reason.ALREADY_DONE):
        office.budi.deactivates(office.dewi)
    office.budi.reactivates(office.dewi)
    with office.refuses(Reason.ALREADY_DONE):
        office.budi.reactivates(office.dewi)


def test_a_deputy_stays_until_the_absence_is_over(desk_office):
    office = desk_office
    absence = office.sari.plans_absence(office.dewi).facts["absence"]
    with office.refuses(Reason.DEPUTIZES):
        office.budi.deactivates(office.dewi)
    office.sari.cancels_absence(absence)
    assert office.budi.deactivates(office.dewi)


def test_custody_in_another_office_counts_and_needs_rights_there(desk_office):
    office, there = desk_office, desk_office.another()
    with office.streams.setting_up() as connection:
        both = {"person_id": office.sari.id, "office_id": there.id, "role": Role.AGENT.value}
        connection.execute(insert(Membership), both)
    with office.refuses(Reason.WORKS_ELSEWHERE):
        office.agus.deactivates(office.sari)
    with office.streams.setting_up() as connection:
        both = {"person_id": office.agus.id, "office_id": there.id, "role": Role.ADMIN.value}
        connection.execute(insert(Membership), both)
    _heads(there, office.sari)
    there.arrives("A")
    with office.refuses(Reason.HEADS_A_QUEUE):
        office.agus.deactivates(office.sari)
    _heads(there, there.budi)
    with office.refuses(Reason.HANDOVER_FIRST, custody=1):
        office.agus.deactivates(office.sari)
    assert [row.disabled_at for row in _everything(office, Person)] == [None] * 12


def test_two_offices_that_let_somebody_go_at_once_do_not_wait_for_each_other_for_ever(desk_office):
    other = desk_office.another()
    leavers = ("Sari", "Dewi", "Joko")
    both = Barrier(2, timeout=30)

    def let_go(office):
        for name in leavers:
            both.wait()
            office.budi.deactivates(office.people[name])

    with ThreadPoolExecutor(2) as threads:
        for each in [threads.submit(let_go, office) for office in (desk_office, other)]:
            each.result()

    gone = [row for row in _everything(desk_office, Person) if row.disabled_at is not None]
    assert len(gone) == 2 * len(leavers)


def test_whoever_is_shut_out_gets_in_nowhere_and_keeps_what_they_have_until_it_is_taken(desk_office, held):
    office = desk_office
    grant(office.streams, office.id, "Sari", Role.AGENT)
    _heads(office, office.sari)
    office.arrives("A")
    code = make_code_for(office.streams, "sari.kpknl")
    now = office.clock.now
    with office.streams.setting_up() as connection:
        session = {"secret_hash": "x", "person_id": office.sari.id, "started_at": now, "seen_at": now}
        connection.execute(insert(StaffSession), {**session, "expires_at": now + timedelta(hours=1)})
        connection.execute(update(Person).where(Person.id == office.sari.id).values(password_hash="kept"))
    for who, whom, reason in (
        (office.dewi, office.sari, Reason.FORBIDDEN),
        (office.agus, office.agus, Reason.NOT_ONESELF),
        (office.budi, office.agus, Reason.FORBIDDEN),
    ):
        with office.refuses(reason):
            who.shuts_out(whom)

    office.budi.shuts_out(office.sari)

    (sari,) = [row for row in _everything(office, Person) if row.id == office.sari.id]
    assert (sari.disabled_at, sari.is_shut_out, sari.password_hash) == (now, True, None)
    assert [row.ended_at for row in _everything(office, StaffSession)] == [now]
    assert [row.revoked_at for row in _everything(office, ApiToken)] == [now]
    with office.refuses(Reason.ONE_TIME_CODE_UNKNOWN):
        take_up(office.streams, code, "kucing makan ikan asin")
    assert office.rows(Duty, ended_at=None) == []
    found = {(gap.kind, gap.action, gap.who) for gap in gaps_of(office)}
    assert found == {
        (GapKind.HOLDER_SHUT_OUT, GapAction.REASSIGN, "Sari"),
        (GapKind.HEAD_SHUT_OUT, GapAction.NAME_HEAD, "Sari"),
    }
    assert office.findings() == []

    with office.refuses(Reason.ALREADY_DONE):
        office.agus.reactivates(office.sari)
    with office.refuses(Reason.FORBIDDEN):
        office.budi.lets_in(office.sari)
    with office.refuses(Reason.HEADS_A_QUEUE):
        office.agus.deactivates(office.sari)
    _heads(office, office.budi)
    with office.refuses(Reason.HANDOVER_FIRST):
        office.agus.deactivates(office.sari)
    office.dewi.accepts(office.budi.offers(held, office.dewi, reason=HandoffReason.SHIFT_END))
    office.agus.lets_in(office.sari)
    office.dewi.offers(held, office.sari)
    with office.refuses(Reason.ALREADY_DONE):
        office.agus.lets_in(office.sari)
    assert office.findings() == []


def test_whoever_sits_before_a_visitor_is_shut_out_too_and_leaves_for_good_afterwards(desk_office):
    office = desk_office
    office.sari.signs_on(1)
    office.arrives("A")
    transaction = office.sari.serves()

    office.agus.shuts_out(office.sari)

    (gap,) = gaps_of(office)
    assert (gap.kind, gap.transaction_id) == (GapKind.HOLDER_SHUT_OUT, transaction)
    office.dewi.signs_on(2)
    office.dewi.accepts(office.budi.offers(transaction, office.dewi, reason=HandoffReason.SHIFT_END))
    office.agus.deactivates(office.sari)
    assert office.rows(Duty, ended_at=None, officer_id=office.sari.id) == []
    with office.refuses(Reason.ALREADY_DONE):
        office.agus.lets_in(office.sari)
    office.agus.reactivates(office.sari)
    with office.refuses(Reason.FORBIDDEN):
        office.budi.shuts_out(office.agus)
    with office.refuses(Reason.LAST_ADMINISTRATOR):
        asked = Request(Actor.staff(office.dewi.id, Role.ADMIN), "shut_out")
        shutting_out.shut_out(office.streams, office.id, office.agus.id, asked)
