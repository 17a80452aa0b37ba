"""Taking a number: gapless per series and business day, never twice, and no personal data in what is told."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from desk.domain.access import Actor, Role
from desk.domain.intake import CheckInChannel
from desk.domain.lifecycle import State
from desk.domain.reasons import PriorityReason
from desk.domain.refusals import Reason
from desk.domain.tokens import TokenKind, derive, hash_of
from desk.models import Office, QueueEntry, Service, Visit, VisitContact, VisitorToken
from desk.operations import intake
from desk.operations.requests import Request
from desk.operations.stream import Streams
from tests.fixtures.office import KEYS

JAKARTA = ZoneInfo("Asia/Jakarta")


def numbers(office, *series, times=1):
    return [office.arrives(*series).facts["number"] for _ in range(times)]


def local(hour, minute=0, *, day=2):
    """Return an instant of March 2026 by the office's clock."""
    return datetime(2026, 3, day, hour, minute, tzinfo=JAKARTA)


class TestNumbers:
    def test_they_count_from_one_in_each_series(self, desk_office):
        assert numbers(desk_office, "A", times=3) == ["A001", "A002", "A003"]
        assert numbers(desk_office, "B", times=2) == ["B001", "B002"]
        assert numbers(desk_office, "A") == ["A004"]

    def test_they_start_again_at_the_offices_midnight(self, desk_office):
        desk_office.clock.now = local(23, 59) + timedelta(seconds=59, microseconds=999_999)
        assert numbers(desk_office, "A", times=2) == ["A001", "A002"]
        desk_office.clock.now = local(0, day=3)

        assert numbers(desk_office, "A", times=2) == ["A001", "A002"]
        assert [row.day for row in desk_office.rows(Visit)] == [date(2026, 3, 2)] * 2 + [date(2026, 3, 3)] * 2

    def test_they_do_not_start_again_at_midnight_of_universal_time(self, desk_office):
        desk_office.clock.now = local(6, 59)
        numbers(desk_office, "A")
        desk_office.clock.now = local(7, 1)

        assert numbers(desk_office, "A") == ["A002"]

    def test_they_start_again_when_the_business_day_does_where_it_is_set_otherwise(self, desk_office):
        with desk_office.streams.setting_up() as connection:
            connection.execute(update(Office).values(day_starts_at=4 * 60))
        desk_office.clock.now = local(3, 59, day=3)
        numbers(desk_office, "A", times=2)
        desk_office.clock.now = local(4, day=3)

        assert numbers(desk_office, "A") == ["A001"]
        assert [row.day.day for row in desk_office.rows(Visit)] == [2, 2, 3]

    def test_a_restart_does_not_start_them_again(self, desk_office):
        numbers(desk_office, "A", times=2)
        desk_office.engine.dispose()
        desk_office.streams = Streams(desk_office.engine, KEYS, clock=desk_office.clock)

        assert numbers(desk_office, "A") == ["A003"]

    def test_closing_the_day_does_not_start_them_again(self, desk_office):
        numbers(desk_office, "A", times=2)
        desk_office.budi.closes_day()

        assert numbers(desk_office, "A") == ["A003"]

    def test_a_refused_check_in_spends_none(self, desk_office):
        numbers(desk_office, "A")
        with desk_office.refuses(Reason.INVALID):
            desk_office.arrives("A", "A")

        assert numbers(desk_office, "A") == ["A002"]


