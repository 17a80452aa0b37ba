"""Messages to phones through a gateway: what goes out, what an answer means, and what is left when a worker dies."""

import pytest
from sqlalchemy import text

from desk.delivery.claim import LEASE
from desk.delivery.worker import Report
from desk.models import Delivery, InvitationRow, ResponseRow, SurveyBlock, VisitContact
from desk.models.engine import open_engine
from desk.settings import load_settings
from tests.fixtures.gateway import SECRET, WATI_PHONE
from tests.fixtures.office import DeskOffice

LEASE_SECONDS = LEASE.total_seconds()
SITI_PHONE = "+6281298765432"


@pytest.fixture
def ask_phone(ask):
    """Serve a visitor who left a number to the end."""
    return lambda phone=WATI_PHONE, **said: ask(None, phone=phone, **said)


class TestWhatGoesOut:
    def test_a_message_with_the_secret_and_a_key_of_its_own(self, ask_phone, phone_courier, gateway):
        asked = ask_phone("0812-3456-7890")

        assert phone_courier.delivers() == Report(sent=1)
        (sent,) = gateway.sent
        assert (sent.method, sent.path, sent.to) == ("POST", "/messages?account=kpknl", WATI_PHONE)
        assert sent.headers["Authorization"] == f"Bearer {SECRET}"
        assert len(sent.id) == 32
        row = asked.delivery
        assert (row.channel, row.state, row.provider_id, row.address) == ("phone", "sent", "gw-1", WATI_PHONE)
        assert asked.invitation.reason == "by_phone"
        assert asked.invitation.delivered_at == asked.office.clock.now

    @pytest.mark.parametrize(("language", "words"), [("id", "Bagaimana layanan kami?"), ("en", "How was our service?")])
    def test_the_text_is_short_and_in_the_visitors_language(self, ask_phone, phone_courier, gateway, language, words):
        asked = ask_phone(language=language)
        phone_courier.delivers()
        (sent,) = gateway.sent
        assert words in sent.text
        assert asked.number in sent.text
        assert "\n" not in sent.text
        assert len(sent.text) < 320

    def test_a_form_is_filled_in_as_json_is(self, ask_phone, hire_for_phones, gateway):
        ask_phone()
        body = "to={to}&text={text}&id={id}&sender=DESK%20JKT"
        hire_for_phones(gateway.settings(body=body, method="PUT")).delivers()
        (sent,) = gateway.sent
        assert (sent.method, sent.to, sent.fields["sender"]) == ("PUT", WATI_PHONE, "DESK JKT")

    def test_the_links_work_and_say_how_they_came(self, ask_phone, phone_courier, gateway, web):
        asked = ask_phone()
        phone_courier.delivers()
        (sent,) = gateway.sent
        page = web.get(sent.link())
        question = f"q{asked.invitation.id}-score"
        web.send(page, sent.link(), **{question: "4", "go": "send"})
        assert asked.office.row(ResponseRow).channel == "phone"
        web.send(web.get(sent.link("/u/")), sent.link("/u/"), status=200)
        assert [row.kind for row in asked.office.rows(SurveyBlock)] == ["opted_out"]
        assert ask_phone().invitation.reason == "opted_out"

    def test_whoever_left_both_is_written_to_by_e_mail(self, ask, phone_courier, gateway, courier, mail_server):
        asked = ask("wati@example.go.id", phone=WATI_PHONE)
        assert (phone_courier.delivers(), courier.delivers()) == (Report(), Report(sent=1))
        assert asked.invitation.reason == "by_email"

    def test_by_phone_where_mail_came_back(self, ask, phone_courier, gateway, courier, mail_server):
        mail_server.will("RCPT", "550 5.1.1 no such user")
        ask("wati@example.go.id")
        courier.delivers()
        asked = ask("wati@example.go.id", phone=WATI_PHONE)
        assert asked.invitation.reason == "by_phone"
        assert phone_courier.delivers() == Report(sent=1)

    def test_nothing_without_consent(self, desk_office):
        desk_office.sari.signs_on()
        desk_office.arrives(phone=WATI_PHONE)
        transaction = desk_office.sari.serves()
        desk_office.sari.completes(transaction)
        assert desk_office.row(InvitationRow).reason == "by_link"
        assert desk_office.row(VisitContact).consented_at is None


