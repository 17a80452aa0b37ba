"""Who signed in, and what was refused: of the staff of the office, and under names that nobody has."""

import csv
import io

from sqlalchemy import text, update

from desk.models import AccessRecord, ApiToken

PAGE, FILE = "/offices/1/sign-ins", "/offices/1/sign-ins.csv"


def lines(browser, **wanted):
    return list(csv.reader(io.StringIO(browser.get(FILE, query_string=wanted).text)))[1:]


def tries(web, username, password):
    web.another().post("/sign-in", status=422, username=username, password=password)


def test_attempts_stand_with_who_how_and_what_came_of_it(web, desk_office):
    tries(web, "sari.kpknl", "wrong")
    tries(web, "hunter2-is-my-password", "x")
    web.as_("Sari")
    agus = web.as_("Agus")
    agus.speak("en")
    found = lines(agus)
    assert [(each[1], each[2], each[3]) for each in found] == [
        ("Agus", "signed in", "password"),
        ("Sari", "signed in", "password"),
        ("unknown name", "refused", "password"),
        ("Sari", "refused", "password"),
    ]
    assert all(each[4].endswith("/24") for each in found)
    page = agus.get(PAGE)
    assert "unknown name" in page.said and "hunter2" not in page.text and page.queries <= 15
    assert {(row.verb, row.subject) for row in desk_office.rows(AccessRecord)} >= {
        ("looked", "sign_ins"),
        ("exported", "sign_ins"),
    }
    assert [each[1] for each in lines(agus, person=-1)] == ["unknown name"]
    assert [each[1] for each in lines(agus, person=desk_office.sari.id, outcome="refused")] == ["Sari"]
    assert lines(agus, **{"from": "2031-01-01"}) == []
    assert "“soon” is no day of the calendar" in agus.get(f"{PAGE}?from=soon", status=422).said
    agus.get(f"{PAGE}?person=x&outcome=%27", status=422)
    agus.speak("id")
    assert "Masuk dan penolakan" in agus.get(PAGE).said


def test_only_administrators_and_auditors_read_them(web):
    web.as_("Ratna").get(PAGE)
    for name in ("Sari", "Budi"):
        web.as_(name).get(PAGE, status=403)


REFUSED = "/offices/1/refused-accesses.csv"


def refused(browser, **wanted):
    return [each[1:] for each in csv.reader(io.StringIO(browser.get(REFUSED, query_string=wanted).text))][1:]


def test_refused_accesses_stand_with_whom_what_and_how_often(web, desk_office):
    ratna, sari, agus = web.as_("Ratna"), web.as_("Sari"), web.as_("Agus")
    agus.speak("en")
    assert "None, as far as the filter goes." in agus.get(PAGE).said
    ratna.get("/offices/1/office-settings", status=403)
    for _ in range(3):
        ratna.get("/offices/1/staff?q=Wati%20Lestari", status=403)
    sari.post("/offices/1/duty/end", status=400, csrf=False)
    page = agus.get(PAGE)
    assert page.queries <= 18 and "Days and times" in page.said and "Wati" not in page.text
    found = refused(agus)
    assert sorted(found) == [
        ["Ratna", "", "Days and times", "GET /offices/…/office-settings", "not allowed", "1"],
        ["Ratna", "", "Staff", "GET /offices/…/staff", "not allowed", "3"],
        ["Sari", "", "", "POST /offices/…/duty/end", "form came from elsewhere, or was open too long", "1"],
    ]
    assert {each[0] for each in refused(agus, person=desk_office.ratna.id)} == {"Ratna"}
    assert {each[0] for each in refused(agus, kind="forged")} == {"Sari"}
    assert refused(agus, person=-1) == refused(agus, **{"from": "2031-01-01"}) == []
    agus.get(f"{PAGE}?kind=forged")
    agus.get(f"{PAGE}?kind=%27", status=422)
    agus.get(f"{REFUSED}?kind=x", status=422)
    subjects = {(row.verb, row.subject) for row in desk_office.rows(AccessRecord)}
    assert ("exported", "refused_accesses") in subjects
    ratna.get(REFUSED)
    sari.get(REFUSED, status=403)
    assert desk_office.findings() == []


def test_a_rule_that_says_not_you_counts_once_whatever_the_page_answers(web, desk_office):
    office = desk_office
    office.sari.signs_on(1)
    office.dewi.signs_on(2)
    office.arrives("A")
    transaction = office.sari.serves()
    handoff = office.sari.offers(transaction, office.dewi)
    joko, agus = web.as_("Joko"), web.as_("Agus")
    agus.speak("en")
    joko.post(f"/offices/1/handoffs/{handoff}/acceptance")
    assert [(each[0], each[3], each[4]) for each in refused(agus)] == [
        ("Joko", "POST /offices/…/handoffs/…/acceptance", "not allowed")
    ]
    assert refused(agus)[0][-1] == "1"


def test_of_another_office_only_what_was_asked_for_there_is_seen(web, desk_office):
    other = desk_office.another()
    sari, agus = web.as_("Sari"), web.as_("Agus")
    sari.get(f"/offices/{other.id}/staff", status=403)
    sari.post("/sign-out", status=400, csrf=False)
    assert [each[3] for each in refused(agus)] == ["POST /sign-out"]


def test_tokens_that_are_refused_stand_with_their_name(web, api, desk_office):
    office = desk_office
    program = api.as_("Sari", scopes="read")
    program.post(f"/offices/{office.id}/visits", {"service": office.services["A"]}, status=403)
    program.get("/offices/7/staff", status=404)
    revoked = api.as_("Joko")
    with office.streams.setting_up() as connection:
        connection.execute(update(ApiToken).where(ApiToken.name == "Joko").values(revoked_at=office.clock()))
    for _ in range(2):
        revoked.get("/offices", status=401)
    agus = web.as_("Agus")
    agus.speak("en")
    agus.get(PAGE)
    assert sorted((each[0], each[1], each[3], each[4], each[5]) for each in refused(agus)) == [
        ("Joko", "Joko", "GET /api/v1/offices", "token is not valid any more", "2"),
        ("Sari", "Sari", "GET /api/v1/offices/…/staff", "of another office, or not there", "1"),
        ("Sari", "Sari", "POST /api/v1/offices/…/visits", "not allowed", "1"),
    ]


def test_who_is_refused_is_answered_whether_it_can_be_counted_or_not(web, desk_office):
    sari = web.as_("Sari")
    with desk_office.streams.setting_up() as connection:
        connection.execute(text("DROP TABLE access_refusals"))
    assert "Peran" in sari.get("/offices/1/staff", status=403).said
