"""What a message about the survey brings along: how to have no more of them, that it went out, or that it came back."""

import pytest
from sqlalchemy import update

from desk.delivery.message import Links
from desk.delivery.sending import NoSuchMailbox, Rejected
from desk.delivery.smtp import _of_recipient
from desk.delivery.worker import Report
from desk.domain.access import SYSTEM
from desk.domain.refusals import Reason
from desk.domain.sampling import person_digest
from desk.domain.tokens import TokenKind, derive
from desk.models import InvitationRow, Office, SurveyBlock
from desk.operations.delivering import resend
from desk.operations.requests import Request
from desk.operations.survey.opting import opt_out
from desk.operations.survey.reminding import remind_due
from tests.fixtures.delivery import PUBLIC_URL, WATI
from tests.fixtures.office import KEYS

DAY = 86_400


def blocks(office):
    return [(row.kind, row.digest) for row in office.rows(SurveyBlock)]


def test_one_click_is_offered_over_https_only(ask, courier, mail_server):
    asked = ask()
    courier.delivers()
    message = mail_server.letters[0].message
    token = derive(KEYS.links, TokenKind.NO_SURVEY, asked.invitation.id, channel="email")

    assert message["List-Unsubscribe"] == f"<{PUBLIC_URL}/u/{token}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"{PUBLIC_URL}/u/{token}" in mail_server.letters[0].body()

    courier.links = Links(KEYS.links, "http://10.0.0.5:8000")
    ask("siti@example.id")
    courier.delivers()
    plain = mail_server.letters[1].message
    assert plain["List-Unsubscribe"].startswith("<http://10.0.0.5:8000/u/")
    assert plain["List-Unsubscribe-Post"] is None


def test_that_it_went_out_is_written_with_every_question_of_the_visit(desk_office, courier):
    office = desk_office
    office.sari.signs_on(1)
    office.arrives("A", "B", email=WATI, consent=True)
    for _ in range(2):
        office.sari.completes(office.sari.serves())
    office.arrives("A")
    office.sari.completes(office.sari.serves())
    office.clock.tick(600)

    assert courier.delivers() == Report(sent=1)
    marked = [(row.reason, row.delivered_at) for row in office.rows(InvitationRow)]
    assert marked == [("by_email", office.clock.now), ("same_visit", office.clock.now), ("by_link", None)]
    assert office.findings() == []


@pytest.mark.parametrize("answer", ["550 5.1.1 No such user", "553 5.1.3 Bad address", "550 no such user"])
def test_where_there_is_no_mailbox_nobody_writes_again(ask, courier, mail_server, answer):
    office = ask().office
    mail_server.will("RCPT", answer)
    assert courier.delivers() == Report(dead=1)
    assert blocks(office) == [("bounced", person_digest(KEYS.links, office.id, WATI))]

    # The next visit is asked by the link only; another address is written to.
    office.arrives("A", email=WATI.upper(), consent=True)
    office.sari.completes(office.sari.serves(counter=1))
    assert office.rows(InvitationRow)[-1].reason == "by_link"
    assert courier.delivers() == Report()


@pytest.mark.parametrize("answer", ["550 5.7.1 We take no mail from you", "552 5.2.2 Mailbox full", "452 4.2.2 Later"])
def test_another_refusal_is_no_missing_mailbox(ask, courier, mail_server, answer):
    office = ask().office
    mail_server.will("RCPT", answer)
    courier.delivers()

    assert blocks(office) == []


def test_kinds_of_refusal():
    assert isinstance(_of_recipient(550, b"5.1.1 unknown"), NoSuchMailbox)
    assert type(_of_recipient(554, b"5.7.1 policy")) is Rejected
    assert type(_of_recipient(550, b"5.7.1 policy")) is Rejected


def test_bringing_a_message_back_believes_that_the_mailbox_is_there_again(ask, courier, mail_server):
    asked = ask()
    office = asked.office
    mail_server.will("RCPT", "550 5.1.1 No such user")
    courier.delivers()
    delivery = asked.delivery.id
    resend(office.streams, office.id, delivery, office.budi.asks("resend", delivery=delivery))

    assert blocks(office) == []
    assert courier.delivers() == Report(sent=1)


def test_nothing_is_brought_back_for_somebody_who_wants_no_questions(ask, courier, mail_server):
    asked = ask()
    office = asked.office
    mail_server.will("RCPT", "554 5.7.1 Not taken today")
    courier.delivers()
    delivery, kept = asked.delivery.id, asked.delivery.address
    opt_out(office.streams, asked.invitation.id, Request(SYSTEM, "opt_out"))
    assert (asked.delivery.state, asked.delivery.address) == ("cancelled", None)
    with office.streams.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET state = 'dead'")
        connection.exec_driver_sql(f"UPDATE deliveries SET address = '{kept}'")

    with office.refuses(Reason.WANTS_NO_QUESTIONS):
        resend(office.streams, office.id, delivery, office.budi.asks("resend", delivery=delivery))


def test_the_reminder_says_that_it_is_one_and_comes_once(ask, courier, mail_server):
    asked = ask(language="en")
    office = asked.office
    courier.delivers()
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_reminder_days=3))
    office.clock.tick(3 * DAY)
    remind_due(office.streams, office.id, Request(SYSTEM, "remind"))
    assert courier.delivers() == Report(sent=1)

    first, second = mail_server.letters
    assert first.message["Subject"].startswith("How was our service?")
    assert second.message["Subject"].startswith("Reminder: how was our service?")
    assert "This is our only reminder." in second.body()
    assert second.link == first.link
    office.clock.tick(4 * DAY)
    assert remind_due(office.streams, office.id, Request(SYSTEM, "remind")).facts == {"reminded": [], "left": 0}


def test_a_reminder_that_waits_does_not_go_to_somebody_who_answered_meanwhile(ask, courier, mail_server):
    asked = ask()
    office = asked.office
    courier.delivers()
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_reminder_days=3))
    office.clock.tick(3 * DAY)
    remind_due(office.streams, office.id, Request(SYSTEM, "remind"))
    office.answers(asked.invitation.id)

    assert courier.delivers() == Report(cancelled=1)
    assert len(mail_server.letters) == 1
