"""The page of the trail, the access log, and the file of a transaction on paper."""

import csv
import html
import io
import json
import re

import pytest
from sqlalchemy import insert, text

from desk.domain.audit import Head
from desk.models import AccessRecord, TrailCheck
from desk.operations.keeping.verifying import take_bite
from desk.reports.daily_checkpoints import write_daily
from desk.reports.verify_trail import check
from tests.fixtures.office import KEYS, DeskOffice
from tests.fixtures.pdf_words import words_of
from tests.fixtures.web import Web
from tests.web.test_supervisor import a_served_transaction

LOOK = {"person_id": 0, "verb": "looked", "subject": "handoff"}


def works(office: DeskOffice, heads: list[Head] | None = None) -> int:
    """Let a worker take small bites until nothing is left; return how many."""
    bites = 0
    while take_bite(office.streams, lambda: heads or [], size=7):
        bites += 1
    return bites


def head_of(office: DeskOffice) -> Head:
    with office.streams.reading() as connection:
        return Head(*connection.execute(text("SELECT office_id, number, mac FROM streams")).one())


def forge(office: DeskOffice, *statements: str) -> None:
    """Change events as somebody with the whole database could."""
    drop = "DROP TRIGGER IF EXISTS events_refuse_update"
    with office.streams.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            drop = "ALTER TABLE events DISABLE TRIGGER USER"
        for statement in (drop, drop.replace("update", "delete"), *statements):
            connection.execute(text(statement))


class TestTrailPage:
    def test_a_verification_is_asked_for_and_runs_in_bites(self, web: Web, desk_office: DeskOffice) -> None:
        a_served_transaction(desk_office)
        ratna = web.as_("Ratna")
        path = f"/offices/{desk_office.id}/trail"
        page = ratna.get(path)
        assert "Belum pernah diperiksa" in page.said
        ratna.send(page, f"{path}/verifications")
        again = ratna.post(f"{path}/verifications")
        assert "sudah" in ratna.follow(again).said.lower()
        assert "Sedang berjalan" in ratna.get(path).said
        assert works(desk_office) > 2
        page = ratna.get(path)
        assert f"Rantai utuh, dari kejadian 1 sampai kejadian {head_of(desk_office).number}" in page.said
        assert page.queries <= 16

    @pytest.mark.parametrize(
        ("statement", "words"),
        [
            ("UPDATE events SET payload = '{}' WHERE number = 9", "Event 9 is not what was signed"),
            ("UPDATE streams SET number = number - 1", "says that the trail ends"),
        ],
    )
    def test_what_does_not_hold_is_said(self, web: Web, desk_office: DeskOffice, statement: str, words: str) -> None:
        a_served_transaction(desk_office)
        budi = web.as_("Budi")
        budi.speak("en")
        budi.post(f"/offices/{desk_office.id}/trail/verifications")
        forge(desk_office, statement)
        works(desk_office)
        assert words in budi.get(f"/offices/{desk_office.id}/trail").said

    def test_a_bite_compares_with_the_checkpoints(self, web: Web, desk_office: DeskOffice) -> None:
        a_served_transaction(desk_office)
        web.as_("Budi").post(f"/offices/{desk_office.id}/trail/verifications")
        head = head_of(desk_office)
        works(desk_office, [head, Head(head.office_id, head.number + 1, "0" * 64)])
        row = desk_office.row(TrailCheck)
        assert (row.fault, row.fault_number) == ("cut", head.number + 1)

    def test_the_age_of_the_checkpoint(self, web: Web, desk_office: DeskOffice) -> None:
        desk_office.arrives()
        budi = web.as_("Budi")
        budi.speak("en")
        path = f"/offices/{desk_office.id}/trail"
        assert "no checkpoint on this server yet" in budi.get(path).said
        folder = web.app.extensions["desk"].settings.checkpoints
        file = write_daily(folder, [head_of(desk_office)], KEYS, at=desk_office.clock())
        assert file is not None
        desk_office.clock.tick(7200)
        assert "2 h 0 min" in budi.get(path).said
        desk_office.clock.tick(26 * 3600)
        budi = web.as_("Budi")  # the session of yesterday is over
        budi.speak("en")
        assert "older than a day" in budi.get(path).said
        file.write_text(file.read_text().replace("a", "b"))
        assert "cannot be trusted" in budi.get(path).said

    def test_an_auditor_takes_the_export_with_them(self, web: Web, desk_office: DeskOffice) -> None:
        a_served_transaction(desk_office)
        ratna = web.as_("Ratna")
        answer = ratna.get(f"/offices/{desk_office.id}/trail/export.jsonl")
        lines = answer.text.splitlines(keepends=True)
        assert [*check([line.encode() for line in lines], KEYS.known, {})]
        assert json.loads(lines[0])["count"] == len(lines) - 1 == head_of(desk_office).number
        for personal in ("wati@example.org", "Wati", "Akta sudah diperiksa", "Cepat"):
            assert personal not in answer.text
        assert [(each.verb, each.subject) for each in desk_office.rows(AccessRecord)] == [("exported", "trail")]
        assert "export.jsonl" not in web.as_("Budi").get(f"/offices/{desk_office.id}/trail").text


