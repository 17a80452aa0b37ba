"""Whom the system asks and when: shares, throttles, own staff, wishes, mailboxes that are not there, reminders."""

from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from desk.delivery.blocking import block_address
from desk.domain.access import SYSTEM, VISITOR, Actor, Role
from desk.domain.asking_rules import AskingSettings
from desk.domain.facts import EventName
from desk.domain.invitation import Channel
from desk.domain.redirecting import Correction
from desk.domain.refusals import Reason
from desk.domain.sampling import address_digest, drawn, person_digest
from desk.domain.tokens import TokenKind, derive, hash_of
from desk.models import Delivery, EventRow, InvitationRow, Person, Service, SurveyAsking, SurveyBlock, VisitorToken
from desk.operations.delivering import redirect
from desk.operations.requests import Request
from desk.operations.settings import planned
from desk.operations.settings.survey_settings import KIND, written
from desk.operations.survey import asked_people, opting, reminding
from desk.operations.survey.beginning import mark_begun
from tests.fixtures.office import BACK_OFFICE, KEYS

SITI = {"email": "siti@example.id", "consent": True}
WATI_BY_PHONE = {"phone": "+6281234567890", "consent": True}
DAY = timedelta(days=1)


@pytest.fixture
def office(desk_office):
    """Sari at counter 1, Joko at his desk; messages go out at once."""
    desk_office.sari.signs_on(1)
    desk_office.joko.signs_on(BACK_OFFICE)
    return desk_office


def sets(office, shares=None, **settings):
    values = {**asdict(AskingSettings(**settings)), **written(shares or {})}
    return office.agus.changes_setting("survey", **values)


def serve(office, series="A", *, by=None, **said):
    """Serve somebody to the end; return the decision."""
    officer, counter = (office.sari, 1) if by is None else (by, 2)
    office.arrives(series, **said)
    transaction = officer.serves(counter=counter)
    officer.completes(transaction)
    return office.row(InvitationRow, transaction_id=transaction)


def went_out(office, at=None):
    """Write down that what waits was sent."""
    with office.streams.engine.begin() as connection:
        values = {"state": "sent", "sent_at": at or office.clock.now}
        connection.execute(update(Delivery).where(Delivery.state == "pending").values(**values))


def opts_out(office, invitation, operation=opting.opt_out):
    return operation(office.streams, invitation, Request(VISITOR, "opt", {"invitation": invitation}))


def reminds(office):
    found = reminding.offices_with_silent(office.streams)
    if office.id not in found:
        return None
    return reminding.remind_due(office.streams, office.id, Request(SYSTEM, "remind")).facts


class TestRules:
    def test_without_the_link_only_who_can_be_written_to_is_asked(self, office):
        sets(office, survey_link_on=False)

        assert [serve(office).reason, serve(office, **SITI).reason] == ["no_contact", "by_email"]

    def test_a_visitor_who_left_is_asked_where_the_office_wants_that(self, office):
        sets(office, survey_unserved=True)
        arrived = office.arrives("A", **SITI)
        office.leaves(arrived.facts["visit"])

        row = office.row(InvitationRow)
        assert (row.reason, row.officer_id) == ("by_email", None)

    def test_a_service_may_be_left_out_and_have_a_share_of_its_own(self, office):
        sets(office, {office.services["B"]: 0, office.services["A"]: 100}, survey_percent=0)

        assert [serve(office, each).reason for each in ("A", "B")] == ["by_link", "service_excluded"]

    def test_the_draw_is_the_transaction_s_and_reopening_draws_nobody_again(self, office):
        sets(office, survey_percent=50)
        for _ in range(12):
            row = serve(office)
            expected = "by_link" if drawn(KEYS.links, row.transaction_id, 50) else "not_sampled"
            assert row.reason == expected
            office.budi.reopens(row.transaction_id)
            office.budi.completes(row.transaction_id)
            assert office.row(InvitationRow, transaction_id=row.transaction_id).reason == expected
        assert {row.reason for row in office.rows(InvitationRow)} == {"by_link", "not_sampled"}
        assert office.findings() == []

    def test_own_staff_is_not_asked(self, office):
        with office.streams.setting_up() as connection:
            connection.execute(update(Person).where(Person.id == office.dewi.id).values(email=" Dewi@Example.id"))

        assert serve(office, email="dewi@example.ID", consent=True).reason == "own_staff"

    def test_who_had_it_last_is_written_down(self, office):
        transaction = office.arrives("A").facts["transaction"]
        office.joko.accepts(office.budi.offers(transaction, office.joko))
        office.joko.completes(transaction)

        row = office.row(InvitationRow)
        assert (row.service_id, row.officer_id) == (office.services["A"], office.joko.id)
        assert office.findings() == []

    def test_nobody_without_an_address_is_looked_up(self, office, monkeypatch):
        looked = []
        known = asked_people.KNOWN

        class Counted:
            def first(self, connection, values):
                looked.append(values)
                return known.first(connection, values)

        monkeypatch.setattr(asked_people, "KNOWN", Counted())
        serve(office)
        assert looked == []
        serve(office, **SITI)
        assert len(looked) == 1


