"""Administrators add people, give them roles, let them in, and sign them out."""

import re

import pytest
from sqlalchemy import insert, select, update

from desk.models import Delivery, Membership, OpenIdIdentity, Person
from tests.fixtures.web import PASSWORD, Answer, Web
from tests.security.test_sessions import sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
CHOSEN = "kucing makan ikan asin"
NEW = {"name": "Wati Lestari", "username": "wati", "roles": ["agent", "supervisor"], "way": "code"}


def staff(web: Web, more: str = "") -> str:
    return f"/offices/{web.office.id}/staff{more}"


def code_on(page: Answer) -> str:
    found = re.search(r"<code>([a-z0-9-]{19})</code>", page.text)
    assert found
    return found[1]


def test_somebody_new_gets_a_code_chooses_a_password_and_is_in(web: Web) -> None:
    agus = web.as_("Agus")
    form = agus.get(staff(web, "/new"))
    page = agus.send(form, staff(web, "/new"), status=200, **NEW)
    code = code_on(page)
    again = agus.send(form, staff(web, "/new"), status=303, **NEW)
    assert "sekali" in agus.follow(again).said, "a repeat adds nobody, and shows no code again"
    browser = web.another()
    done = browser.send(browser.get("/invitation"), "/invitation", code=code, password=CHOSEN)
    browser.follow(done)
    assert "Wati Lestari" in browser.get("/account").said
    assert "Wati Lestari" in agus.get(staff(web)).said


def test_what_was_typed_stays_where_something_is_wrong(web: Web) -> None:
    agus = web.as_("Agus")
    form = agus.get(staff(web, "/new"))
    for wrong, said in (
        ({"username": "sari.kpknl"}, "sudah dipakai"),
        ({"username": "Wati Lestari!"}, "huruf kecil"),
        ({"roles": None}, "satu peran"),
        ({"way": "mail"}, "Masukkan alamat surel"),
        ({"email": "wati"}, "surel"),
    ):
        page = agus.send(form, staff(web, "/new"), status=422, **{**NEW, **wrong})
        assert said in page.said, wrong
        assert 'value="Wati Lestari"' in page.text


def test_an_invitation_goes_by_mail(web: Web) -> None:
    agus = web.as_("Agus")
    mail = {"email": "wati@kantor.example.go.id", "way": "mail"}
    form = agus.get(staff(web, "/new"))
    assert "Server surel belum dipasang" in form.said
    assert re.search(r'<input[^>]*value="code"[^>]*checked|<input[^>]*checked[^>]*value="code"', form.text)
    told = agus.follow(agus.send(form, staff(web, "/new"), **{**NEW, **mail}))
    assert "Server surel belum dipasang" in told.said
    waiting = agus.get(f"/offices/{web.office.id}/messages")
    assert "Wati Lestari" in waiting.said and "wati@kantor" not in waiting.text and "/invitation#" not in waiting.text
    with web.office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead", last_error="the gateway: not delivered"))
    dead, (row,) = agus.get(f"/offices/{web.office.id}/messages"), web.office.rows(Delivery)
    agus.send(dead, f"/offices/{web.office.id}/messages/{row.id}/resending")
    agus.send(dead, f"/offices/{web.office.id}/messages/{row.id}/resending")
    assert [each.state for each in web.office.rows(Delivery)] == ["pending"]
    assert [row.kind for row in web.office.rows(Delivery)] == ["invited"]
    with web.office.streams.reading() as connection:
        wati = connection.execute(select(Person.id).where(Person.username == "wati")).scalar_one()
    agus.send(agus.get(staff(web, f"/{wati}/access")), staff(web, f"/{wati}/invitation"))
    assert [row.kind for row in web.office.rows(Delivery)] == ["invited", "invited"]
    page = agus.get(staff(web, f"/{web.office.sari.id}/access"))
    refused = agus.send(page, staff(web, f"/{web.office.sari.id}/invitation"))
    assert "tidak punya alamat surel" in agus.follow(refused).said


def test_roles_change_and_the_last_administrator_stays(web: Web) -> None:
    agus, sari, office = web.as_("Agus"), web.as_("Sari"), web.office
    today = f"/offices/{office.id}/today"
    sari.get(today, status=403)
    path = staff(web, f"/{office.sari.id}/roles")
    agus.send(agus.get(path), path, roles=["agent", "supervisor"])
    sari.get(today)
    own = staff(web, f"/{office.agus.id}/roles")
    page = agus.send(agus.get(own), own, status=422, roles=["auditor"])
    assert "Jadikan orang lain administrator" in page.said
    with office.streams.reading() as connection:
        kept = connection.execute(select(Membership.role).where(Membership.person_id == office.agus.id)).scalars()
        assert kept.all() == ["admin"]


