"""Nothing goes out in the office's quiet hours or on a closed day, whatever held it up until then."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, update

from desk.delivery.claim import LEASE
from desk.delivery.worker import TOGETHER, Report
from desk.domain.asking_times import TURN
from desk.domain.clock import micros
from desk.models import Delivery, Office
from desk.operations.delivering import resend

ZONE = ZoneInfo("Asia/Jakarta")


def sets(office, **settings):
    """Change how the office asks, after the messages were queued."""
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).where(Office.id == office.id).values(**settings))


@pytest.fixture
def quiet(desk_office):
    """Make it quiet from now on for two hours; returns when that is over."""

    def begin():
        local = desk_office.clock.now.astimezone(ZONE)
        begins = local.hour * 60 + local.minute
        sets(desk_office, survey_quiet_from=begins, survey_quiet_until=begins + 120)
        return datetime.combine(local.date(), time(*divmod(begins + 120, 60)), ZONE).astimezone(UTC)

    return begin


def test_what_was_due_before_waits_until_the_morning(ask, courier, quiet, mail_server):
    asked = ask()
    over = quiet()

    assert courier.delivers() == Report()
    row = asked.delivery
    assert (row.state, row.attempts, row.due_at, row.lease_owner) == ("pending", 0, over, None)
    asked.office.clock.now = over
    assert courier.delivers() == Report(sent=1)
    assert len(mail_server.letters) == 1


def test_a_retry_waits_too(ask, courier, quiet, mail_server):
    asked = ask()
    mail_server.will("RCPT", "451 4.7.1 Try again later")
    assert courier.delivers() == Report(postponed=1)
    asked.office.clock.now = asked.delivery.due_at
    over = quiet()

    assert courier.delivers() == Report()
    assert (asked.delivery.state, asked.delivery.attempts, asked.delivery.due_at) == ("pending", 1, over)


def test_what_a_killed_worker_held_waits_too(ask, courier, hire, quiet, mail_server):
    asked = ask()
    courier.claims()
    asked.office.clock.tick(LEASE.total_seconds())
    over = quiet()

    assert hire(mail_server.settings(), name="after").delivers() == Report()
    assert (asked.delivery.state, asked.delivery.attempts, asked.delivery.due_at) == ("pending", 1, over)


def test_what_would_wait_for_its_turn_until_it_is_quiet_is_not_taken(ask, courier, quiet):
    asked = ask()
    asked.office.clock.tick(60)
    over = quiet()
    asked.office.clock.now -= TURN / 2

    assert courier.delivers() == Report()
    assert asked.delivery.due_at == over


def test_on_a_closed_day_it_waits_for_the_next_that_is_open(ask, courier, desk_office):
    desk_office.clock.now = datetime(2026, 3, 6, 3, tzinfo=UTC)  # a Friday
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_working_days=True))
    asked = ask()
    desk_office.dewi.signs_on(2)
    visit = desk_office.arrives("C", email="dodi@example.id", consent=True).facts["visit"]  # keeps office hours
    desk_office.dewi.completes(desk_office.dewi.serves(counter=2))
    desk_office.clock.now = datetime(2026, 3, 7, 3, tzinfo=UTC)

    assert courier.delivers() == Report(sent=1)
    assert asked.delivery.state == "sent"  # that service is open every day
    row = desk_office.row(Delivery, visit_id=visit)
    assert (row.state, row.due_at) == ("pending", datetime(2026, 3, 9, tzinfo=ZONE))


def test_a_quiet_office_holds_no_other_up(ask, courier, quiet):
    office = ask().office
    for number in range(TOGETHER):
        ask(f"tamu{number}@example.id", due=False)
    office.clock.tick(3600)
    other = office.another()
    other.sari.signs_on(1)
    other.arrives("A", email="dodi@example.id", consent=True)
    other.sari.completes(other.sari.serves())
    office.clock.tick(3600)
    quiet()

    assert courier.delivers() == Report(sent=1)
    assert {row.state for row in office.rows(Delivery, office_id=office.id)} == {"pending"}


def test_a_link_that_expires_meanwhile_is_not_sent(ask, courier, quiet):
    asked = ask()
    asked.office.clock.now = asked.invitation.expires_at - timedelta(minutes=30)
    asked.office.clock.now = asked.office.clock.now.replace(second=0, microsecond=0)
    over = quiet()
    assert courier.delivers() == Report()
    asked.office.clock.now = over

    assert courier.delivers() == Report(cancelled=1)
    assert asked.delivery.last_error == "link_expired"


def test_what_a_person_brings_back_waits_too(ask, courier, quiet, mail_server):
    asked = ask()
    mail_server.will("RCPT", "550 5.1.1 No such mailbox here")
    courier.delivers()
    over = quiet()
    request = asked.office.budi.asks("resend", delivery=asked.delivery.id)
    done = resend(asked.office.streams, asked.office.id, asked.delivery.id, request)

    assert done.facts["due"] == micros(over)
    assert asked.delivery.due_at == over
    assert courier.delivers() == Report()


def test_an_office_without_such_hours_costs_one_small_query(ask, courier):
    ask()
    read = []
    event.listen(courier.engine, "before_cursor_execute", lambda *said: read.append(said[2]))
    courier.claims()
    assert len([each for each in read if "survey_quiet_from" in each]) == 1
    assert not [each for each in read if "calendar" in each]
