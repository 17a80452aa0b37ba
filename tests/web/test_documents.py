"""Complete documents: console, receipt, the visitor's page, the file and its correction; and what looks for you."""

from datetime import timedelta

import pytest

from desk.domain.reasons import CorrectionReason, PauseCause

CONSOLE = "/offices/1/counter"

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def valuation(desk_office):
    """A valuation that Dewi serves."""
    desk_office.dewi.signs_on(2)
    desk_office.arrives("C")
    return desk_office.dewi.serves(counter=2)


@pytest.fixture
def dewi(web, valuation):
    return web.as_("Dewi")


def step(transaction, noun):
    return f"/offices/1/transactions/{transaction}/{noun}"


def test_from_the_console_to_the_receipt(desk_office, web, dewi, valuation):
    dewi.get(step(valuation, "receipt"), status=409)
    page = dewi.get(CONSOLE)
    wrong = dewi.send(page, step(valuation, "document-completions"), status=422, quantity="0", note="Sertifikat")
    assert "Isi jumlah objek" in wrong.said and "Sertifikat" in wrong.text
    done = dewi.send(wrong, step(valuation, "document-completions"), quantity="6")
    card = dewi.follow(done)
    assert "Sesuai janji" in card.said and "27 Mar 2026" in card.said
    assert step(valuation, "document-completions") not in card.text

    for browser in (dewi, web.as_("Ratna")):
        receipt = browser.get(step(valuation, "receipt"))
        for words in ("Sertifikat", "27 Mar 2026", "Penilaian", "C001", "<svg"):
            assert words in receipt.text
        assert receipt.queries <= 11
    visitor = web.get(web.status_path(desk_office.transaction(valuation).visit_id))
    assert "Berkas lengkap pada" in visitor.said and "27 Mar 2026" in visitor.said


def test_not_offered_where_no_working_days_are_promised(desk_office, web):
    desk_office.sari.signs_on(1)
    transaction = desk_office.arrives("A").facts["transaction"]
    desk_office.sari.serves()

    assert "document-completions" not in web.as_("Sari").get(CONSOLE).text
    assert desk_office.transaction(transaction).complete_at is None


def test_a_supervisor_corrects_with_a_reason(desk_office, web, dewi, valuation):
    desk_office.dewi.completes_documents(valuation)
    path = step(valuation, "document-corrections")
    dewi.get(path, status=403)
    budi = web.as_("Budi")
    page = budi.get(path)
    assert "Pilih alasan" in budi.send(page, path, status=422, reason="").said
    assert "Berkas tidak mungkin lengkap pada hari itu" in budi.send(
        page, path, status=422, reason="wrong_day", complete_on="2020-01-01"
    ).said  # fmt: skip
    budi.send(page, path, reason="wrong_quantity", quantity="12")

    file = budi.get(f"/offices/1/transactions/{valuation}")
    assert "Budi memperbaiki catatan kelengkapan berkas: Jumlah keliru" in file.said
    assert "Jumlah objek: 1. Lengkap pada" in file.said and "Jumlah objek: 12. Lengkap pada" in file.said
    assert "Diperbaiki pada" in dewi.get(step(valuation, "receipt")).said
    assert desk_office.transaction(valuation).quantity == 12
    assert budi.get(f"/offices/1/transactions/{valuation}").queries <= 22


def test_a_receipt_made_anew_is_not_a_corrected_one(desk_office, dewi, valuation):
    desk_office.dewi.completes_documents(valuation)
    desk_office.budi.corrects_documents(valuation, CorrectionReason.NOT_COMPLETE)
    desk_office.dewi.completes_documents(valuation)

    assert "Diperbaiki pada" not in dewi.get(step(valuation, "receipt")).said


def test_the_file_shows_both_clocks_frozen_at_the_end(desk_office, web, valuation):
    desk_office.dewi.completes_documents(valuation)
    desk_office.clock.tick(7200)
    desk_office.dewi.completes(valuation)
    budi = web.as_("Budi")
    for language in ("id", "en"):
        budi.speak(language)
        page = budi.get(f"/offices/1/transactions/{valuation}")
    assert "Both stand as they did at the end" in page.said and "2 h 0 min" in page.said
    assert "document-corrections" not in page.text


def test_what_is_due_looks_for_its_holder(desk_office, web, dewi, valuation):
    assert "Perlu Anda periksa" not in dewi.get(CONSOLE).said
    desk_office.dewi.pauses(valuation, due_at=desk_office.clock.now + timedelta(days=7), cause=PauseCause.SYSTEM)
    for days, words in ((4, "Pengingat"), (3, "Lewat tenggat")):
        desk_office.clock.tick(days * 86_400)
        for name, path in (("Dewi", CONSOLE), ("Budi", "/offices/1/today")):
            assert words.lower() in web.as_(name).get(path).said.lower()


def test_a_reminder_comes_before_the_due_time(desk_office, dewi, valuation):
    due, soon = "2026-03-10T16:00", "2026-03-05T09:00"
    path = step(valuation, "pauses")
    page = dewi.get(CONSOLE)
    refused = dewi.send(page, path, status=422, cause="system", due_at=soon, remind_at=due)
    assert "Pilih pengingat sebelum" in refused.said
    dewi.send(refused, path, due_at=due, remind_at=soon)

    assert desk_office.transaction(valuation).remind_at.isoformat() == "2026-03-05T02:00:00+00:00"


def test_today_shows_promises_at_risk(desk_office, web, valuation):
    desk_office.dewi.completes_documents(valuation)
    desk_office.dewi.processes(valuation)
    desk_office.clock.tick(20 * 86_400)
    page = web.as_("Budi").get("/offices/1/today")

    assert "Janji terancam" in page.said and page.queries <= 22


@pytest.mark.parametrize(("language", "expected"), [("id", "Isi jumlah objek"), ("en", "Give the number of objects")])
def test_a_quantity_that_is_no_number_is_refused_once_and_in_words(
    desk_office, web, dewi, valuation, language, expected
):
    dewi.speak(language)
    page = dewi.send(dewi.get(CONSOLE), step(valuation, "document-completions"), status=422, quantity="enam")
    desk_office.dewi.completes_documents(valuation)
    budi, path = web.as_("Budi"), step(valuation, "document-corrections")
    budi.speak(language)
    corrected = budi.send(budi.get(path), path, status=422, reason="wrong_quantity", quantity="enam")
    for answer in (page, corrected):
        assert expected in answer.said
        assert "Not a valid" not in answer.text
        assert "enam" in answer.text