class TestThrottle:
    def test_not_again_within_so_many_days(self, office):
        sets(office, survey_rest_days=7)

        assert serve(office, **SITI).reason == "by_email"
        office.clock.tick(6.9 * DAY.total_seconds())
        assert serve(office, email=" SITI@example.id ", consent=True).reason == "asked_lately"
        office.clock.tick(0.1 * DAY.total_seconds())
        assert serve(office, **SITI).reason == "by_email"

    def test_at_most_so_often_in_a_calendar_month(self, office):
        sets(office, survey_monthly=2)

        assert [serve(office, **SITI).reason for _ in range(3)] == ["by_email", "by_email", "asked_lately"]
        april = datetime(2026, 4, 1, tzinfo=ZoneInfo("Asia/Jakarta")).astimezone(UTC)
        office.clock.now = april - timedelta(seconds=60)
        assert serve(office, **SITI).reason == "asked_lately"
        office.clock.now = april
        assert serve(office, **SITI).reason == "by_email"

    def test_one_visit_is_one_asking(self, office):
        sets(office, survey_rest_days=7, survey_monthly=1)
        office.arrives("A", "B", **SITI)
        for _ in range(2):
            office.sari.completes(office.sari.serves())

        assert [row.reason for row in office.rows(InvitationRow)] == ["by_email", "same_visit"]

    def test_what_was_taken_back_was_no_asking(self, office):
        sets(office, survey_rest_days=7)
        row = serve(office, **SITI)
        office.budi.reopens(row.transaction_id)

        assert office.rows(SurveyAsking) == []
        assert serve(office, **SITI).reason == "by_email"

    def test_another_person_and_no_address_are_not_held_back(self, office):
        sets(office, survey_rest_days=7)
        serve(office, **SITI)

        assert [serve(office, email="wati@example.id", consent=True).reason, serve(office).reason] == [
            "by_email",
            "by_link",
        ]

    def test_nothing_is_kept_without_consent_and_no_address_ever(self, office):
        serve(office, email="siti@example.id")
        assert office.rows(SurveyAsking) == []
        serve(office, **SITI)

        (row,) = office.rows(SurveyAsking)
        assert row.digest == person_digest(KEYS.links, office.id, "siti@example.id")

    def test_what_is_older_than_any_throttle_goes(self, office):
        serve(office, **SITI)
        office.clock.tick(367 * DAY.total_seconds())
        serve(office, email="wati@example.id", consent=True)

        assert len(office.rows(SurveyAsking)) == 1