class TestCheckIn:
    def test_the_visitor_waits_under_the_head_of_the_queue(self, desk_office):
        done = desk_office.arrives("A")

        now = desk_office.transaction(done.facts["transaction"])
        assert (now.state, now.holder_id, now.opened_at) == ("waiting", desk_office.budi.id, done.time)
        assert desk_office.custody(now.id) == [("waiting", desk_office.budi.id)]

    def test_one_number_for_all_services_of_a_visit(self, desk_office):
        done = desk_office.arrives("B", "A")

        assert done.facts["number"] == "B001"
        first, second = done.facts["transactions"]
        assert desk_office.transaction(first).service_id == desk_office.services["B"]
        assert desk_office.transaction(second).service_id == desk_office.services["A"]
        assert desk_office.row(Visit).id == done.facts["visit"]

    def test_the_answer_is_ids_and_the_number(self, desk_office):
        done = desk_office.arrives("A", name="Siti", email="siti@example.id")

        assert done.facts.keys() == {"visit", "number", "transaction", "transactions"}

    def test_priority_needs_no_more_than_its_reason_and_is_recorded(self, desk_office):
        done = desk_office.arrives("A", priority_reason=PriorityReason.PREGNANT)

        visit = desk_office.row(Visit)
        assert (visit.priority, visit.priority_reason) == ("priority", "pregnant")
        entry = desk_office.row(QueueEntry)
        assert entry.rank_at == entry.arrived_at - timedelta(minutes=15)
        assert desk_office.transaction(done.facts["transaction"]).priority == "priority"

    def test_the_channel_and_the_language_are_kept(self, desk_office):
        desk_office.arrives("A", channel=CheckInChannel.PHONE, language="en")

        visit = desk_office.row(Visit)
        assert (visit.channel, visit.language) == ("phone", "en")

    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            ({"email": "siti@example.id", "consent": True}, (None, "siti@example.id", True)),
            ({"email": "siti@example.id"}, (None, "siti@example.id", False)),
            ({"name": "Siti", "consent": True}, ("Siti", None, False)),
        ],
    )
    def test_the_contact_is_kept_apart_and_consent_only_with_an_address(self, desk_office, said, kept):
        desk_office.arrives("A", **said)

        row = desk_office.row(VisitContact)
        assert (row.name, row.email, row.consented_at is not None) == kept

    def test_who_gives_none_leaves_none(self, desk_office):
        desk_office.arrives("A", consent=True)

        assert desk_office.rows(VisitContact) == []

    def test_only_the_hash_of_the_status_link_is_kept(self, desk_office):
        visit = desk_office.arrives("A").facts["visit"]

        row = desk_office.row(VisitorToken)
        token = derive(KEYS.links, TokenKind.STATUS, visit)
        assert (row.kind, row.subject_id, row.token_hash) == ("status", visit, hash_of(token))

    def test_no_service_at_all_is_refused(self, desk_office):
        with desk_office.refuses(Reason.INVALID, field="service"):
            intake.check_in(desk_office.streams, desk_office.id, intake.CheckIn(()), desk_office.sari.asks("check_in"))

    @pytest.mark.parametrize("service_id", [0, -1, 999, 2**80])
    def test_an_unknown_service_is_refused(self, desk_office, service_id):
        desk_office.services["X"] = service_id

        with desk_office.refuses(Reason.UNKNOWN, id=service_id):
            desk_office.arrives("A", "X")

    def test_the_service_of_another_office_is_refused(self, desk_office):
        desk_office.services["X"] = desk_office.another().services["A"]

        with desk_office.refuses(Reason.UNKNOWN):
            desk_office.arrives("X")

    def test_a_retired_service_is_refused_at_once(self, desk_office):
        desk_office.arrives("B")
        with desk_office.streams.setting_up() as connection:
            connection.execute(update(Service).where(Service.id == desk_office.services["B"]).values(retired=True))

        with desk_office.refuses(Reason.SERVICE_RETIRED):
            desk_office.arrives("B")

    def test_a_closed_service_says_when_it_opens(self, desk_office):
        desk_office.clock.now = local(16)

        with desk_office.refuses(Reason.CLOSED_NOW, opens_at=local(8, day=3), zone="Asia/Jakarta"):
            desk_office.arrives("C")

    def test_it_opens_again_to_the_second(self, desk_office):
        desk_office.clock.now = local(13) - timedelta(microseconds=1)
        with desk_office.refuses(Reason.CLOSED_NOW, opens_at=local(13)):
            desk_office.arrives("A", "C")
        desk_office.clock.tick(0.000001)

        assert desk_office.arrives("C").facts["number"] == "C001"

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
    def test_of_the_staff_only_the_front_gives_out_numbers(self, desk_office, role):
        request = Request(Actor.staff(desk_office.ratna.id, role), "check_in")
        with desk_office.refuses(Reason.FORBIDDEN):
            intake.check_in(desk_office.streams, desk_office.id, intake.CheckIn((desk_office.services["A"],)), request)


