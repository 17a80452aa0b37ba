"""Staff are told by mail of what is late: once a case, level and person, without names or words, never a handler."""

import json

import pytest
from sqlalchemy import update

from desk.delivery.message import Links
from desk.delivery.worker import Report
from desk.domain.access import SYSTEM, VISITOR, Role
from desk.domain.complaints import VoiceKind, VoiceStep
from desk.domain.facts import EventName
from desk.domain.following_up import FollowUpStep, address_apart, code_apart
from desk.domain.invitation import Privacy
from desk.domain.lateness import Level, whom_to_tell
from desk.models import CaseStep, Delivery, FollowUpRow, InvitationRow, Office, Person, VoiceRow
from desk.operations.complaints import complaining, following_up
from desk.operations.complaints.complaining import Wish
from desk.operations.complaints.escalating import look_after
from desk.operations.opening import setting_up
from desk.operations.opening.setting_up import PersonPlan
from desk.operations.requests import Request
from tests.fixtures.delivery import PUBLIC_URL
from tests.fixtures.office import KEYS
from tests.operations.test_following_up import keeps

WORDS, DAY = "Petugas Sari tidak ramah", 86_400


@pytest.fixture
def office(desk_office):
    """Sari at counter 1 has served A001; Budi and Agus have addresses."""
    has_mail(desk_office, desk_office.budi)
    has_mail(desk_office, desk_office.agus, language="en")
    desk_office.sari.signs_on(1)
    desk_office.arrives("A", name="Wati")
    desk_office.sari.completes(desk_office.sari.serves())
    return desk_office


def has_mail(office, who, language="id"):
    with office.streams.setting_up() as connection:
        mine = update(Person).where(Person.id == who.id)
        connection.execute(mine.values(email=f"{who.name.lower()}@kantor.example.go.id", language=language))


def sets(office, **values):
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).where(Office.id == office.id).values(**values))


def complains(office, **more):
    wish = Wish(VoiceKind.COMPLAINT, WORDS, name="Wati", **more)
    return complaining.receive(office.streams, office.id, wish, Request(VISITOR, "say")).facts["voice"]


def days_pass(office, days):
    """Let the worker look once a day."""
    for _ in range(days):
        office.clock.tick(DAY)
        look_after(office.streams, office.id, Request(SYSTEM, "look_after"))


def told(office):
    """Return whom messages went to, of which kind."""
    return [(row.kind, row.address.split("@")[0]) for row in sorted(office.rows(Delivery), key=lambda row: row.id)]


def test_once_when_it_is_late_and_once_more_when_it_stays_so(office, courier, mail_server):
    voice = complains(office, number="A001", day=office.today.isoformat())
    days_pass(office, 30)

    # The follow-up, its complaint, and the two dates of the complaint are one case.
    assert told(office) == [("case_late", "budi"), ("case_raised", "agus")]
    assert office.row(VoiceRow).raised_at is not None
    assert {row.person_id for row in office.rows(Delivery)} == {office.budi.id, office.agus.id}
    assert courier.delivers() == Report(sent=2)
    for letter in mail_server.letters:
        for body in (letter.body(), letter.body("html"), str(letter.message["Subject"])):
            assert not [each for each in ("Wati", "Sari", "Budi", "Agus", WORDS, "A001") if each in body]
    follow_up = office.row(FollowUpRow).id
    words = mail_server.letters[0].body().split()
    assert f"{PUBLIC_URL}/offices/{office.id}/follow-ups/{follow_up}" in words
    assert [letter.message["Content-Language"] for letter in mail_server.letters] == ["id", "en"]
    steps = [row for row in office.rows(CaseStep) if row.step == "told"]
    assert {row.to_id for row in steps} == {office.budi.id, office.agus.id}
    assert voice and office.findings() == []


def test_each_level_in_its_time(office):
    complains(office)
    days_pass(office, 4)
    assert told(office) == [("case_late", "budi")]
    days_pass(office, 4)
    assert len(told(office)) == 1
    days_pass(office, 1)
    assert told(office)[1:] == [("case_raised", "agus")]


@pytest.mark.parametrize(
    ("values", "expected"), [({"late_raise_days": 0}, ["case_late"]), ({"late_mail": False}, [])], ids=str
)
def test_as_the_office_has_set(office, values, expected):
    sets(office, **values)
    complains(office)
    days_pass(office, 30)
    assert [kind for kind, _ in told(office)] == expected
    assert (office.row(VoiceRow).raised_at is None) is ("late_raise_days" in values)