class TestWishes:
    def test_who_opted_out_is_never_asked_again_and_can_take_it_back(self, office):
        first = serve(office, **SITI)
        assert opts_out(office, first.id).facts == {"changed": True}
        assert opts_out(office, first.id).facts == {"changed": False}

        assert office.row(Delivery).state == "cancelled"
        assert office.row(Delivery).address is None
        # With consent, without it, and whatever the link: never.
        assert [serve(office, **SITI).reason, serve(office, email="Siti@example.id").reason] == ["opted_out"] * 2
        assert opts_out(office, first.id, opting.opt_in).facts == {"changed": True}
        assert opts_out(office, first.id, opting.opt_in).facts == {"changed": False}
        assert serve(office, **SITI).reason == "by_email"
        assert office.findings() == []

    def test_the_events_say_neither_who_nor_about_what(self, office):
        first = serve(office, **SITI)
        opts_out(office, first.id)
        opts_out(office, first.id, opting.opt_in)

        for name in (EventName.SURVEY_OPTED_OUT, EventName.SURVEY_OPTED_IN):
            row = office.row(EventRow, name=name.value)
            assert (row.payload, row.transaction_id, row.visit_id, row.actor_id) == ("{}", None, None, None)

    def test_in_this_office_only(self, office):
        other = office.another()
        other.sari.signs_on(1)
        opts_out(office, serve(office, **SITI).id)

        assert serve(other, **SITI).reason == "by_email"

    def test_a_message_about_the_visit_has_a_link_of_its_kind(self, office):
        row = serve(office, **SITI)

        token = derive(KEYS.links, TokenKind.NO_SURVEY, row.id, channel="email")
        assert [each.subject_id for each in office.rows(VisitorToken, token_hash=hash_of(token))] == [row.id]
        assert office.rows(VisitorToken, kind="no_survey", subject_id=serve(office).id) == []

    def test_forgetting_a_person_forgets_when_they_were_asked_and_asks_no_more(self, office):
        serve(office, **SITI)

        def work(unit):
            asked_people.forget_person(unit, "siti@example.id")
            return unit.done()

        office.streams.run(office.id, Request(SYSTEM, "forget"), work)
        assert office.rows(SurveyAsking) == []
        assert [row.kind for row in office.rows(SurveyBlock)] == ["erased"]
        assert serve(office, **SITI).reason == "opted_out"


SITI_BOTH = {**SITI, **WATI_BY_PHONE}
SITI_BY_EITHER = [SITI, WATI_BY_PHONE]


class TestKnownByEither:
    """Siti left both an address and a number at her first visit, one of them at the next."""

    @pytest.mark.parametrize("phone_first", [False, True])
    @pytest.mark.parametrize("left", SITI_BY_EITHER)
    def test_who_opted_out_is_not_asked_by_the_other_way(self, office, left, phone_first):
        if phone_first:
            sets(office, survey_phone_first=True)
        first = serve(office, **SITI_BOTH)
        assert opts_out(office, first.id).facts == {"changed": True}

        assert serve(office, **left).reason == "opted_out"
        assert opts_out(office, first.id, opting.opt_in).facts == {"changed": True}
        assert office.rows(SurveyBlock) == []
        assert serve(office, **left).reason in ("by_email", "by_phone")

    @pytest.mark.parametrize("left", SITI_BY_EITHER)
    @pytest.mark.parametrize("throttle", [{"survey_rest_days": 7}, {"survey_monthly": 1}])
    def test_the_throttle_counts_the_other_way_too(self, office, left, throttle):
        sets(office, **throttle)
        serve(office, **SITI_BOTH)

        assert serve(office, **left).reason == "asked_lately"

    def test_one_visit_is_one_asking_whatever_was_left(self, office):
        sets(office, survey_monthly=2)

        found = [serve(office, **each).reason for each in (SITI_BOTH, SITI, SITI_BOTH, WATI_BY_PHONE)]
        assert found == ["by_email", "by_email", "asked_lately", "by_phone"]

    def test_what_waits_for_the_other_way_is_not_sent(self, office):
        first = serve(office, **SITI_BOTH)
        serve(office, **WATI_BY_PHONE)
        opts_out(office, first.id)

        assert [(each.state, each.address) for each in office.rows(Delivery)] == [("cancelled", None)] * 2

    def test_nobody_is_reminded_who_opted_out_by_the_other_way(self, office):
        sets(office, survey_reminder_days=3)
        serve(office, **SITI_BOTH)
        went_out(office)
        opts_out(office, serve(office, **WATI_BY_PHONE).id)
        office.clock.tick(3 * DAY.total_seconds())

        assert reminds(office) == {"reminded": [], "left": 1}

    def test_what_was_taken_back_is_forgotten_both_ways(self, office):
        sets(office, survey_rest_days=7)
        row = serve(office, **SITI_BOTH)
        assert len(office.rows(SurveyAsking)) == 2
        office.budi.reopens(row.transaction_id)

        assert office.rows(SurveyAsking) == []

    def test_a_corrected_address_is_known_beside_the_number(self, office):
        row = serve(office, **SITI_BOTH)
        (message,) = office.rows(Delivery)
        with office.streams.engine.begin() as connection:
            connection.execute(update(Delivery).values(state="dead"))
        redirect(
            office.streams, office.id, message.id, office.budi.asks("redirect"),
            address="siti.rahma@example.id", reason=Correction.TOLD_BY_VISITOR,
        )  # fmt: skip
        opts_out(office, row.id)

        known = {person_digest(KEYS.links, office.id, each) for each in ("siti.rahma@example.id", "+6281234567890")}
        assert {each.digest for each in office.rows(SurveyBlock)} == known


