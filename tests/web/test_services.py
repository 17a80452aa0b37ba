"""The pages of the services and of who serves what: who sees and changes, what comes back, what full looks like."""

from datetime import timedelta

import pytest

from desk.domain.hours import ALWAYS
from desk.models import Calendar, EventRow, PlannedChange, Service, ServiceWording, Skill, Visit
from desk.operations.opening.setting_up import add_calendar
from desk.operations.settings.carrying_out import carry_out_due
from tests.operations.test_keeping_services import changes, settings

SERVICES, SKILLS = "/offices/1/administration/services", "/offices/1/administration/skills"
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
NEW = {
    "name_id": "Pengaduan",
    "name_en": "Complaints",
    "series": "d",
    "icon": "telephone",
    "wait": "20",
    "quota": "2",
    "steps": "5 17\n10: 19 days",
}


@pytest.fixture
def agus(web):
    """An administrator."""
    return web.as_("Agus")


def page_of(office, letter="A"):
    return f"{SERVICES}/{office.services[letter]}"


def new_one(office):
    return {**NEW, "head": str(office.budi.id), "calendar": str(office.rows(Service)[0].calendar_id)}


def test_everybody_who_may_reads_and_only_administrators_get_forms(web, desk_office):
    for name in ("Agus", "Budi", "Ratna"):
        browser = web.as_(name)
        for language in ("id", "en"):
            browser.speak(language)
            for path in (SERVICES, page_of(desk_office), f"{page_of(desk_office)}/preview"):
                page = browser.get(path)
                assert "Lelang" in page.said
                assert page.queries <= 21
        assert (f'action="{page_of(desk_office)}"' in browser.get(page_of(desk_office)).text) is (name == "Agus")
        browser.get(f"{SERVICES}/new", status=200 if name == "Agus" else 403)
        browser.get(SKILLS, status=403 if name == "Ratna" else 200)
    web.as_("Sari").get(SERVICES, status=403)
    web.as_("Budi").post(page_of(desk_office), status=403)


def test_a_service_is_added_with_what_was_typed_and_taken_at_the_kiosk(agus, desk_office):
    office = desk_office
    page = agus.get(f"{SERVICES}/new")
    done = agus.send(page, SERVICES, **new_one(office))
    assert agus.send(page, SERVICES, **new_one(office)).location == done.location  # the same press again

    row = office.rows(Service)[-1]
    assert (row.series, row.icon, row.wait_promise_s, row.daily_quota) == ("D", "telephone", 1200, 2)
    assert row.completion_steps == [[5, 17], [10, 19]]
    office.services["D"] = row.id
    assert "Pengaduan" in agus.get("/offices/1/kiosk").said
    assert "Belum ada yang melayani" in agus.follow(done).said
    assert "Tidak ada yang melayani: D" in agus.get(SERVICES).said


def test_what_is_wrong_comes_back_in_its_field_with_everything_typed(agus, desk_office):
    office = desk_office
    page = agus.get(f"{SERVICES}/new")
    good = new_one(office)
    for wrong, said in [
        ({"series": "A"}, "sudah memakai huruf A"),
        ({"series": "A1"}, "satu sampai tiga huruf"),
        ({"steps": "5 17\n5 19"}, "lebih banyak daripada baris sebelumnya"),
        ({"steps": "lima hari"}, "Baris 1 tidak terbaca"),
        ({"quota": "-1"}, "dari 1 sampai 9.999"),
        ({"quota": "0"}, "dari 1 sampai 9.999"),
        ({"wait": "banyak"}, "dari 1 sampai 1.440"),
        ({"icon": "skull"}, "Pilih"),
        ({"head": "999"}, "Pilih"),
        ({"calendar": ""}, "Pilih kalender"),
        ({"name_en": ""}, "dalam kedua bahasa"),
        ({"fee_id": "x" * 100_000}, "4000 karakter"),
        ({"takes_effect": "never"}, "Pilih"),
        ({"takes_effect": None}, "Isi"),
    ]:
        back = agus.send(page, SERVICES, status=409 if wrong.get("series") == "A" else 422, **{**good, **wrong})
        assert said in back.said.replace("4.000", "4000"), wrong
        assert 'value="Pengaduan"' in back.text
    assert len(office.rows(Service)) == 3
    done = agus.send(back, SERVICES, takes_effect="at_once", **good)
    assert done.status == 303


