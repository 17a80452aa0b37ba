"""The pages of the calendars: who sees and changes what, what comes back with errors, and files line by line."""

from datetime import date

import pytest

from desk.domain.facts import EventName
from desk.models import Office
from desk.reads.calendar_sheets import find_calendar_sheet

LIST, SHEET = "/offices/1/calendars", "/offices/1/calendars/2"

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def agus(web):
    """An administrator."""
    return web.as_("Agus")


def kept(office, calendar=2):
    with office.streams.reading() as connection:
        return find_calendar_sheet(connection, office.id, calendar)


def post(browser, page, noun, *, status=303, **fields):
    return browser.send(browser.get(page), f"{SHEET}/{noun}", status=status, **fields)


def test_everybody_who_may_reads_and_only_keepers_get_forms(web):
    for name in ("Agus", "Budi", "Ratna"):
        browser = web.as_(name)
        for language in ("id", "en"):
            browser.speak(language)
            for path in (LIST, SHEET):
                page = browser.get(path)
                assert "Jam kantor" in page.said and "08.00–12.15, 13.00–16.00" in page.text
                assert (f'action="{SHEET}/weeks"' in page.text) is (name != "Ratna" and path == SHEET)
                assert page.queries <= 16
    web.as_("Sari").get(LIST, status=403)
    web.as_("Ratna").post(f"{SHEET}/weeks", status=403)


def test_a_new_calendar_with_its_hours(agus, desk_office):
    page = agus.get(LIST)
    wrong = agus.send(page, LIST, status=422, name="Pagi", monday="12.00-08.00")
    assert "berakhir sebelum dimulai" in wrong.said
    taken = agus.send(page, LIST, status=409, name=kept(desk_office).name.upper(), monday="08.00-12.00")
    assert "sudah dipakai" in taken.said and 'id="calendar-name-error"' in taken.text and "08.00-12.00" in taken.text
    assert "(opsional)" not in taken.text.partition('id="calendar-monday"')[0].rpartition("<form")[2]
    empty = agus.send(page, LIST, status=422, name="Pagi")
    assert "tidak akan memiliki jam buka" in empty.said
    done = agus.send(wrong, LIST, monday="08.00-12.00")

    assert done.location == "/offices/1/calendars/3"
    assert "08.00–12.00" in agus.follow(done).said


def test_other_hours_from_a_date_on(agus, desk_office):
    late = post(agus, SHEET, "weeks", status=422, since="2026-03-01")
    assert "Pilih tanggal lain" in late.said
    post(agus, SHEET, "weeks", since="2026-04-01", monday="09.00-10.00")

    assert [week.since for week in kept(desk_office).weeks] == [date(2020, 1, 1), date(2026, 4, 1)]
    assert kept(desk_office).version == 2


def test_a_date_is_closed_opened_specially_and_cleared(agus, desk_office):
    post(agus, SHEET, "closures", day="2026-03-19", name="Nyepi", kind="national")
    twice = post(agus, SHEET, "closures", status=409, day="2026-03-19", name="Nyepi")
    assert "sudah memiliki catatan" in twice.said
    nonsense = post(agus, SHEET, "special-openings", status=422, day="2026-03-19", name="X", hours="pagi")
    assert "tidak terbaca" in nonsense.said
    post(agus, SHEET, "special-openings", day="2026-03-19", name="Layanan khusus", hours="08.00-10.00")
    assert "Jam khusus: 08.00–10.00" in agus.get(SHEET).said
    closed_again = agus.post(f"{SHEET}/cleared-days", day="2026-03-19")
    assert "Tanggal itu tutup lagi" in agus.follow(closed_again).text
    assert [each.name for each in kept(desk_office).closed] == ["Nyepi"]
    agus.post(f"{SHEET}/cleared-days", day="2026-03-19")
    agus.post(f"{SHEET}/cleared-days", day="kemarin", status=422)

    assert kept(desk_office).days == set()
    assert len(desk_office.rows_of_event(EventName.CALENDAR_CHANGED)) == 4


def test_the_holidays_of_a_year_are_shown_before_they_are_taken_over(agus, desk_office):
    page = agus.get(f"{SHEET}/holidays?year=2026")
    assert "Hari Suci Nyepi" in page.said and "Cuti bersama" in page.said
    assert kept(desk_office).closed == []
    agus.post(f"{SHEET}/holidays", year=2026, day=["2026-03-19", "2026-03-18", "2026-07-07"])

    assert [(each.day.day, each.kind) for each in kept(desk_office).closed] == [(18, "collective"), (19, "national")]
    again = agus.get(f"{SHEET}/holidays?year=2026")
    assert "sudah ada di kalender" in again.said
    agus.post(f"{SHEET}/holidays", year=2026)
    assert kept(desk_office).version == 2