TAGGED = {"email": "Siti+skm@Example.id", "consent": True}


class TestKnownWithATag:
    """Mail to siti+skm@example.id lies in the box of siti@example.id."""

    @pytest.mark.parametrize("theirs", ["siti@example.id", "siti+kantor@example.id"])
    @pytest.mark.parametrize("email", ["siti+x@example.id", "SITI@Example.id", "siti+a+b@example.id"])
    def test_staff_are_not_asked(self, office, theirs, email):
        office.agus.changes_contact(office.dewi, email=theirs)

        assert serve(office, email=email, consent=True).reason == "own_staff"

    @pytest.mark.parametrize(
        "email", ["sitii@example.id", "s%@example.id", "siti@example.id.example", "sit_@example.id"]
    )
    def test_others_are(self, office, email):
        office.agus.changes_contact(office.dewi, email="siti+kantor@example.id")

        assert serve(office, email=email, consent=True).reason == "by_email"

    @pytest.mark.parametrize(("first", "then"), [(SITI, TAGGED), (TAGGED, SITI)])
    def test_nor_who_opted_out_or_was_asked_lately(self, office, first, then):
        sets(office, survey_rest_days=7)
        row = serve(office, **first)
        assert serve(office, **then).reason == "asked_lately"
        opts_out(office, row.id)
        assert len(office.rows(SurveyBlock)) == 1
        assert serve(office, **then).reason == "opted_out"
        opts_out(office, row.id, opting.opt_in)
        assert office.rows(SurveyBlock) == []

    def test_the_message_goes_to_the_address_as_written(self, office):
        serve(office, **TAGGED)

        assert office.row(Delivery).address == "Siti+skm@Example.id"

    @pytest.mark.parametrize("kind", ["opted_out", "erased"])
    def test_a_wish_that_was_kept_under_the_whole_spelling_holds(self, office, kind):
        first = serve(office, **TAGGED)
        blocked = {"office_id": office.id, "digest": address_digest(KEYS.links, office.id, TAGGED["email"])}
        with office.streams.setting_up() as connection:
            connection.execute(insert(SurveyBlock), {**blocked, "kind": kind, "since": office.clock.now})

        assert serve(office, **TAGGED).reason == "opted_out"
        opts_out(office, first.id, opting.opt_in)
        assert [each.kind for each in office.rows(SurveyBlock)] == ["erased"] * (kind == "erased")

    def test_mail_comes_back_from_the_address_as_written(self, office):
        with office.streams.engine.begin() as connection:
            block_address(connection, office.id, TAGGED["email"], KEYS.links, at=office.clock.now)

        assert [serve(office, **TAGGED).reason, serve(office, **SITI).reason] == ["by_link", "by_email"]