def test_a_colleague_of_another_office_works_here_too(web: Web) -> None:
    other = web.office.another()
    agus = web.as_("Agus")
    page = agus.get(staff(web, "/colleague"))
    missing = agus.send(page, staff(web, "/colleague"), status=422, username="tidak.ada", roles=["agent"])
    assert "Tidak ada yang memakai" in missing.said
    agus.send(page, staff(web, "/colleague"), username="sari.kanwil", roles=["auditor"])
    listed = agus.get(staff(web))
    assert "dari kantor lain" in listed.said and f"/{other.sari.id}/access" not in listed.text
    path = staff(web, f"/{other.sari.id}/roles")
    agus.send(agus.get(path), path, roles=["auditor", "agent"])
    refused = agus.get(staff(web, f"/{other.sari.id}/access"), status=303)
    assert "kantor" in agus.follow(refused).said
    agus.get(staff(web, f"/{other.sari.id}/contact"), status=404)


def test_an_account_that_is_linked_is_seen_and_unlinked(web: Web) -> None:
    agus, sari, office = web.as_("Agus"), web.as_("Sari"), web.office
    office.agus.changes_contact(office.sari, email="sari@kantor.example.go.id")
    page, path = staff(web, f"/{office.sari.id}/access"), staff(web, f"/{office.sari.id}/account-link/removal")
    assert "Terhubung sejak" not in agus.get(page).said
    with office.streams.setting_up() as connection:
        row = {"issuer": "https://id.example", "subject": "x", "person_id": office.sari.id}
        connection.execute(insert(OpenIdIdentity), {**row, "linked_at": office.clock.now})
    shown = agus.get(page)
    assert "Terhubung sejak" in shown.said
    code = agus.send(shown, staff(web, f"/{office.sari.id}/code"), status=200)
    assert "tanpa kata sandi" in code.said
    agus.send(shown, path)
    sari.get("/account", status=302)
    assert "Terhubung sejak" not in agus.get(page).said
    assert [row.kind for row in office.rows(Delivery)] == ["secured"]
    agus.send(shown, path)
    assert office.findings() == []


def test_somebody_is_signed_out_everywhere(web: Web) -> None:
    agus, sari, office = web.as_("Agus"), web.as_("Sari"), web.office
    page = agus.get(staff(web, f"/{office.sari.id}/access"))
    agus.send(page, staff(web, f"/{office.sari.id}/sessions/end"))
    sari.get("/account", status=302)
    assert sign_in(sari).status_code == 303


def test_a_supervisor_finds_none_of_this(web: Web) -> None:
    budi = web.as_("Budi")
    page = budi.get(staff(web))
    assert "/access" not in page.text and "/roles" not in page.text and "/staff/new" not in page.text


def test_a_stolen_account_is_shut_out_at_once_and_let_in_with_a_new_password(web: Web) -> None:
    agus, sari, office = web.as_("Agus"), web.as_("Sari"), web.office
    office.sari.signs_on(1)
    office.arrives("A")
    office.sari.serves()
    agus.send(agus.get(staff(web)), staff(web, f"/{office.sari.id}/deactivation"))
    sari.get("/account")
    listed = agus.get(staff(web))
    agus.send(listed, staff(web, f"/{office.sari.id}/block"))
    agus.send(listed, staff(web, f"/{office.sari.id}/block"))
    sari.get("/account", status=302)
    thief = web.another()
    page = thief.get("/sign-in")
    thief.send(page, "/sign-in", status=422, username="sari.kpknl", password=PASSWORD)
    listed = agus.get(staff(web))
    assert "Diblokir" in listed.said
    budi = web.as_("Budi")
    assert f"/{office.sari.id}/block/removal" not in budi.get(staff(web)).text
    assert "diblokir" in budi.get(f"/offices/{office.id}/gaps").said
    agus.send(listed, staff(web, f"/{office.sari.id}/block/removal"))
    thief.send(page, "/sign-in", status=422, username="sari.kpknl", password=PASSWORD)
    code = code_on(
        agus.send(agus.get(staff(web, f"/{office.sari.id}/access")), staff(web, f"/{office.sari.id}/code"), status=200)
    )
    browser = web.another()
    browser.follow(browser.send(browser.get("/invitation"), "/invitation", code=code, password=CHOSEN))
    assert "Sari" in browser.get("/account").said
    assert office.findings() == []