def test_a_service_is_changed_at_once_or_from_a_later_day_on(agus, desk_office):
    office, path = desk_office, page_of(desk_office)
    same = agus.send(agus.get(path), path)
    assert "Tidak ada yang berbeda" in agus.follow(same).said
    agus.send(agus.get(path), path, quota="5", fee_id="Nihil\nuntuk semua")
    assert office.row(Service, id=office.services["A"]).daily_quota == 5
    assert office.row(ServiceWording).after == "Nihil\nuntuk semua"
    assert "untuk semua" in agus.get(path).said  # what its texts said before, and after

    tomorrow = office.today + timedelta(days=1)
    for due in ("", "kemarin", "2026-03-02"):
        back = agus.send(agus.get(path), path, status=422, takes_effect="on_date", due=due, quota="6")
        assert 'value="6"' in back.text
    assert (
        "Isi hari mulai berlakunya"
        in agus.send(agus.get(path), path, status=422, takes_effect="on_date", due="", quota="6").said
    )
    assert office.row(Service, id=office.services["A"]).daily_quota == 5
    planned = agus.send(agus.get(path), path, takes_effect="on_date", due=tomorrow.isoformat(), quota="6")
    assert "Ada perubahan yang dijadwalkan" in agus.follow(planned).said
    assert (office.row(PlannedChange).due, office.row(Service, id=office.services["A"]).daily_quota) == (tomorrow, 5)

    office.arrives("A")
    back = agus.send(agus.get(path), path, status=409, series="D")
    assert "Hari ini sudah ada nomor dengan huruf A" in back.said
    agus.get(f"{SERVICES}/999", status=404)
    agus.post(f"{SERVICES}/999/retirement", status=404)


def test_the_list_is_ordered_retired_from_and_brought_back_to(agus, desk_office):
    office, path = desk_office, page_of(desk_office)
    agus.post(f"{path}/place", direction="down")
    assert agus.post(f"{path}/place", direction="sideways", status=422)
    assert [each["order"] for each in ordered(agus)] == ["B", "A", "C"]
    agus.send(agus.get(SERVICES), f"{path}/retirement")
    assert "sudah dilakukan" in agus.follow(agus.post(f"{path}/retirement")).said
    assert "Lelang" not in agus.get("/offices/1/kiosk").said
    assert "Dihentikan" in agus.get(path).said
    agus.get(f"{path}/preview")
    agus.send(agus.get(SERVICES), f"{path}/return")
    assert "Lelang" in agus.get("/offices/1/kiosk").said
    assert [name for name, *_ in settings(office)] == ["service_order", "service_retired", "service_retired"]


def ordered(browser):
    found = browser.get("/offices/1/kiosk").tree.named("b")
    return [{"order": "".join(each.itertext())} for each in found if len("".join(each.itertext())) == 1]


def test_a_full_day_says_so_before_a_number_is_taken_and_the_reception_confirms(web, desk_office):
    office = desk_office
    changes(office, daily_quota=1)
    form = web.get(f"/offices/1/kiosk/services/{office.services['A']}")
    office.arrives("A")
    for language, said in (("id", "Nomor untuk hari ini sudah habis"), ("en", "All numbers for today are given out")):
        web.speak(language)
        for path in ("/offices/1/kiosk", "/offices/1/check-in", "/offices/1/kiosk/tiles"):
            assert said in web.get(path).text
    web.speak("id")
    for face in ("kiosk", "check-in"):
        page = web.get(f"/offices/1/{face}/services/{office.services['A']}")
        assert "Nomor untuk hari ini sudah habis" in page.said
        assert 'action="/offices/1/visits"' not in page.text
    late = web.send(form, "/offices/1/visits")  # the page was open when the last number went
    assert "Semua 1 nomor dengan huruf A" in web.follow(late).said

    sari = web.as_("Sari")
    page = sari.get("/offices/1/reception")
    assert "nomor hari ini habis" in page.said
    refused = sari.send(page, "/offices/1/reception/visits", status=409, services=str(office.services["A"]))
    assert "Semua 1 nomor" in refused.said
    sari.send(refused, "/offices/1/reception/visits", beyond_quota="y")
    assert [row.label for row in office.rows(Visit)] == ["A001", "A002"]
    assert "beyond_quota" in office.rows(EventRow, visit_id=office.rows(Visit)[1].id)[0].payload


