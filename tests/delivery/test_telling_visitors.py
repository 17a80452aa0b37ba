"""Who complained and agreed is told that it came in and that there is an answer, without what was said or by whom."""

import pytest
from sqlalchemy import select, update

from desk.delivery.worker import Report
from desk.domain.access import VISITOR, Actor, Role
from desk.domain.complaints import VoiceKind, VoiceStep
from desk.domain.facts import EventName
from desk.domain.refusals import Reason
from desk.domain.sampling import person_digest
from desk.domain.tokens import TokenKind, derive
from desk.models import CaseWords, Delivery, EventRow, Membership, Office, SurveyBlock, VoiceContact, VoiceRow
from desk.operations.complaints import complaining
from desk.operations.complaints.complaining import Wish
from desk.operations.complaints.resending import resend_about_case
from desk.operations.keeping import privacy
from desk.operations.requests import Request
from desk.reads.case_messages import list_case_messages
from desk.reads.kept_of_person import Sought
from desk.reads.outbox import get_health
from tests.fixtures.delivery import PUBLIC_URL
from tests.fixtures.office import KEYS

WATI = {"name": "Wati Lestari", "email": "wati@example.id", "phone": "0812-3456-7890"}
WORDS, ANSWER = "Petugas loket tiga tidak ramah", "Kami mohon maaf.\nPetugas sudah dibina."


@pytest.fixture
def office(desk_office):
    """Sari at counter 1 has served A001 to the end."""
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    desk_office.sari.completes(desk_office.sari.serves())
    return desk_office


def says(office, kind="complaint", **more):
    wish = Wish(VoiceKind(kind), WORDS, **{"notify": True, **more})
    return complaining.receive(office.streams, office.id, wish, Request(VISITOR, "say")).facts["voice"]


def answers(office, voice, words=ANSWER, step="answered"):
    request = office.budi.asks("voice_step", voice=voice, step=step, words=words)
    complaining.take_step(office.streams, voice, request, step=VoiceStep(step), words=words)


def link_of(voice):
    return f"{PUBLIC_URL}/voice/{derive(KEYS.links, TokenKind.VOICE, voice)}"


def sets(office, **values):
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).where(Office.id == office.id).values(**values))


class TestWhatGoesOut:
    @pytest.mark.parametrize("language", ["id", "en"])
    def test_that_it_came_in_and_that_there_is_an_answer(self, office, courier, mail_server, web, language):
        voice = says(office, language=language, **WATI)
        assert courier.delivers() == Report(sent=1)
        answers(office, voice)
        assert courier.delivers() == Report(sent=1)

        received, answered = mail_server.letters
        assert (received.recipient, answered.recipient) == (WATI["email"], WATI["email"])
        assert received.message["Subject"] != answered.message["Subject"]
        for letter in (received, answered):
            assert letter.message["Content-Language"] == language
            for body in (letter.body(), letter.body("html")):
                assert link_of(voice) in body
                assert not [each for each in (*WATI.values(), WORDS, "Budi", "Sari", "mohon maaf") if each in body]
        assert "Kami mohon maaf." in web.get(link_of(voice).removeprefix(PUBLIC_URL)).said
        assert office.findings() == []

    def test_the_answer_itself_only_where_the_office_has_it_so(self, office, courier, mail_server):
        sets(office, complaint_answer_words=True)
        voice = says(office, **WATI)
        answers(office, voice, "Maaf <b>sekali</b>")
        courier.delivers()
        received, answered = mail_server.letters
        assert "Maaf" not in received.body()
        assert "Maaf <b>sekali</b>" in answered.body()
        assert "Maaf &lt;b&gt;sekali&lt;/b&gt;" in answered.body("html")

    @pytest.mark.parametrize("language", ["id", "en"])
    def test_to_a_phone_where_there_is_no_mail(self, office, phone_courier, gateway, language):
        sets(office, complaint_answer_words=True)
        voice = says(office, language=language, phone=WATI["phone"])
        answers(office, voice)
        assert phone_courier.delivers() == Report(sent=2)
        for sent in gateway.sent:
            assert sent.to == "+6281234567890"
            assert link_of(voice) in sent.text
            assert "mohon maaf" not in sent.text and len(sent.text) < 320

    def test_a_suggestion_that_is_adopted_has_an_answer_too(self, office, courier, mail_server):
        voice = says(office, "suggestion", **WATI)
        answers(office, voice, "Kursi ditambah.", "adopted")
        assert courier.delivers() == Report(sent=2)

    def test_steps_that_are_no_answer_are_not_told(self, office):
        voice = says(office, **WATI)
        answers(office, voice, None, "acknowledged")
        assert [row.kind for row in office.rows(Delivery)] == ["voice_received"]