class TestAccessLog:
    def test_who_looked_at_what_with_filters_and_as_a_file(self, web: Web, desk_office: DeskOffice) -> None:
        transaction = a_served_transaction(desk_office)
        budi, ratna = web.as_("Budi"), web.as_("Ratna")
        budi.get(f"/offices/{desk_office.id}/transactions/{transaction}")
        path = f"/offices/{desk_office.id}/access-log"
        ratna.speak("en")
        page = ratna.get(path)
        assert "transaction file A002" in page.said
        assert page.queries <= 12
        mine = f"person={desk_office.ratna.id}&verb=looked&subject=access_log&from=2026-03-02&to=2026-03-02"
        page = ratna.get(f"{path}?{mine}")
        assert "A002" not in page.said
        assert "Nothing recorded here" in ratna.get(f"{path}?to=2026-03-01").said
        assert "A002" in ratna.get(f"{path}?from=0001-01-01&to=9999-12-31").said
        for ending in ("", ".csv"):
            wrong = ratna.get(f"{path}{ending}?person=x&verb=y&subject=z", status=422)
            assert wrong.text.count('aria-invalid="true"') == 3
            assert "“z” is not in this list" in wrong.said and "A002" not in wrong.said

        rows = [*csv.reader(io.StringIO(ratna.get(f"{path}.csv?person={desk_office.budi.id}").text))]
        assert rows[0][:4] == ["Time", "Person", "Action", "What"]
        assert [row[1:5] for row in rows[1:]] == [["Budi", "looked at", "transaction file", "A002"]]
        looks = [(each.verb, each.subject) for each in desk_office.rows(AccessRecord, person_id=desk_office.ratna.id)]
        assert looks == [("looked", "access_log")] * 6 + [("exported", "access_log")]

    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ("from=2026-12-01&to=2026-11-01", "The last day lies before the first"),
            ("from=x", "“x” is no day of the calendar"),
            ("from=2026-03-02&to=2026-02-30", "“2026-02-30” is no day of the calendar"),
        ],
    )
    def test_days_that_make_no_sense(self, web: Web, desk_office: DeskOffice, asked: str, sentence: str) -> None:
        ratna = web.as_("Ratna")
        ratna.speak("en")
        for path in ("access-log", "access-log.csv"):
            page = ratna.get(f"/offices/{desk_office.id}/{path}?{asked}", status=422)
            assert sentence in page.said and 'aria-invalid="true"' in page.text
            assert "Nothing recorded here" not in page.said
            assert page.form(f"/offices/{desk_office.id}/access-log")["from"] in asked
        assert {each.verb for each in desk_office.rows(AccessRecord)} == {"looked"}

    def test_reports_and_slips_are_named_in_the_reader_s_language(self, web: Web, desk_office: DeskOffice) -> None:
        desk_office.sari.signs_on(1)
        desk_office.dewi.signs_on(2)
        desk_office.arrives()
        handoff = desk_office.sari.offers(desk_office.sari.serves(), desk_office.dewi)
        budi, ratna = web.as_("Budi"), web.as_("Ratna")
        budi.get(f"/offices/{desk_office.id}/reports/waiting")
        budi.get(f"/offices/{desk_office.id}/reports/fairness")
        budi.get(f"/offices/{desk_office.id}/reports/coverage")
        budi.get(f"/offices/{desk_office.id}/reports/ikm/sheet.pdf", status=422)
        budi.get(f"/offices/{desk_office.id}/handoffs/{handoff}/slip")
        page = ratna.get(f"/offices/{desk_office.id}/access-log?person={desk_office.budi.id}")
        for words in (
            "Laporan: Menunggu",
            "Laporan: Panggilan di luar urutan",
            "Laporan: Cakupan survei",
            "lembar publikasi indeks",
            "lembar disposisi",
        ):
            assert words in page.said
        narrowed = ratna.get(f"/offices/{desk_office.id}/access-log?subject=report+waiting")
        assert "tbody" in narrowed.text
        rows = [each for each in narrowed.text.split("<tr")[2:] if "Laporan:" in each]
        assert len(rows) == 1

    def test_fifty_a_page_and_older_ones(self, web: Web, desk_office: DeskOffice) -> None:
        ratna = web.as_("Ratna")
        looks = [{**LOOK, "office_id": desk_office.id, "at": desk_office.clock.now, "subject_id": n} for n in range(60)]
        with desk_office.streams.engine.begin() as connection:
            connection.execute(insert(AccessRecord), looks)
        page = ratna.get(f"/offices/{desk_office.id}/access-log?subject=handoff")
        (older,) = re.findall(r'href="([^"]*before=[^"]*)"', page.text)
        last = ratna.get(html.unescape(older))

        assert (page.text.count("<tr"), last.text.count("<tr")) == (51, 11)
        assert "Tampilkan yang lebih lama" not in last.said

    def test_a_name_that_a_spreadsheet_would_calculate(self, web: Web, desk_office: DeskOffice) -> None:
        with desk_office.streams.setting_up() as connection:
            connection.execute(text("UPDATE people SET name = '=1+1' WHERE name = 'Budi'"))
        web.as_("Budi").get(f"/offices/{desk_office.id}/access-log")
        assert "'=1+1" in web.as_("Ratna").get(f"/offices/{desk_office.id}/access-log.csv").text