def test_who_serves_what_is_one_table(web, agus, desk_office):
    office = desk_office
    for browser in (agus, web.as_("Budi")):
        page = browser.get(SKILLS)
        boxes = [each for each in page.tree.named("input") if each.get("name") == "serves"]
        assert len(boxes) == 4 * 3  # Budi, Dewi, Joko, Sari
        assert page.queries <= 20
    ticked = [each.get("value") for each in boxes if each.get("checked") is not None]
    sari = f"{office.sari.id}-{office.services['C']}"
    wanted = {"shown": page.form(SKILLS)["shown"], "serves": [*ticked, sari, "1-x", "-"]}
    done = agus.post(SKILLS, **wanted)
    assert "1 penugasan diubah. Berlaku mulai sekarang." in agus.follow(done).said
    assert office.services["C"] in {row.service_id for row in skills(office) if row.person_id == office.sari.id}
    assert "Tidak ada yang berbeda" in agus.follow(agus.post(SKILLS, **wanted)).said
    alien = agus.post(SKILLS, **{**wanted, "serves": [*ticked, sari, "999-1"]})
    assert "sudah tidak ada" in agus.follow(alien).said


def skills(office):
    with office.streams.reading() as reader:
        return reader.execute(Skill.__table__.select()).all()


def test_two_who_save_the_same_service_undo_nothing_of_each_other(agus, desk_office):
    office, path = desk_office, page_of(desk_office)
    agus.speak("en")
    first, second, third = agus.get(path), agus.get(path), agus.get(path)
    agus.send(first, path, quota="5", fee_id="Nihil")
    agus.send(second, path, wait="20")  # something else: what the other one typed stays
    row = office.row(Service, id=office.services["A"])
    assert (row.daily_quota, row.fee_id, row.wait_promise_s) == (5, "Nihil", 1200)
    back = agus.send(third, path, status=409, quota="7")
    assert "Somebody changed this meanwhile: it is “5” now" in back.said and back.form(path)["quota"] == "7"
    agus.send(back, path)
    row = office.row(Service, id=office.services["A"])
    assert (row.daily_quota, row.fee_id, row.wait_promise_s) == (7, "Nihil", 1200)


def test_a_service_comes_and_goes_on_a_later_day(web, agus, desk_office):
    office, path = desk_office, page_of(desk_office)
    agus.speak("en")
    tomorrow = office.today + timedelta(days=1)
    wanted = {**new_one(office), "takes_effect": "on_date", "due": tomorrow.isoformat()}
    agus.send(agus.get(f"{SERVICES}/new"), SERVICES, **wanted)
    back = agus.send(agus.get(path), path, status=409, takes_effect="on_date", due=tomorrow.isoformat(), series="D")
    assert "has the letter D already" in back.said
    agus.send(agus.get(SERVICES), f"{path}/retirement", due=tomorrow.isoformat())
    twice = agus.send(agus.get(SERVICES), f"{path}/retirement", due=tomorrow.isoformat())
    assert "already" in agus.follow(twice).text
    agus.send(agus.get(SERVICES), f"{path}/retirement", due="soon")
    page = agus.get("/offices/1/planned-changes").said
    assert "A service is retired" in page and "Pengaduan" in page
    assert not office.row(Service, id=office.services["A"]).retired and len(office.rows(Service)) == 3
    office.clock.tick(86_400)
    assert set(carry_out_due(office.streams, office.id).values()) == {"applied"}
    assert office.row(Service, id=office.services["A"]).retired and office.row(Service, series="D").name_id
    agus = web.as_("Agus")
    agus.speak("en")
    changes = agus.get("/offices/1/changes-of-settings").said
    assert "A change was planned: A service is retired" in changes and "Lelang" in changes


def test_a_calendar_that_does_not_open_soon_is_asked_about(agus, desk_office):
    office, path = desk_office, page_of(desk_office)
    agus.speak("en")
    later = office.today + timedelta(days=60)
    add_calendar(office.streams, office.id, "Musim", ALWAYS, since=later)
    calendar = str(next(row.id for row in office.rows(Calendar) if row.name == "Musim"))
    back = agus.send(agus.get(path), path, status=409, calendar=calendar)
    assert "has no open hours in the 14 days from then on" in back.said
    agus.send(back, path, sure="y")
    assigned = "/offices/1/calendar-assignments"
    typed = {"service": str(office.services["B"]), "calendar": calendar}
    back = agus.send(agus.get("/offices/1/calendars"), assigned, status=409, **typed)
    assert "no open hours in the 14 days" in back.said
    agus.send(back, assigned, sure="y")
    changes = agus.get("/offices/1/changes-of-settings").said
    assert "Calendar: kept by a service" in changes and "Musim" in changes and "Selalu" in changes
