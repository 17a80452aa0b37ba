"""Who set what, from what to what: told out of the trail, by names of today, in both languages, as page and as file."""

import csv
import io

import pytest

from desk.models import AccessRecord

PAGE, FILE = "/offices/1/changes-of-settings", "/offices/1/changes-of-settings.csv"
CALENDAR, KEPT = "/offices/1/calendars/2", "/offices/1/retention"

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def agus(web):
    """An administrator who has set a few things."""
    agus = web.as_("Agus")
    agus.speak("en")
    agus.send(agus.get(CALENDAR), f"{CALENDAR}/weeks", since="2026-04-01", monday="09.00-10.00")
    days = {"contacts": "30", "answers": "1095", "notes": "1825", "addresses": "30", "voices": "365"}
    agus.send(agus.get(KEPT), KEPT, **{f"keep_{name}_days": value for name, value in days.items()})
    return agus


def lines(browser, **wanted):
    return list(csv.reader(io.StringIO(browser.get(FILE, **wanted).text)))


def test_from_what_to_what_by_whom(agus, desk_office):
    (_, newest, week, *_rest) = lines(agus)
    assert newest[2:] == ["Agus", "Days that addresses and phone numbers of visitors are kept", "", "90", "30"]
    assert week[2:5] == ["Agus", "Calendar: hours of the week", "Jam kantor, 1 Apr 2026"]
    assert "Fri 08.00-12.15" in week[5] and week[6].startswith("Mon 09.00-10.00")
    page = agus.get(PAGE)
    assert "Mon 09.00-10.00" in page.said and page.queries <= 18
    agus.speak("id")
    assert "Perubahan pengaturan" in agus.get(PAGE).said
    assert {(row.verb, row.subject) for row in desk_office.rows(AccessRecord)} == {
        ("looked", "settings"),
        ("exported", "settings"),
    }


def test_filters_and_pages(agus):
    everything = lines(agus)
    assert [each[3] for each in lines(agus, kind="calendars")[1:]] == ["Calendar: hours of the week"]
    agus_id = next(value for value in range(1, 20) if len(lines(agus, person=value)) == 3)
    assert len(lines(agus, person=agus_id, kind="staff")) == 1
    assert lines(agus, before=everything[2][0])[1:] == everything[3:]
    assert len(lines(agus, **{"from": "2031-01-01"})) == 1
    assert "year-month-day" in agus.get(f"{PAGE}?from=soon", status=422).said
    assert "before the first" in agus.get(f"{FILE}?from=2026-03-02&to=2026-03-01", status=422).said
    agus.get(f"{PAGE}?person=x&kind=%27&before=99999999999999999999999")


@pytest.mark.parametrize("name", ["Budi", "Ratna"])
def test_whoever_supervises_or_audits_reads_too(web, name):
    assert web.as_(name).get(PAGE).said
    web.as_("Sari").get(PAGE, status=403)