class TestOnPaper:
    @pytest.mark.parametrize("language", ["id", "en"])
    def test_the_pdf_tells_the_story_without_personal_data(
        self, web: Web, desk_office: DeskOffice, language: str
    ) -> None:
        with desk_office.streams.setting_up() as connection:
            connection.execute(text("UPDATE people SET name = 'Dewi Ñ̃ Łőďęý Nguyễn' WHERE name = 'Dewi'"))
        transaction = a_served_transaction(desk_office)
        ratna = web.as_("Ratna")
        ratna.speak(language)
        path = f"/offices/{desk_office.id}/transactions/{transaction}/file.pdf"
        answer = ratna.client.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        said, pages = words_of(answer.data)
        event, counter = {"en": ("event", "Counter 1"), "id": ("kejadian", "Loket 1")}[language]
        for words in ("A002", "Sari", "Nguyễn", counter, "A001", f"{event} {head_of(desk_office).number}", "Ratna"):
            assert words in said
        for personal in ("Wati", "wati@example.org", "Akta sudah diperiksa", "Cepat"):
            assert personal not in said
        assert pages >= 1
        assert ratna.get(f"{path}?personal=1", status=403)
        looks = [(each.verb, each.subject, each.subject_id) for each in desk_office.rows(AccessRecord)]
        assert looks == [("exported", "transaction", transaction)]

    def test_a_supervisor_may_ask_for_personal_data_and_that_is_recorded(
        self, web: Web, desk_office: DeskOffice
    ) -> None:
        transaction = a_served_transaction(desk_office)
        budi = web.as_("Budi")
        page = budi.get(f"/offices/{desk_office.id}/transactions/{transaction}")
        assert "file.pdf?personal=1" in page.text
        assert "personal=1" not in web.as_("Ratna").get(f"/offices/{desk_office.id}/transactions/{transaction}").text
        answer = budi.client.get(f"/offices/{desk_office.id}/transactions/{transaction}/file.pdf?personal=1")
        said, _ = words_of(answer.data)
        for personal in ("Wati", "wati@example.org", "Akta sudah diperiksa", "Cepat"):
            assert personal in said
        subjects = [each.subject for each in desk_office.rows(AccessRecord, person_id=desk_office.budi.id)]
        assert subjects == ["transaction", "transaction_personal"]

    def test_a_changed_event_shows_on_paper(self, web: Web, desk_office: DeskOffice) -> None:
        transaction: int = desk_office.arrives().facts["transaction"]
        forge(desk_office, "UPDATE events SET at = at + 1 WHERE transaction_id IS NOT NULL")
        budi = web.as_("Budi")
        budi.speak("en")
        path = f"/offices/{desk_office.id}/transactions/{transaction}"
        said, _ = words_of(budi.client.get(f"{path}/file.pdf").data)
        assert "is not what was signed" in said
        assert budi.get(f"/offices/{desk_office.id}/transactions/{transaction + 1}/file.pdf", status=404)