def test_never_to_who_had_a_hand_in_it(office):
    """Budi serves it himself: the administrator is told at once, and told again later."""
    office.budi.signs_on(2)
    office.arrives("A")
    office.budi.completes(office.budi.serves(counter=2))
    complains(office, number="A002", day=office.today.isoformat())
    days_pass(office, 30)
    assert told(office) == [("case_late", "agus"), ("case_raised", "agus")]


def test_nobody_without_an_address(office):
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).values(email=None))
    complains(office)
    days_pass(office, 30)
    assert office.rows(Delivery) == []
    assert office.row(FollowUpRow).raised_at is not None


class TestWhenItIsSent:
    def test_not_once_it_was_done(self, office, courier):
        voice = complains(office)
        days_pass(office, 4)
        request = office.budi.asks("answer")
        complaining.take_step(office.streams, voice, request, step=VoiceStep.ANSWERED, words="Maaf")
        note = {"step": FollowUpStep.RESOLVED, "note": "Selesai"}
        following_up.take_step(office.streams, office.row(FollowUpRow).id, office.budi.asks("step"), **note)
        assert courier.delivers() == Report(cancelled=1)
        assert office.row(Delivery).last_error == "already_done"

    def test_not_to_who_had_a_hand_in_it_since(self, office, courier):
        invitation = office.row(InvitationRow)
        complains(office, number="A001", day=office.today.isoformat())
        days_pass(office, 4)
        office.budi.reopens(invitation.transaction_id)
        office.budi.completes(invitation.transaction_id)
        assert courier.delivers() == Report(cancelled=1)
        assert office.row(Delivery).last_error == "in_the_chain"

    def test_not_to_who_works_here_no_more(self, office, courier):
        setting_up.enroll(office.streams, office.id, PersonPlan("tuti", "Tuti", (Role.SUPERVISOR,)))
        complains(office)
        days_pass(office, 4)
        with office.streams.setting_up() as connection:
            connection.execute(update(Person).where(Person.id == office.budi.id).values(disabled_at=office.clock()))
        assert courier.delivers() == Report(cancelled=1)
        assert office.row(Delivery).last_error == "forbidden"

    def test_without_a_link_where_the_desk_does_not_know_its_address(self, office, courier, mail_server):
        complains(office)
        days_pass(office, 4)
        courier.links = Links(KEYS.links, PUBLIC_URL)
        courier.delivers()
        (letter,) = mail_server.letters
        assert "http" not in letter.body()
        assert office.row(FollowUpRow).id and "Tindak lanjut" in letter.body()

    def test_one_that_must_say_no_event_goes_by_its_code(self, office, courier, mail_server):
        keeps(office, Privacy.CONFIDENTIAL)
        office.arrives("A")
        transaction = office.sari.serves()
        office.sari.completes(transaction)
        office.says(office.row(InvitationRow, transaction_id=transaction).id, score="1")
        days_pass(office, 4)
        courier.delivers()
        late = [each for each in mail_server.letters if each.recipient.startswith("budi")]
        follow_up = office.row(FollowUpRow).id
        assert code_apart(KEYS.links, follow_up) in late[0].body()
        assert f"/follow-ups/{address_apart(KEYS.links, follow_up)}" in late[0].body()
        assert str(follow_up) not in late[0].body()
        assert "A002" not in late[0].body()


def test_events_say_who_was_told_and_nothing_else(office):
    complains(office)
    days_pass(office, 9)
    payloads = [json.loads(row.payload) for row in office.rows_of_event(EventName.CASE_TOLD)]
    assert [sorted(each) for each in payloads] == [["case", "kind", "level", "to"]] * 2
    assert [each["level"] for each in payloads] == [1, 2]
    raised = [json.loads(row.payload)["kind"] for row in office.rows_of_event(EventName.CASE_RAISED)]
    assert raised == ["follow_up", "voice"]


@pytest.mark.parametrize(
    ("level", "barred", "expected"),
    [
        (Level.SUPERVISORS, {}, [1, 2]),
        (Level.SUPERVISORS, {1}, [2]),
        (Level.SUPERVISORS, {1, 2}, [8, 9]),
        (Level.SUPERVISORS, {1, 2, 8, 9}, []),
        (Level.ADMINISTRATORS, {8}, [9]),
        (Level.ADMINISTRATORS, {8, 9}, []),
    ],
)
def test_whom_a_level_is_put_before(level, barred, expected):
    assert whom_to_tell(level, {1, 2}, {8, 9}, barred) == expected
