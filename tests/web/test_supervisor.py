"""The supervisor's face: the list of today, the file of a transaction, closing the day, the clock."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from desk.domain.reasons import DeclineReason, HandoffReason, PickReason, PriorityReason
from desk.models import AccessRecord, InvitationRow, Note
from desk.reads import today
from tests.fixtures.office import DeskOffice
from tests.fixtures.pdf_words import words_of
from tests.fixtures.web import Web


def a_served_transaction(office: DeskOffice) -> int:
    """Wati is called out of order, handed from Sari to Dewi with a note, and finished."""
    office.arrives()
    office.clock.tick(300)
    transaction: int = office.arrives("A", name="Wati", email="wati@example.org", consent=True).facts["transaction"]
    office.clock.tick(240)
    office.sari.signs_on(1)
    office.dewi.signs_on(2)
    office.sari.picks(transaction, reason=PickReason.FRAIL_NOW)
    office.clock.tick(20)
    office.sari.starts(transaction)
    office.clock.tick(400)
    first = office.sari.offers(transaction, office.dewi, note="Akta sudah diperiksa")
    office.clock.tick(30)
    office.dewi.declines(first, DeclineReason.BUSY)
    office.dewi.accepts(office.sari.offers(transaction, office.dewi, reason=HandoffReason.NEXT_STEP))
    office.clock.tick(90)
    office.dewi.completes(transaction)
    office.answers(office.row(InvitationRow).id, 4, comment="Cepat")
    return transaction


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_file_tells_the_whole_story(web: Web, desk_office: DeskOffice, language: str) -> None:
    transaction = a_served_transaction(desk_office)
    budi = web.as_("Budi")
    budi.speak(language)
    page = budi.get(f"/offices/{desk_office.id}/transactions/{transaction}")
    counter = {"id": "Loket 1", "en": "Counter 1"}[language]
    for words in ("A002", "Akta sudah diperiksa", "Sari", "Dewi", counter, "A001", "Cepat"):
        assert words in page.said
    assert "wati@example.org" not in page.text
    intact = {"id": "tanda tangan utuh", "en": "signatures intact"}[language]
    assert intact in page.said
    assert page.queries <= 23


def test_a_question_that_was_taken_back_is_not_called_asked(web: Web, desk_office: DeskOffice) -> None:
    desk_office.sari.signs_on(1)
    desk_office.arrives()
    transaction = desk_office.sari.serves()
    desk_office.sari.completes(transaction)
    budi = web.as_("Budi")
    budi.speak("en")
    file = f"/offices/{desk_office.id}/transactions/{transaction}"
    assert "Taken back" not in budi.get(file).said

    desk_office.budi.reopens(transaction)

    assert "Taken back when the transaction was opened again" in budi.get(file).said


@pytest.mark.parametrize(
    ("language", "expected"), [("id", "08.00.07,1 jam 2 menit 5 detik"), ("en", "08:00:07,1 h 2 min 5 s")]
)
def test_the_file_is_told_second_by_second(web: Web, desk_office: DeskOffice, language: str, expected: str) -> None:
    desk_office.sari.signs_on(1)
    desk_office.clock.tick(7)
    desk_office.arrives()
    desk_office.clock.tick(3725)
    transaction = desk_office.sari.serves()
    budi = web.as_("Budi")
    budi.speak(language)
    page = budi.get(f"/offices/{desk_office.id}/transactions/{transaction}")
    for words in expected.split(","):
        assert words in page.said
    pdf, _ = words_of(budi.client.get(f"/offices/{desk_office.id}/transactions/{transaction}/file.pdf").data)
    pressed = pdf.replace(" ", "")  # cells break lines between words
    assert "08:00:07" in pressed and expected.split(",")[1].replace(" ", "") in pressed


def test_the_story_says_on_which_day_it_goes_on(web: Web, desk_office: DeskOffice) -> None:
    desk_office.sari.signs_on(1)
    desk_office.arrives()
    transaction = desk_office.sari.serves()
    desk_office.sari.processes(transaction)
    desk_office.clock.tick(17 * 24 * 3600)
    desk_office.sari.completes(transaction)
    page = web.as_("Budi").get(f"/offices/{desk_office.id}/transactions/{transaction}")
    assert [page.text.count(f'"timeline-day">{day}<') for day in ("Sen, 2 Mar 2026", "Kam, 19 Mar 2026")] == [1, 1]


def test_a_look_is_recorded(web: Web, desk_office: DeskOffice) -> None:
    transaction: int = desk_office.arrives().facts["transaction"]
    web.as_("Ratna").get(f"/offices/{desk_office.id}/transactions/{transaction}")
    (look,) = desk_office.rows(AccessRecord)
    assert (look.person_id, look.subject_id) == (desk_office.ratna.id, transaction)


def test_a_look_through_the_console_is_recorded_where_it_is_no_work_of_ones_own(
    web: Web, desk_office: DeskOffice
) -> None:
    desk_office.sari.signs_on(1)
    desk_office.arrives()
    transaction = desk_office.sari.serves()
    console = f"/offices/{desk_office.id}/counter?transaction={transaction}"
    web.as_("Sari").get(console)
    assert desk_office.rows(AccessRecord) == []

    page = web.as_("Budi").get(console)

    (look,) = desk_office.rows(AccessRecord)
    assert (look.person_id, look.subject, look.subject_id) == (desk_office.budi.id, "transaction", transaction)
    assert f'href="{console}&amp;language=en"' in page.text


def test_a_changed_event_shows(web: Web, desk_office: DeskOffice) -> None:
    transaction: int = desk_office.arrives().facts["transaction"]
    with desk_office.engine.begin() as connection:
        drops = ["DROP TRIGGER IF EXISTS events_refuse_update"]
        if connection.dialect.name == "postgresql":
            drops = ["ALTER TABLE events DISABLE TRIGGER USER"]
        for drop in drops:
            connection.execute(text(drop))
        connection.execute(text("UPDATE events SET actor_id = 1 WHERE transaction_id IS NOT NULL"))
    page = web.as_("Budi").get(f"/offices/{desk_office.id}/transactions/{transaction}")
    assert "proof-broken" in page.text


def test_the_list_of_today(web: Web, desk_office: DeskOffice) -> None:
    transaction = a_served_transaction(desk_office)
    desk_office.arrives("B", priority_reason=PriorityReason.ELDERLY)
    desk_office.clock.tick(3600)
    budi = web.as_("Budi")
    page = budi.get(f"/offices/{desk_office.id}/today")
    for words in ("A001", "A002", "B001", "Loket 1"):
        assert words in page.said
    assert f"/offices/{desk_office.id}/transactions/{transaction}" in page.text
    assert page.queries <= 16
    late = budi.get(f"/offices/{desk_office.id}/today?late=1&q=b001")
    assert "B001" in late.said and "A002" not in late.said
    fragment = budi.get(f"/offices/{desk_office.id}/today/list?state=completed")
    assert "A002" in fragment.text and "B001" not in fragment.text
    wrong = budi.get(f"/offices/{desk_office.id}/today?state=banana&service=99", status=422)
    assert "banana" in wrong.said and "B001" not in wrong.said
    assert wrong.text.count('aria-invalid="true"') == 2


def test_the_open_ones_come_first_and_the_ended_ones_by_pages(
    web: Web, desk_office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "PAGE", 2)
    desk_office.sari.signs_on(1)
    for _ in range(3):
        desk_office.arrives()
        desk_office.sari.completes(desk_office.sari.serves())
    desk_office.arrives("B")
    with desk_office.streams.reading() as connection:
        days = [today.read_day(connection, desk_office.id, at=desk_office.clock.now, page=n) for n in (1, 2, 9)]
    budi = web.as_("Budi")
    page = budi.get(f"/offices/{desk_office.id}/today?q=0")

    assert [[row.number for row in day.rows] for day in days] == [["B001", "A003", "A002"], *[["B001", "A001"]] * 2]
    assert [(day.page, day.pages) for day in days] == [(1, 2), (2, 2), (2, 2)]
    (older,) = re.findall(r'href="([^"]*page=2[^"]*)"', page.text)
    assert "q=0" in older and "A001" in budi.get(older.replace("&amp;", "&")).said and "A001" not in page.said


def test_the_figures_are_of_the_whole_day_and_the_filter_looks_at_all_of_it(desk_office: DeskOffice) -> None:
    desk_office.arrives("B")
    for _ in range(4):
        desk_office.arrives("A")
    asked = {"at": desk_office.clock.now, "most": 2}
    with desk_office.streams.reading() as connection:
        day = today.read_day(connection, desk_office.id, **asked)
        found = today.read_day(connection, desk_office.id, **asked, wanted=today.Filter(number="b"))

    assert (day.figures.transactions, day.figures.waiting) == (5, 5)
    assert [row.number for row in day.rows] == ["A004", "A003"]
    assert [row.number for row in found.rows] == ["B001"]


def test_an_empty_day(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    assert "Nobody has taken a number today" in budi.get(f"/offices/{desk_office.id}/today").said
    desk_office.arrives()
    assert "Nothing fits this filter" in budi.get(f"/offices/{desk_office.id}/today?state=left").said


def test_yesterday_is_gone_from_the_list_but_what_is_open_stays(web: Web, desk_office: DeskOffice) -> None:
    desk_office.sari.signs_on()
    desk_office.arrives()
    kept = desk_office.sari.serves()
    desk_office.sari.processes(kept)
    desk_office.arrives()
    desk_office.sari.completes(desk_office.sari.serves())
    desk_office.clock.tick(24 * 3600)
    said = web.as_("Budi").get(f"/offices/{desk_office.id}/today").said
    assert "A001" in said and "A002" not in said


def test_closing_the_day_asks_first(web: Web, desk_office: DeskOffice) -> None:
    desk_office.arrives()
    budi = web.as_("Budi")
    action = f"/offices/{desk_office.id}/day/closing"
    page = budi.get(action)
    assert "A001" in page.said
    after = budi.follow(budi.send(page, action))
    assert "1" in after.said
    assert desk_office.happened()[-1] == "DayClosed"


def test_the_clock_is_confirmed_after_a_jump(web: Web, desk_office: DeskOffice) -> None:
    desk_office.clock.tick(7200)
    desk_office.arrives()
    desk_office.clock.tick(-7200)
    budi = web.as_("Budi")
    action = f"/offices/{desk_office.id}/clock/confirmation"
    budi.follow(budi.send(budi.get(f"/offices/{desk_office.id}/today"), action))
    assert desk_office.head.epoch == 2
    budi.follow(budi.post(action))


def test_words_are_escaped(web: Web, desk_office: DeskOffice) -> None:
    transaction = a_served_transaction(desk_office)
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Note).values(words="<script>alert(1)</script>"))
    page = web.as_("Budi").get(f"/offices/{desk_office.id}/transactions/{transaction}")
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("name", ["Sari", "Agus"])
def test_others_may_not_look(web: Web, desk_office: DeskOffice, name: str) -> None:
    transaction: int = desk_office.arrives().facts["transaction"]
    browser = web.as_(name)
    for path in ("today", f"transactions/{transaction}", "day/closing"):
        browser.get(f"/offices/{desk_office.id}/{path}", status=403)


def test_an_auditor_changes_nothing(web: Web, desk_office: DeskOffice) -> None:
    ratna = web.as_("Ratna")
    ratna.get(f"/offices/{desk_office.id}/today")
    ratna.post(f"/offices/{desk_office.id}/day/closing", status=403)


def test_what_does_not_exist(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.get(f"/offices/{desk_office.id}/transactions/{desk_office.id << 40 | 999}", status=404)
    budi.get(f"/offices/{desk_office.id}/transactions/7", status=404)
    budi.get(f"/offices/{desk_office.id}/transactions/{9 << 40 | 1}", status=404)
    budi.get("/offices/99/today", status=403)


def test_due_work_that_is_late_is_marked(web: Web, desk_office: DeskOffice) -> None:
    desk_office.sari.signs_on()
    desk_office.arrives()
    transaction = desk_office.sari.serves()
    desk_office.sari.processes(transaction, due_at=desk_office.clock.now + timedelta(hours=1))
    desk_office.clock.tick(7200)
    budi = web.as_("Budi")
    budi.speak("en")
    assert "overdue" in budi.get(f"/offices/{desk_office.id}/today").said