class TestTime:
    def test_not_in_the_quiet_hours(self, office):
        zone = ZoneInfo("Asia/Jakarta")
        local = office.clock.now.astimezone(zone)
        quiet = {"survey_quiet_from": local.hour * 60, "survey_quiet_until": (local.hour + 2) % 24 * 60}
        sets(office, **quiet)
        row = serve(office, **SITI)

        due = datetime.combine(local.date(), time(local.hour + 2), zone)
        assert office.row(Delivery).due_at == due
        assert row.expires_at == due + 14 * DAY

    def test_only_on_working_days_of_the_service(self, office):
        sets(office, survey_working_days=True, survey_delay_s=86_400)
        friday = datetime(2026, 3, 6, 3, tzinfo=UTC)
        office.clock.now = friday
        serve(office, "A", **SITI)  # open every day
        office.dewi.signs_on(2)
        serve(office, "C", by=office.dewi, email="wati@example.id", consent=True)  # keeps office hours

        monday = datetime(2026, 3, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
        assert [row.due_at for row in office.rows(Delivery)] == [friday + DAY, monday]

    def test_each_way_has_its_delay(self, office):
        sets(office, survey_delay_s=7200, survey_phone_delay_s=60)
        rows = [serve(office, **SITI), serve(office, **WATI_BY_PHONE)]

        assert [row.reason for row in rows] == ["by_email", "by_phone"]
        due = [office.clock.now + timedelta(hours=2), office.clock.now + timedelta(minutes=1)]
        assert [row.due_at for row in office.rows(Delivery)] == due
        assert [row.expires_at for row in rows] == [each + 14 * DAY for each in due]

    @pytest.mark.parametrize("phone_first", [False, True])
    def test_who_left_both_is_written_to_as_the_office_prefers(self, office, phone_first):
        if phone_first:
            sets(office, survey_phone_first=True)
        row = serve(office, **{**SITI, **WATI_BY_PHONE})

        (message,) = office.rows(Delivery)
        assert (row.reason, message.channel) == (("by_phone", "phone") if phone_first else ("by_email", "email"))
        assert message.address == (WATI_BY_PHONE["phone"] if phone_first else SITI["email"])

    @pytest.mark.parametrize("phone_first", [False, True])
    def test_what_was_taken_back_goes_on_the_same_way(self, office, phone_first):
        sets(office, survey_phone_first=phone_first, survey_delay_s=3600, survey_phone_delay_s=7200)
        visit = office.arrives("A", "B", **{**SITI, **WATI_BY_PHONE}).facts["visit"]
        done = []
        for _ in range(2):
            done.append(office.sari.serves(counter=1))
            office.sari.completes(done[-1])
        office.clock.tick(60)
        office.budi.reopens(done[0])

        first, passed_on = office.rows(Delivery, visit_id=visit)
        assert (first.state, passed_on.state, first.channel) == ("cancelled", "pending", passed_on.channel)
        assert passed_on.due_at == office.clock.now + timedelta(hours=2 if phone_first else 1)

    def test_a_reopened_one_has_its_time_anew(self, office):
        row = serve(office, **SITI)
        office.clock.tick(60)
        office.budi.reopens(row.transaction_id)
        office.clock.tick(3600)
        office.budi.completes(row.transaction_id)

        assert [each.state for each in office.rows(Delivery)] == ["cancelled", "pending"]
        assert office.rows(Delivery)[-1].due_at == office.clock.now + timedelta(minutes=5)


class TestReminders:
    @pytest.fixture
    def asked(self, office):
        """Somebody whose message went out; the office reminds after three days."""
        sets(office, survey_reminder_days=3)
        row = serve(office, **SITI)
        went_out(office)
        return row

    def test_once_after_so_many_days(self, office, asked):
        office.clock.tick(3 * DAY.total_seconds() - 1)
        assert reminds(office) is None
        office.clock.tick(1)

        (reminder,) = reminds(office)["reminded"]
        row = office.row(Delivery, id=reminder)
        assert (row.kind, row.state, row.address, row.due_at) == (
            "reminder",
            "pending",
            SITI["email"],
            office.clock.now,
        )
        assert row.invitation_id == asked.id
        went_out(office)
        office.clock.tick(3 * DAY.total_seconds())
        assert reminds(office) is None
        assert office.findings() == []

    @pytest.mark.parametrize("what", ["answered", "opted out", "bounced", "erased", "expired"])
    def test_not_to_everybody(self, office, asked, what):
        match what:
            case "answered":
                office.answers(asked.id)
            case "opted out":
                opts_out(office, asked.id)
            case "bounced":
                blocked = {"office_id": office.id, "digest": person_digest(KEYS.links, office.id, SITI["email"])}
                with office.streams.engine.begin() as connection:
                    row = {**blocked, "kind": "bounced", "since": office.clock.now}
                    connection.execute(SurveyBlock.__table__.insert(), row)
            case "erased":
                with office.streams.engine.begin() as connection:
                    connection.execute(update(Delivery).values(address=None))
            case _:
                office.clock.tick(14 * DAY.total_seconds())
        office.clock.tick(3 * DAY.total_seconds())

        assert reminds(office) == {"reminded": [], "left": 1}
        assert reminds(office) is None

    def test_opting_out_stops_one_that_waits(self, office, asked):
        office.clock.tick(3 * DAY.total_seconds())
        (reminder,) = reminds(office)["reminded"]
        opts_out(office, asked.id)

        assert office.row(Delivery, id=reminder).state == "cancelled"

    def test_reopening_stops_a_reminder_that_waits_and_it_comes_after_the_next_end(self, office, asked):
        office.clock.tick(3 * DAY.total_seconds())
        reminds(office)
        office.budi.reopens(asked.transaction_id)

        assert office.row(InvitationRow).state == "open"
        assert [each.state for each in office.rows(Delivery)] == ["sent", "cancelled"]
        office.clock.tick(DAY.total_seconds())
        assert reminds(office) is None
        office.budi.completes(asked.transaction_id)
        office.clock.tick(3 * DAY.total_seconds())
        assert len(reminds(office)["reminded"]) == 1

    def test_one_that_is_late_is_still_not_sent_in_the_quiet_hours(self, office):
        local = office.clock.now.astimezone(ZoneInfo("Asia/Jakarta"))
        sets(
            office,
            survey_reminder_days=3,
            survey_quiet_from=(local.hour + 1) * 60,
            survey_quiet_until=(local.hour + 3) * 60,
        )
        serve(office, **SITI)
        went_out(office)
        office.clock.tick(4 * DAY.total_seconds() + 5400)
        (reminder,) = reminds(office)["reminded"]

        due = office.row(Delivery, id=reminder).due_at
        assert due.astimezone(ZoneInfo("Asia/Jakarta")).hour == local.hour + 3
        assert due > office.clock.now


class TestSettings:
    def test_each_change_is_an_event_from_and_to(self, office):
        service = office.services["B"]
        for _ in range(2):  # the second time nothing differs
            sets(office, {service: 20}, survey_percent=50, survey_rest_days=7)

        told = [row.payload for row in office.rows(EventRow, name=EventName.SETTING_CHANGED.value)]
        assert '{"from":100,"setting":"survey_percent","to":50}' in told
        assert '{"from":0,"setting":"survey_rest_days","to":7}' in told
        assert f'{{"from":null,"service":{service},"setting":"survey_percent","to":20}}' in told
        assert sum('"survey_' in each for each in told) == 3

    def test_refusals_leave_no_trace(self, office):
        with office.refuses(Reason.INVALID, field="survey_percent"):
            sets(office, survey_percent=101)
        for wrong in ({"survey_on": 1}, {"survey_monthly": True}, {"zone": "x"}, {"share_x": 5}, {"share_1": "5"}, {}):
            with office.refuses(Reason.INVALID):
                office.agus.changes_setting("survey", **wrong)
        with office.refuses(Reason.INVALID, field="percent"):
            sets(office, {office.services["A"]: -1})
        with office.refuses(Reason.UNKNOWN):
            sets(office, {10_000: 5})

    @pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.AUDITOR])
    def test_for_administrators_only(self, office, role):
        with office.refuses(Reason.FORBIDDEN):
            request = Request(Actor.staff(office.budi.id, role), "set")
            change = {"kind": KIND, "subject": 0, "values": {"survey_percent": 5}}
            planned.change(office.streams, office.id, request, **change)

    def test_what_a_service_has_is_stored(self, office):
        sets(office, {office.services["A"]: 7})
        sets(office, {office.services["A"]: None})

        with office.streams.reading() as connection:
            row = connection.execute(Service.__table__.select().where(Service.id == office.services["A"])).one()
        assert row.survey_percent is None


class TestBegun:
    def test_it_is_written_once_without_an_event(self, office):
        row = serve(office)
        head = office.head
        assert mark_begun(office.streams, office.id, [row.id], Channel.TICKET) == 1
        first = office.row(InvitationRow).begun_at
        assert office.row(InvitationRow).begun_through == "ticket"
        office.clock.tick(60)

        assert mark_begun(office.streams, office.id, [row.id], Channel.TICKET) == 0
        assert office.row(InvitationRow).begun_at == first
        assert office.head == head
        assert office.findings() == []

    def test_not_of_somebody_who_is_not_asked(self, office):
        sets(office, survey_on=False)

        assert mark_begun(office.streams, office.id, [serve(office).id], Channel.TICKET) == 0