class TestImports:
    ROWS = "2026-03-18,Cuti Bersama\nbesok,Libur\n2026-03-20,Cuti Bersama"

    def test_good_lines_are_taken_over(self, agus, desk_office):
        done = post(agus, SHEET, "imports", rows="tanggal;nama\n18/03/2026;Cuti Bersama Nyepi")

        assert "1 tanggal kini ditutup" in agus.follow(done).said
        assert [(each.name, each.kind) for each in kept(desk_office).closed] == [("Cuti Bersama Nyepi", "collective")]

    def test_refused_lines_are_told_one_by_one_and_nothing_is_lost(self, agus, desk_office):
        back = post(agus, SHEET, "imports", status=422, rows=self.ROWS)
        assert "1 baris ditolak" in back.said and "besok,Libur" in back.said
        assert kept(desk_office).closed == []
        assert back.form(f"{SHEET}/imports")["rows"].splitlines() == self.ROWS.splitlines()

        agus.send(back, f"{SHEET}/imports", keep="y")
        assert [each.day.day for each in kept(desk_office).closed] == [18, 20]

    @pytest.mark.parametrize("rows", ["", "\n\n", "kacau"])
    def test_nothing_to_take_over(self, agus, desk_office, rows):
        assert post(agus, SHEET, "imports", status=422, rows=rows, keep="y")
        assert kept(desk_office).closed == []

    def test_an_uploaded_file_of_mixed_encodings(self, agus, desk_office):
        from io import BytesIO

        data = b"2026-03-18,Cuti\n2026-03-20,Caf\xe9\n"
        answer = agus.client.post(
            f"{SHEET}/imports",
            data={"csrf_token": agus.csrf_token(), "kind": "collective", "file": (BytesIO(data), "cuti.csv")},
        )
        assert answer.status_code == 422
        assert "CSV UTF-8" in answer.get_data(as_text=True)


def test_a_service_keeps_another_calendar(agus):
    path = "/offices/1/calendar-assignments"
    page = agus.get(LIST)
    late = agus.send(page, path, status=422, service="1", calendar="2", since="2020-01-01")
    assert "Pilih tanggal lain" in late.said
    agus.send(page, path, service="1", calendar="2", since="2026-03-03")
    agus.send(page, path, status=422, service="99", calendar="2")

    assert "Sel, 3 Mar 2026" in agus.get(LIST).said


def test_the_rules_of_the_clock(agus, desk_office):
    path = "/offices/1/clock-rules"
    page = agus.get(LIST)
    agus.send(page, path, status=422, risk_percent="0")
    agus.send(page, path, causes="visitor", risk_percent="70")

    with desk_office.streams.reading() as connection:
        office = connection.execute(Office.__table__.select()).one()
    assert (office.clock_causes, office.risk_percent) == (["visitor"], 70)


@pytest.mark.parametrize("calendar", [0, 9, 2**40])
def test_what_is_not_there_is_not_there(agus, calendar):
    agus.get(f"/offices/1/calendars/{calendar}", status=404)
    agus.get(f"/offices/1/calendars/{calendar}/holidays", status=404)
    agus.post(f"/offices/1/calendars/{calendar}/cleared-days", status=404, day="2026-03-19")


def test_a_calendar_is_renamed_and_retired_and_plans_are_taken_back(agus, desk_office):
    agus.speak("en")
    page = post(agus, SHEET, "name", status=422, name="x" * 121)
    assert "at most 120 characters" in page.said and 'id="rename-name-error"' in page.text
    post(agus, SHEET, "name", name="Jam layanan")
    assert "Jam layanan" in agus.get(LIST).said and "Retire it now" not in agus.get(SHEET).text
    kept_still = agus.follow(agus.post(f"{SHEET}/retirement"))
    assert "the services with these letters: C" in kept_still.said

    post(agus, SHEET, "weeks", since="2026-04-01", monday="09.00-10.00")
    agus.send(agus.get(LIST), "/offices/1/calendar-assignments", service="1", calendar="2", since="2026-04-01")
    assert agus.get(SHEET).text.count("/cleared-assignments") == agus.get(LIST).text.count("/cleared-assignments") == 1
    assert (
        "what was promised stays promised" in agus.follow(agus.post(f"{SHEET}/cleared-weeks", since="2026-04-01")).said
    )
    agus.post(f"{SHEET}/cleared-assignments", service="1", since="2026-04-01")
    assert "no longer possible" in agus.follow(agus.post(f"{SHEET}/cleared-weeks", since="2020-01-01")).said
    assert "/cleared-" not in agus.get(SHEET).text.replace("/cleared-days", "")
    for noun in ("cleared-weeks", "cleared-assignments"):
        agus.post(f"{SHEET}/{noun}", status=422, since="besok")
        agus.post(f"/offices/1/calendars/9/{noun}", status=404, since="2026-04-01")

    spare = agus.send(agus.get(LIST), LIST, name="Puasa", since="2026-03-02", monday="08.00-12.00").location
    agus.post(f"{spare}/retirement")
    assert f'href="{spare}"' in agus.get(LIST).text and ">Puasa</option>" not in agus.get(LIST).text
    assert ">Puasa</option>" not in agus.get("/offices/1/administration/services/new").text
    retired = agus.get(spare)
    assert "Retired" in retired.said and "/weeks" not in retired.text
    agus.send(agus.get(LIST), LIST, name="Puasa", since="2026-03-02", monday="08.00-12.00")
    taken = agus.send(retired, f"{spare}/return", status=409, name="Puasa")
    assert 'id="return-name-error"' in taken.text
    agus.send(taken, f"{spare}/return", name="Puasa lama")
    assert not kept(desk_office, 3).retired and kept(desk_office, 3).name == "Puasa lama"
    told = agus.get("/offices/1/changes-of-settings").said
    for words in ("Calendar: name", "Jam layanan", "Calendar: retired", "Calendar: planned hours taken back"):
        assert words in told