class TestComingBack:
    @pytest.fixture
    def processed(self, desk_office):
        """A transaction that Joko works on, of somebody who came the day before."""
        office = desk_office
        office.sari.signs_on(1)
        office.joko.signs_on(4)
        office.arrives("A", email="siti@example.id", consent=True)
        transaction = office.sari.serves()
        office.joko.accepts(office.sari.offers(transaction, office.joko))
        office.clock.tick(86_400)
        return transaction

    def test_a_new_visit_with_a_new_number_for_the_same_transaction(self, desk_office, processed):
        first = desk_office.transaction(processed).visit_id
        desk_office.arrives("A")

        done = desk_office.comes_back(processed)

        assert done.facts["number"] == "A002"
        now = desk_office.transaction(processed)
        assert (now.visit_id, now.first_visit_id, now.state) == (done.facts["visit"], first, "waiting")
        assert desk_office.row(Visit, id=now.visit_id).came_back

    def test_custody_stays_with_who_works_on_it(self, desk_office, processed):
        desk_office.comes_back(processed)

        assert desk_office.custody(processed)[-1] == ("waiting", desk_office.joko.id)

    def test_the_visitor_queues_from_now_not_from_the_first_visit(self, desk_office, processed):
        desk_office.arrives("A")
        desk_office.clock.tick(1)
        desk_office.comes_back(processed)

        assert desk_office.sari.serves() != processed
        assert desk_office.transaction(processed).arrived_at == desk_office.clock.now

    def test_priority_is_that_of_the_new_visit_for_every_wait_of_it(self, desk_office, processed):
        """Once it was that of the first visit as soon as the visitor was seated again."""
        desk_office.arrives("A")
        desk_office.clock.tick(60)
        desk_office.comes_back(processed, priority_reason=PriorityReason.DISABILITY)

        done = desk_office.sari.calls()
        assert done.facts["transaction"] == processed
        assert done.facts["why"]["code"] == "priority"
        desk_office.sari.starts(processed)
        desk_office.sari.seats(processed)

        assert desk_office.sari.calls().facts["transaction"] == processed

    @pytest.mark.parametrize("state", ["waiting", "called", "serving", "ended"])
    def test_only_for_what_is_processed_or_paused(self, desk_office, processed, state):
        desk_office.comes_back(processed)
        if state != "waiting":
            desk_office.sari.calls()
        if state in {"serving", "ended"}:
            desk_office.sari.starts(processed)
        if state == "ended":
            desk_office.sari.completes(processed)

        with desk_office.refuses(Reason.NOT_POSSIBLE_NOW, state=State(state)):
            desk_office.comes_back(processed)

    def test_somebody_paused_may_come_back_too(self, desk_office, processed):
        desk_office.joko.pauses(processed)

        desk_office.comes_back(processed)

        assert desk_office.transaction(processed).resting == "paused"

    def test_during_service_hours_only(self, desk_office):
        office = desk_office
        office.clock.now = local(9)
        office.dewi.signs_on(2)
        office.arrives("C")
        transaction = office.dewi.serves(counter=2)
        office.dewi.processes(transaction)
        office.clock.now = local(17)

        with office.refuses(Reason.CLOSED_NOW):
            office.comes_back(transaction)

    def test_an_unknown_transaction_is_refused(self, desk_office):
        for transaction in (desk_office.id << 40 | 5, 1, -5, 2**80):
            with desk_office.refuses(Reason.UNKNOWN):
                desk_office.comes_back(transaction)

    @pytest.mark.parametrize("name", ["Ratna", "Agus"])
    def test_of_the_staff_only_the_front_gives_out_numbers(self, desk_office, processed, name):
        request = desk_office.people[name].asks("come_back")
        with desk_office.refuses(Reason.FORBIDDEN):
            intake.come_back(desk_office.streams, processed, intake.CheckIn(()), request)