class TestWhatAnAnswerMeans:
    @pytest.mark.parametrize(
        ("status", "state"),
        [
            (400, "dead"), (413, "dead"), (422, "dead"), (408, "pending"), (301, "pending"), (401, "pending"),
            (403, "pending"), (404, "pending"), (429, "pending"), (500, "pending"), (503, "pending"),
        ],
    )  # fmt: skip
    def test_by_status(self, ask_phone, phone_courier, gateway, status, state):
        asked = ask_phone()
        gateway.will(status, {"error": "nope"}, Location="http://127.0.0.1:9/stolen")
        report = phone_courier.delivers()
        assert asked.delivery.state == state
        assert str(status) in asked.delivery.last_error
        assert bool(report.unreachable) == (status in {301, 401, 403, 404, 429, 500, 503})
        assert asked.office.rows(SurveyBlock) == []
        asked.office.clock.tick(LEASE_SECONDS)
        assert phone_courier.delivers() == Report(sent=int(state == "pending"))

    @pytest.mark.parametrize("status", [200, 400])
    def test_a_number_that_is_not_there_is_written_to_no_more(self, ask_phone, phone_courier, gateway, status):
        asked = ask_phone()
        gateway.will(status, {"error": "invalid_number", "detail": f"no such number {WATI_PHONE[1:]}"})
        assert phone_courier.delivers() == Report(dead=1)
        assert WATI_PHONE[3:] not in asked.delivery.last_error
        assert [row.kind for row in asked.office.rows(SurveyBlock)] == ["bounced"]
        assert ask_phone().invitation.reason == "by_link"

    @pytest.mark.parametrize("settings", [{"success": frozenset({202})}])
    def test_only_the_statuses_that_were_set_are_success(self, ask_phone, hire_for_phones, gateway, settings):
        asked = ask_phone()
        hire_for_phones(gateway.settings(**settings)).delivers()
        assert asked.delivery.state == "dead" or asked.delivery.last_error.startswith("200")
        assert asked.delivery.state != "sent"

    @pytest.mark.parametrize(
        "answer", [{"messages": [{"id": 7}]}, {"messages": []}, "OK", {"messages": [{"id": True}]}]
    )
    def test_the_id_is_found_where_it_stands(self, ask_phone, hire_for_phones, gateway, answer):
        asked = ask_phone()
        gateway.will(201, answer)
        hire_for_phones(gateway.settings(id_path="messages.0.id")).delivers()
        expected = "7" if answer == {"messages": [{"id": 7}]} else None
        assert (asked.delivery.state, asked.delivery.provider_id) == ("sent", expected)

    def test_a_gateway_that_hangs_is_not_waited_for(self, ask_phone, hire_for_phones, gateway):
        asked = ask_phone()
        gateway.before("REQUEST", lambda: gateway.released.wait(20))
        report = hire_for_phones(gateway.settings(timeout_s=1)).delivers()
        assert report.unreachable is not None
        assert asked.delivery.state == "pending"

    def test_a_gateway_that_is_away(self, ask_phone, hire_for_phones, gateway):
        asked = ask_phone()
        settings = gateway.settings()
        gateway.stop()
        assert hire_for_phones(settings).delivers().unreachable
        row = asked.delivery
        assert (row.state, row.attempts, row.unreached) == ("pending", 0, 1)

    @pytest.mark.parametrize("status", [500, 504])
    def test_where_it_may_have_been_taken_the_attempt_counts(self, ask_phone, phone_courier, gateway, status):
        asked = ask_phone()
        gateway.will(status, {"error": "try later"})
        assert phone_courier.delivers().unreachable
        assert (asked.delivery.attempts, asked.delivery.unreached) == (1, 0)

    @pytest.mark.parametrize("status", [502, 503])
    def test_where_it_was_not_none_does(self, ask_phone, phone_courier, gateway, status):
        asked = ask_phone()
        gateway.will(status, {"error": "try later"})
        assert phone_courier.delivers().unreachable
        assert (asked.delivery.attempts, asked.delivery.unreached) == (0, 1)


class TestWorkers:
    def test_no_transaction_is_open_while_the_gateway_thinks(self, ask_phone, phone_courier, gateway, desk_office):
        ask_phone()
        seen = []
        gateway.before("REQUEST", lambda: seen.append(_open_transactions(desk_office)))
        phone_courier.delivers()
        assert seen == [0]

    def test_two_processes_send_two_hundred_messages_once_each(self, desk_office, employ, gateway):
        office = desk_office
        office.sari.signs_on(1)
        numbers = [f"+6281200000{number:03}" for number in range(200)]
        for number in numbers:
            office.arrives("A", phone=number, consent=True)
            office.sari.completes(office.sari.serves(counter=1))
        office.clock.tick(300)
        workers = [employ(gateway=gateway.settings()) for _ in range(2)]
        gateway.wait_for(len(numbers))
        logs = [each.stops() for each in workers]
        assert sorted(sent.to for sent in gateway.sent) == numbers
        assert len({sent.id for sent in gateway.sent}) == len(numbers)
        assert {row.state for row in office.rows(Delivery)} == {"sent"}
        assert not any(number[3:] in log for number in numbers for log in logs)


def _open_transactions(office: DeskOffice) -> int:
    """Return how many other connections hold a transaction; on SQLite whether the write lock can be had at once."""
    engine = open_engine(office.url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                query = text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'"
                )
                return int(connection.execute(query).scalar_one())
            with engine.execution_options(desk_writes=True).begin() as writing:
                writing.execute(text("UPDATE deliveries SET attempts = attempts WHERE id = 0"))
            return 0
    finally:
        engine.dispose()


class TestSettings:
    @pytest.mark.parametrize(
        ("given", "named"),
        [
            ({"DESK_GATEWAY_URL": "gateway.example"}, "DESK_GATEWAY_URL"),
            ({"DESK_GATEWAY_URL": "http://gateway.example/send"}, "DESK_GATEWAY_URL"),
            ({"DESK_GATEWAY_HEADERS": "Bearer rahasia"}, "DESK_GATEWAY_HEADERS"),
            ({"DESK_GATEWAY_SUCCESS": "200,x"}, "DESK_GATEWAY_SUCCESS"),
            ({"DESK_GATEWAY_TIMEOUT": "0"}, "DESK_GATEWAY_TIMEOUT"),
        ],
    )
    def test_what_makes_no_sense_is_named(self, given, named):
        with pytest.raises(ValueError, match=named) as caught:
            load_settings(given)
        assert "rahasia" not in str(caught.value)

    def test_they_are_read(self):
        found = load_settings(
            {
                "DESK_GATEWAY_URL": "https://gateway.example/send",
                "DESK_GATEWAY_HEADERS": "Authorization: Bearer a:b\nX-Sender: DESK",
                "DESK_GATEWAY_SUCCESS": "200, 202",
                "DESK_GATEWAY_UNKNOWN_NUMBER": "21211, Invalid_Number",
            }
        ).gateway
        assert found.headers == (("Authorization", "Bearer a:b"), ("X-Sender", "DESK"))
        assert found.success == {200, 202}
        assert found.unknown_number == {"21211", "invalid_number"}
        assert "Bearer" not in repr(found)
