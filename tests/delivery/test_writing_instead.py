"""A message that came back for good is followed by one to the other address, once, as far as that may be written to."""

import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from desk.cli.worker import write_to_other_addresses
from desk.delivery.backoff import MAX_ATTEMPTS
from desk.delivery.blocking import block_address
from desk.delivery.bounces import Bounces, Outcome
from desk.delivery.claim import LEASE
from desk.delivery.notification import Failure, Notification
from desk.delivery.receipts import Receipt, Receipts, ReceiptStatus
from desk.delivery.worker import Report
from desk.domain.access import SYSTEM, VISITOR
from desk.domain.facts import EventName
from desk.domain.redirecting import Correction
from desk.domain.refusals import Reason
from desk.models import Delivery, Office, Person, SurveyAsking, SurveyBlock, VisitContact
from desk.operations.delivering import redirect, resend
from desk.operations.requests import Request
from desk.operations.survey import opting
from desk.operations.survey.asked_people import BlockKind
from desk.operations.survey.reminding import remind_due
from desk.operations.survey.writing_instead import offices_with_returned, write_instead
from tests.fixtures.delivery import WATI
from tests.fixtures.gateway import WATI_PHONE
from tests.fixtures.office import KEYS

NO_MAILBOX = "550 5.1.1 No such mailbox"


@pytest.fixture
def refused(ask, courier, mail_server):
    """A visitor who left both; the mail server knows no such mailbox."""

    def send(**said):
        asked = ask(WATI, phone=WATI_PHONE, **said)
        mail_server.will("RCPT", NO_MAILBOX)
        assert courier.delivers() == Report(dead=1)
        return asked

    return send


def looks(office):
    return write_instead(office.streams, office.id, Request(SYSTEM, "write_instead")).facts


def sent_to(asked):
    return [(row.channel, row.address, row.state) for row in asked.office.rows(Delivery, visit_id=asked.visit)]


def test_a_mailbox_that_is_not_there(refused, phone_courier, gateway):
    asked = refused(language="en")
    office = asked.office
    assert offices_with_returned(office.streams) == [office.id]

    queued = looks(office)["queued"]

    assert sent_to(asked) == [("email", WATI, "dead"), ("phone", WATI_PHONE, "pending")]
    first, second = office.rows(Delivery, visit_id=asked.visit)
    assert ([second.id], second.invitation_id, second.language) == (queued, first.invitation_id, "en")
    assert (first.instead, second.due_at) == (second.id, office.clock.now)
    (event,) = office.rows_of_event(EventName.MESSAGE_INSTEAD)
    said = {"delivery": first.id, "invitation": first.invitation_id, "channel": "phone"}
    assert (json.loads(event.payload), event.actor_kind) == (said, "system")
    assert phone_courier.delivers() == Report(sent=1)
    assert gateway.sent[0].to == WATI_PHONE
    assert asked.invitation.delivered_at == asked.delivery.sent_at
    assert len({row.asked_at for row in office.rows(SurveyAsking)}) == 1
    assert office.findings() == []


def test_once_however_often_somebody_looks(refused):
    asked = refused()
    assert write_to_other_addresses(asked.office.streams) == 1
    assert write_to_other_addresses(asked.office.streams) == 0
    assert looks(asked.office) == {"queued": [], "left": 0}
    assert len(sent_to(asked)) == 2


def test_when_that_one_comes_back_too_nothing_follows(refused, phone_courier, gateway):
    asked = refused()
    looks(asked.office)
    gateway.will(400, {"error": "invalid_number"})
    assert phone_courier.delivers() == Report(dead=1)

    assert looks(asked.office) == {"queued": [], "left": 1}
    assert len(sent_to(asked)) == 2


