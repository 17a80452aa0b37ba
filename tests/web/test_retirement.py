"""Closing an office for good on its page, what visitors, devices and staff see of it afterwards, and the way back."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from desk.domain.access import SYSTEM, Role
from desk.models import InvitationRow, Membership, Office, Person
from desk.operations.requests import Request
from desk.operations.settings.retiring_offices import bring_back, retire
from tests.fixtures.office import DeskOffice
from tests.fixtures.page_tree import words
from tests.fixtures.web import PASSWORD, Web, everything
from tests.web.test_devices import paired

CLOSED = {"id": "Kantor ini tutup untuk seterusnya", "en": "This office is closed for good"}


def of(office: DeskOffice, rest: str = "retirement") -> str:
    return f"/offices/{office.id}/{rest}"


def closed(office: DeskOffice) -> None:
    retire(office.streams, office.id, Request(SYSTEM, "retire_office", {}))


def opened(office: DeskOffice) -> None:
    bring_back(office.streams, office.id, Request(SYSTEM, "bring_office_back", {}))


def is_retired(office: DeskOffice) -> bool:
    with office.streams.reading() as connection:
        return connection.execute(Office.__table__.select().where(Office.id == office.id)).one().retired_at is not None


def test_with_its_name_typed_and_back(web: Web, desk_office: DeskOffice) -> None:
    desk_office.another()
    agus, path = web.as_("Agus"), of(desk_office)
    agus.speak("en")
    page = agus.get(of(desk_office, "office-settings"))
    assert f'href="{path}"' in page.text
    page = agus.get(path)
    assert "Nothing is deleted" in page.said and "still at work" not in page.said
    before = everything(desk_office)
    for typed, told in (("", "Type the name of the office"), ("Kantor lain", "not the name of this office")):
        assert told in agus.send(page, path, status=422, name=typed).said
    assert everything(desk_office) == before

    page = agus.follow(agus.send(page, path, name=" kpknl  contoh "))
    assert is_retired(desk_office)
    assert "Retired. Nobody takes a number" in page.text and "Retired since" in page.said
    assert "The office is retired" in agus.get(of(desk_office, "changes-of-settings")).said
    page = agus.follow(agus.send(page, f"{path}/removal"))
    assert not is_retired(desk_office) and "Brought back" in page.text


def test_what_is_under_way_is_said_with_counts(web: Web, desk_office: DeskOffice) -> None:
    desk_office.another()
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    agus, path = web.as_("Agus"), of(desk_office)
    agus.speak("en")
    counts = "Visitors waiting: 1; transactions not ended: 1;"
    page = agus.get(path)
    assert counts in page.said and "on duty: 1." in page.said
    assert counts in agus.send(page, path, status=409, name="KPKNL Contoh").said
    assert not is_retired(desk_office)


def test_the_last_office_stays(web: Web, desk_office: DeskOffice) -> None:
    agus, path = web.as_("Agus"), of(desk_office)
    agus.speak("en")
    page = agus.get(path)
    assert "last office in use" in page.said
    assert "last office in use" in agus.send(page, path, status=409, name="KPKNL Contoh").said


def test_who_showed_long_ago_that_it_is_them_does_so_again(web: Web, desk_office: DeskOffice) -> None:
    desk_office.another()
    agus, path = web.as_("Agus"), of(desk_office)
    page = agus.get(path)
    desk_office.clock.tick(timedelta(minutes=11).total_seconds())
    assert agus.get(path, status=303).location.startswith("/account/")
    agus.send(page, path, name="KPKNL Contoh")
    assert not is_retired(desk_office)


def test_who_does_not_keep_the_server_reads_who_does(web: Web, desk_office: DeskOffice) -> None:
    other = desk_office.another()
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Person).values(keeps_server=Person.id == other.agus.id))
    agus, path = web.as_("Agus"), of(desk_office)
    agus.speak("en")
    page = agus.get(path)
    assert f'action="{path}"' not in page.text and "Whoever keeps the server" in page.said
    agus.post(path, status=403, name="KPKNL Contoh")
    closed(desk_office)
    assert f'action="{path}/removal"' not in agus.get(path).text
    agus.post(f"{path}/removal")
    assert "Whoever keeps the server" in agus.get(path).said
    assert is_retired(desk_office)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("face", ["kiosk", "kiosk/start", "kiosk/tiles", "kiosk/return", "check-in", "check-in/tiles",
                                  "display", "display/board", "enter/abc"])  # fmt: skip
def test_visitors_are_told_kindly(web: Web, desk_office: DeskOffice, face: str, language: str) -> None:
    desk_office.another()
    closed(desk_office)
    web.speak(language)
    page = web.get(of(desk_office, face), status=410)
    assert CLOSED[language] in page.said and "KPKNL Contoh" in page.said
    opened(desk_office)
    web.get(of(desk_office, face), status=303 if face in ("kiosk/start", "enter/abc") else 200)


def test_no_form_that_was_open_gives_a_number(web: Web, desk_office: DeskOffice) -> None:
    desk_office.another()
    service, take = desk_office.services["A"], of(desk_office, "visits")
    pages = [web.get(of(desk_office, f"{where}/services/{service}")) for where in ("kiosk", "check-in")]
    budi = web.as_("Budi")
    desk = budi.get(of(desk_office, "reception"))
    closed(desk_office)
    before = everything(desk_office)
    for page in pages:
        assert CLOSED["id"] in web.send(page, take, status=410).said
    answer = budi.send(desk, of(desk_office, "reception/visits"), status=409, services=str(service))
    assert "tutup untuk seterusnya" in answer.said
    assert everything(desk_office) == before


@pytest.mark.parametrize("kind", ["kiosk", "display", "door", "tablet"])
def test_a_paired_device_goes_to_that_page_and_comes_back(web: Web, desk_office: DeskOffice, kind: str) -> None:
    desk_office.another()
    agus = web.as_("Agus")
    paired(agus, web, kind, **({"counter": str(desk_office.counters[1])} if kind == "tablet" else {}))
    face = web.get("/device", status=303).location
    before = web.get("/device/now").text

    closed(desk_office)
    after = web.get("/device/now").text
    assert after != before and 'data-device-version=""' not in after
    page = web.get(face, status=410)
    assert CLOSED["id"] in page.said and 'data-beat="/device/beats"' in page.text
    web.post("/device/beats", status=204)
    assert "Alat" in agus.get(of(desk_office, "devices")).said

    opened(desk_office)
    assert web.get("/device/now").text == before
    assert CLOSED["id"] not in web.get(face, status=303 if kind == "kiosk" else 200).text


def test_the_start_page_shows_it_to_its_staff_only_and_last(web: Web, desk_office: DeskOffice) -> None:
    other = desk_office.another()
    closed(desk_office)
    web.speak("en")
    page = web.get("/")
    assert f"/offices/{desk_office.id}/" not in page.text and f"/offices/{other.id}/kiosk" in page.text
    sari = web.as_("Sari")
    sari.speak("en")
    page = sari.get("/")
    assert page.text.index(f'id="office-{other.id}"') < page.text.index(f'id="office-{desk_office.id}"')
    assert f'href="/offices/{desk_office.id}/counter"' in page.text
    assert "Retired" in page.said and f'href="/offices/{desk_office.id}/kiosk"' not in page.text


def test_who_works_in_several_begins_where_it_goes_on_and_finds_it_last(web: Web, desk_office: DeskOffice) -> None:
    other = desk_office.another("aaa")
    with desk_office.streams.setting_up() as connection:
        row = {"person_id": desk_office.sari.id, "office_id": other.id, "role": Role.AGENT.value, "is_guest": True}
        connection.execute(Membership.__table__.insert(), row)
    closed(desk_office)
    sari = web.another()
    signed_in = sari.send(sari.get("/sign-in"), "/sign-in", username="sari.kpknl", password=PASSWORD)
    assert signed_in.location == of(other, "counter")
    sari.speak("en")
    page = sari.get(of(other, "counter"))
    switch = next(each for each in page.tree.named("details") if each.get("class") == "switch")
    names = [words(each) for each in switch.iter("a")]
    assert names[-1] == "KPKNL Contoh (retired)" and len(names) == 2
    assert "KPKNL Contoh (retired)" in sari.get("/account").said


def test_staff_read_and_export_as_before_and_are_told(web: Web, desk_office: DeskOffice) -> None:
    desk_office.another()
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    desk_office.sari.completes(transaction)
    desk_office.sari.signs_off()
    closed(desk_office)
    for name, paths in {
        "Budi": ("today", "floor", "gaps", "reports/waiting", f"transactions/{transaction}", "follow-ups"),
        "Ratna": ("trail", "reports/work"),
        "Agus": ("checklist", "staff", "changes-of-settings", "counter-settings"),
        "Sari": ("counter",),
    }.items():
        browser = web.as_(name)
        browser.speak("en")
        for path in paths:
            assert "This office is retired" in browser.get(of(desk_office, path)).said, path
    assert "TransactionCompleted" in web.as_("Ratna").get(of(desk_office, "trail/export.jsonl")).text
    page = web.as_("Agus").get(of(desk_office, "checklist"))
    assert "tidak memerlukan apa-apa" in page.said and "setup-steps" not in page.text


def test_pages_and_surveys_of_past_visits_still_open(web: Web, desk_office: DeskOffice) -> None:
    desk_office.another()
    desk_office.sari.signs_on(1)
    visit = desk_office.arrives("A").facts["visit"]
    transaction = desk_office.sari.serves()
    desk_office.sari.completes(transaction)
    desk_office.sari.signs_off()
    closed(desk_office)
    web.get(web.status_path(visit))
    invitation = desk_office.row(InvitationRow, transaction_id=transaction)
    assert CLOSED["id"] not in web.get(web.survey_path(invitation.id)).said