class TestWhoIsTold:
    @pytest.mark.parametrize(
        "said",
        [
            {**WATI, "notify": False},
            {**WATI, "anonymous": True},
            {"name": "Wati"},
            {"phone": "0812"},
        ],
        ids=["did not agree", "anonymous", "no way", "no number"],
    )
    def test_nobody_who_did_not_agree_or_cannot_be_reached(self, office, said):
        answers(office, says(office, **said))
        assert office.rows(Delivery) == []

    def test_the_other_way_where_messages_come_back(self, office, courier, mail_server):
        mail_server.will("RCPT", "550 5.1.1 no such user")
        voice = says(office, **WATI)
        courier.delivers()
        assert len(office.rows(SurveyBlock)) == 1
        answers(office, voice)
        assert [(row.channel, row.state) for row in office.rows(Delivery)] == [("email", "dead"), ("phone", "pending")]

    def test_the_phone_first_where_the_office_has_it_so(self, office):
        sets(office, survey_phone_first=True)
        says(office, **WATI)
        assert office.row(Delivery).channel == "phone"

    def test_who_wants_no_questions_still_has_an_answer(self, office):
        with office.streams.setting_up() as connection:
            row = {"office_id": office.id, "digest": person_digest(KEYS.links, office.id, WATI["email"])}
            connection.execute(SurveyBlock.__table__.insert(), {**row, "kind": "opted_out", "since": office.clock()})
        answers(office, says(office, **WATI))
        assert len(office.rows(Delivery)) == 2

    def test_not_again_and_again_at_an_address_that_anybody_may_type(self, office):
        voices = [says(office, **WATI) for _ in range(5)]
        says(office, email="siti@example.id")
        assert [row.address for row in office.rows(Delivery)].count(WATI["email"]) == 3
        answers(office, voices[-1])
        assert [row.kind for row in office.rows(Delivery)].count("voice_answered") == 1
        office.clock.tick(86_401)
        says(office, **WATI)
        assert len(office.rows(Delivery)) == 6


class TestWhatIsNotSentAnyMore:
    def test_after_words_and_contact_were_erased(self, office, courier, mail_server):
        voice = says(office, **WATI)
        complaining.erase(office.streams, voice, office.agus.asks("erase"))
        row = office.row(Delivery)
        assert (row.state, row.address) == ("cancelled", None)
        assert courier.delivers() == Report()

    def test_after_the_person_had_everything_erased(self, office):
        answers(office, says(office, **WATI))
        wish = privacy.Wish(Sought(WATI["email"]))
        privacy.erase_person(office.streams, office.id, wish, office.budi.asks("erase_person"))
        assert {(row.state, row.address) for row in office.rows(Delivery)} == {("cancelled", None)}
        assert office.rows(VoiceContact) == []
        assert office.findings() == []

    def test_an_answer_that_another_took_the_place_of(self, office, courier, mail_server):
        voice = says(office, **WATI)
        courier.delivers()
        answers(office, voice, "Pertama")
        answers(office, voice, "Kedua")
        assert courier.delivers() == Report(sent=1, cancelled=1)
        assert len(mail_server.letters) == 2

    def test_quiet_hours_hold_and_closed_days_do_not(self, office, courier):
        sets(office, survey_quiet_from=7 * 60, survey_quiet_until=9 * 60, survey_working_days=True)
        says(office, **WATI)
        assert courier.delivers() == Report()
        assert office.row(Delivery).state == "pending"
        office.clock.tick(3_600)
        assert courier.delivers() == Report(sent=1)


class TestWhatStaysHidden:
    def test_no_token_and_no_word_in_rows_and_events(self, office):
        voice = says(office, **WATI)
        answers(office, voice)
        token = derive(KEYS.links, TokenKind.VOICE, voice)
        with office.streams.reading() as connection:
            kept = [str(row) for row in connection.execute(select(Delivery.__table__))]
            kept += [str(row) for row in connection.execute(select(EventRow.payload))]
        assert not [each for each in kept if token in each or WORDS in each or "mohon maaf" in each]
        assert office.row(CaseWords, id=voice).words == WORDS

    def test_no_token_in_what_the_worker_logs(self, office, employ, mail_server):
        voice = says(office, **WATI)
        worker = employ(mail_server.settings())
        mail_server.wait_for(1)
        log = worker.stops()
        assert derive(KEYS.links, TokenKind.VOICE, voice) not in log and WATI["email"] not in log
        assert office.row(Delivery).state == "sent"

    def test_messages_are_listed_and_sent_again_but_not_for_who_had_a_hand_in_it(self, office, courier, mail_server):
        mail_server.will("RCPT", "554 5.7.1 refused")
        says(office, number="A001", day=office.today.isoformat(), **WATI)
        courier.delivers()
        dead = office.row(Delivery)
        assert dead.state == "dead"
        with office.streams.setting_up() as connection:  # Sari was made a supervisor
            row = {"person_id": office.sari.id, "office_id": office.id, "role": Role.SUPERVISOR.value}
            connection.execute(Membership.__table__.insert(), row)
        with office.streams.reading() as connection:
            shown = {
                who.name: len(list_case_messages(connection, office.id, viewer_id=who.id))
                for who in (office.sari, office.budi)
            }
            health = get_health(connection, office.id, at=office.clock())
        assert shown == {"Sari": 0, "Budi": 1}
        assert (health.waiting, health.dead) == (0, 0)

        request = Request(Actor.staff(office.sari.id, Role.SUPERVISOR), "resend")
        with office.refuses(Reason.UNKNOWN):
            resend_about_case(office.streams, office.id, dead.id, request)
        with office.refuses(Reason.FORBIDDEN):
            resend_about_case(office.streams, office.id, dead.id, office.dewi.asks("resend"))
        resend_about_case(office.streams, office.id, dead.id, office.budi.asks("resend"))
        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            resend_about_case(office.streams, office.id, dead.id, office.budi.asks("resend", again=1))
        assert office.rows_of_event(EventName.MESSAGE_REQUEUED)
        assert courier.delivers() == Report(sent=1)
        assert office.row(VoiceRow).state == "received"