def test_mail_that_comes_back_later(ask, courier, mail_server, desk_office):
    asked = ask(WATI, phone=WATI_PHONE)
    assert courier.delivers() == Report(sent=1)
    said = Failure("5.1.1", "unknown", frozenset((WATI,)), frozenset((WATI,)))
    returned = Notification((mail_server.letters[0].id.strip("<>").partition("@")[0],), (said,), frozenset())
    assert Bounces(courier.engine, KEYS.links).take(returned, desk_office.clock())[0] is Outcome.BLOCKED

    assert len(looks(desk_office)["queued"]) == 1
    assert sent_to(asked)[1] == ("phone", WATI_PHONE, "pending")


@pytest.mark.parametrize("by_receipt", [False, True])
def test_a_number_that_is_not_there(ask, phone_courier, gateway, courier, desk_office, by_receipt):
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_phone_first=True))
    asked = ask(WATI, phone=WATI_PHONE)
    if not by_receipt:
        gateway.will(400, {"error": "invalid_number"})
    phone_courier.delivers()
    if by_receipt:
        receipt = Receipt("gw-1", ReceiptStatus.FAILED, is_permanent=True)
        Receipts(phone_courier.engine, KEYS.links).take(receipt, desk_office.clock())

    assert len(looks(desk_office)["queued"]) == 1
    assert courier.delivers() == Report(sent=1)
    assert sent_to(asked) == [("phone", WATI_PHONE, "dead"), ("email", WATI, "sent")]


def brings_back(asked):
    first = asked.office.rows(Delivery, visit_id=asked.visit)[0].id
    return resend(asked.office.streams, asked.office.id, first, asked.office.budi.asks("resend", delivery=first))


def corrects(asked):
    first = asked.office.rows(Delivery, visit_id=asked.visit)[0].id
    wanted = asked.office.budi.asks("redirect", delivery=first)
    right = {"address": "wati@example.org", "reason": Correction.MISTYPED}
    return redirect(asked.office.streams, asked.office.id, first, wanted, **right)


@pytest.mark.parametrize("went_out", [False, True])
@pytest.mark.parametrize("again", [brings_back, corrects])
def test_the_first_is_not_brought_back_once_another_asks(refused, phone_courier, went_out, again):
    asked = refused()
    looks(asked.office)
    if went_out:
        assert phone_courier.delivers() == Report(sent=1)
    before = sent_to(asked)

    with asked.office.refuses(Reason.ASKED_OTHERWISE):
        again(asked)

    assert sent_to(asked) == before
    assert asked.office.findings() == []


def test_when_both_came_back_one_of_them_may_be_corrected(refused, courier, phone_courier, gateway):
    asked = refused()
    looks(asked.office)
    gateway.will(400, {"error": "invalid_number"})
    assert phone_courier.delivers() == Report(dead=1)
    second = asked.delivery.id

    corrects(asked)
    assert courier.delivers() == Report(sent=1)

    with asked.office.refuses(Reason.ASKED_OTHERWISE):
        resend(asked.office.streams, asked.office.id, second, asked.office.budi.asks("resend", delivery=second))
    assert [row[2] for row in sent_to(asked)] == ["sent", "dead"]


def sets_reminders(office):
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_reminder_days=3))


def reminds(office):
    office.clock.tick(timedelta(days=3).total_seconds())
    return remind_due(office.streams, office.id, Request(SYSTEM, "remind")).facts


def test_a_visit_has_one_reminder_however_many_messages_asked(refused, phone_courier):
    """As rows may stand from before a message was refused that another had replaced."""
    asked = refused()
    looks(asked.office)
    assert phone_courier.delivers() == Report(sent=1)
    with asked.office.engine.begin() as connection:
        values = {"state": "sent", "sent_at": asked.office.clock.now}
        connection.execute(update(Delivery).where(Delivery.state == "dead").values(**values))
    sets_reminders(asked.office)

    done = reminds(asked.office)

    assert (len(done["reminded"]), done["left"]) == (1, 1)
    assert [row.kind for row in asked.office.rows(Delivery)] == ["survey", "survey", "reminder"]
    assert reminds(asked.office) == {"reminded": [], "left": 0}


