"""Who signed in, and what was refused: of the staff of the office, and under names that nobody has."""

import csv
import io

from desk.models import AccessRecord

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