def test_a_reminder_that_failed_may_be_sent_again(ask, courier, mail_server):
    asked = ask()
    assert courier.delivers() == Report(sent=1)
    sets_reminders(asked.office)
    reminds(asked.office)
    mail_server.will("RCPT", "554 5.7.1 Not taken today")
    assert courier.delivers() == Report(dead=1)
    reminder = asked.delivery.id
    resend(asked.office.streams, asked.office.id, reminder, asked.office.budi.asks("resend", delivery=reminder))

    assert courier.delivers() == Report(sent=1)


def opts_out(asked):
    opting.opt_out(asked.office.streams, asked.invitation.id, Request(VISITOR, "opt", {}))


def is_on_the_staff(asked):
    with asked.office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.name == "Dewi").values(phone=WATI_PHONE))


def is_known_to_come_back(asked):
    with asked.office.engine.begin() as connection:
        block_address(connection, asked.office.id, WATI_PHONE, KEYS.links, at=asked.office.clock.now)


def answers(asked):
    asked.office.answers(asked.invitation.id, 4)


def expires(asked):
    asked.office.clock.now = asked.invitation.expires_at


def is_erased(asked):
    with asked.office.engine.begin() as connection:
        connection.execute(update(VisitContact.__table__).values(phone=None))


@pytest.mark.parametrize("happens", [opts_out, is_on_the_staff, is_known_to_come_back, answers, expires, is_erased])
def test_not_to_whom_it_must_not_go(refused, happens):
    asked = refused()
    happens(asked)

    assert looks(asked.office)["queued"] == []
    assert len(sent_to(asked)) == 1
    assert asked.delivery.instead == 0 or asked.delivery.state == "cancelled"
    assert asked.office.rows_of_event(EventName.MESSAGE_INSTEAD) == []


def test_not_in_quiet_hours(refused, phone_courier):
    asked = refused()
    zone, now = ZoneInfo("Asia/Jakarta"), asked.office.clock.now
    local = now.astimezone(zone)
    begins = local.hour * 60 + local.minute
    with asked.office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_quiet_from=begins, survey_quiet_until=begins + 60))
    looks(asked.office)

    over = datetime.combine(local.date(), time(*divmod(begins + 60, 60)), zone).astimezone(UTC)
    assert asked.delivery.due_at == over
    assert phone_courier.delivers() == Report()
    asked.office.clock.now = over
    assert phone_courier.delivers() == Report(sent=1)


def test_a_message_that_may_have_arrived_is_followed_by_none(ask, courier, mail_server):
    """It was not taken sixteen times, or workers died of it: perhaps after the server had taken it."""
    asked = ask(WATI, phone=WATI_PHONE)
    for _ in range(MAX_ATTEMPTS):
        mail_server.will("DATA", "451 4.3.0 Later")
        courier.delivers()
        asked.office.clock.now = asked.delivery.due_at
    assert (asked.delivery.state, asked.delivery.instead) == ("dead", 0)

    other = ask("lain@example.go.id", phone="+6281200000001")
    for _ in range(MAX_ATTEMPTS + 1):
        courier.claims()
        asked.office.clock.tick(LEASE.total_seconds())
    assert (other.delivery.state, other.delivery.instead) == ("dead", 0)
    assert offices_with_returned(asked.office.streams) == []


def test_while_the_transaction_is_open_again_it_waits(refused):
    asked = refused()
    asked.office.budi.reopens(asked.transaction)
    waits = offices_with_returned(asked.office.streams)
    if asked.invitation.held_at is not None:
        assert waits == []
        asked.office.clock.now += timedelta(minutes=1)
        asked.office.budi.completes(asked.transaction)
    looks(asked.office)
    assert [row[0] for row in sent_to(asked)].count("phone") <= 1


def test_somebody_who_left_only_one_is_not_looked_for(ask, courier, mail_server):
    asked = ask()
    mail_server.will("RCPT", NO_MAILBOX)
    courier.delivers()
    assert looks(asked.office) == {"queued": [], "left": 1}
    assert BlockKind.BOUNCED in {row.kind for row in asked.office.rows(SurveyBlock)}
