"""What reports are narrowed to: what cannot be meant is refused in words, on the page and for files, never widened."""

from typing import Any

import pytest
from sqlalchemy import delete, update

from desk.models import AccessRecord, Membership, Person
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

PLAIN = {"waiting": "service", "work": "officer", "handoffs": "pair"}
FAIR = {"fairness": "calls", "priority": "reasons", "waits": "waits", "consistency": "officers"}
TABLES = PLAIN | FAIR
DAYS = "since=2026-03-01&until=2026-03-09"
SERVICE = "This office has no such service"
COUNTER = "This office has no such counter"
OFFICER = "Nobody here has this number"
WITHIN = "a number of whole minutes from 0 to 1440"
WRONG = [
    ("service=-1", SERVICE),
    ("service=0", SERVICE),
    ("service=x", SERVICE),
    ("service=1.0", SERVICE),
    ("service=²", SERVICE),
    ("service=4711", SERVICE),
    ("service=99999999999999999999", SERVICE),
    ("counter=-1", COUNTER),
    ("counter=4711", COUNTER),
    ("counter=Loket 1", COUNTER),
    ("officer=Sari", OFFICER),
    ("officer=4711", OFFICER),
    ("officer=1000000000000000000000000", OFFICER),
    ("within=abc", WITHIN),
    ("within=-5", WITHIN),
    ("within=1441", WITHIN),
    ("within=2.5", WITHIN),
    ("within=99999999999999999999", WITHIN),
    ("period=never", "There is no such period"),
    ("office=xyz", "A report is of one office"),
    ("office=2", "A report is of one office"),
]
WRONG_OF_FAIRNESS = [
    ("shift=night", "There is no such shift"),
    ("reason=bribe", "There is no such reason"),
]


@pytest.fixture
def used(desk_office: DeskOffice) -> DeskOffice:
    """Sari has served one; Dewi was on duty once."""
    desk_office.dewi.signs_on(2)
    desk_office.dewi.signs_off()
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    desk_office.clock.tick(60)
    desk_office.sari.completes(desk_office.sari.serves())
    return desk_office


def english(web: Web) -> Web:
    budi = web.as_("Budi")
    budi.speak("en")
    return budi


@pytest.mark.parametrize("report", TABLES)
def test_every_page_and_file_refuses_what_cannot_be_meant(web: Web, used: DeskOffice, report: str) -> None:
    budi, path = english(web), f"/offices/{used.id}/reports/{report}"
    for asked, sentence in WRONG + (WRONG_OF_FAIRNESS if report in FAIR else []):
        for place in (path, f"{path}/workbook", f"{path}/tables/{TABLES[report]}"):
            page = budi.get(f"{place}?{DAYS}&{asked}", status=422)
            assert sentence in page.said, (place, asked)
            assert "How this is counted" not in page.said
    assert {row.verb for row in used.rows(AccessRecord)} == {"looked"}


@pytest.mark.parametrize("report", TABLES)
def test_empty_parts_of_the_address_narrow_nothing(web: Web, used: DeskOffice, report: str) -> None:
    budi, path = english(web), f"/offices/{used.id}/reports/{report}"
    empty = "service=&counter=&officer=&within=&period=&shift=&reason=&office="
    assert budi.get(f"{path}?{DAYS}&{empty}").said == budi.get(f"{path}?{DAYS}").said
    budi.get(f"{path}?{DAYS}&within=0&office={used.id}&service= {used.services['A']} ")


def test_the_other_filters_stay_filled_in(web: Web, used: DeskOffice) -> None:
    budi, service = english(web), str(used.services["B"])
    path = f"/offices/{used.id}/reports/waiting"
    page = budi.get(f"{path}?{DAYS}&service={service}&officer={used.sari.id}&counter=4711&within=soon", status=422)
    assert COUNTER in page.said
    assert WITHIN in page.said
    kept = page.form(path)
    assert (kept["service"], kept["officer"], kept["counter"]) == (service, str(used.sari.id), "")
    assert (kept["since"], kept["until"], kept["within"]) == ("2026-03-01", "2026-03-09", "soon")
    links = [each.get("href", "") for each in page.tree.named("a") if "/reports/" in each.get("href", "")]
    kept_by = [each for each in links if f"service={service}" in each and "language" not in each]
    assert len(kept_by) >= 9, links
    assert not [each for each in kept_by if "4711" in each or "soon" in each]


def test_the_other_filters_of_the_register_stay_filled_in(web: Web, used: DeskOffice) -> None:
    path = f"/offices/{used.id}/reports/fairness"
    page = english(web).get(f"{path}?{DAYS}&service={used.services['B']}&shift=morning&reason=bribe", status=422)
    kept = page.form(path)
    assert (kept["service"], kept["shift"], kept["reason"]) == (str(used.services["B"]), "morning", "")


def test_what_another_office_has_is_refused_like_what_nobody_has(web: Web, used: DeskOffice) -> None:
    other, budi = used.another(), english(web)
    with used.streams.setting_up() as connection:
        theirs = [each.id for each in other.people.values()]
        connection.execute(update(Person).where(Person.id.in_(theirs)).values(name="Orang Lain"))
    foreign: dict[str, Any] = {
        "service": other.services["A"],
        "counter": other.counters[1],
        "officer": other.sari.id,
    }
    for report in TABLES:
        for name, number in foreign.items():
            path = f"/offices/{used.id}/reports/{report}?{DAYS}&{name}="
            page, nobody = (budi.get(f"{path}{each}", status=422) for each in (number, 999_999))
            assert page.said == nobody.said
            assert "Orang Lain" not in page.text


@pytest.mark.parametrize("report", TABLES)
def test_who_was_on_duty_once_may_be_asked_for(web: Web, used: DeskOffice, report: str) -> None:
    dewi = used.dewi.id
    with used.streams.setting_up() as connection:
        connection.execute(delete(Membership).where(Membership.person_id == dewi))
    page = english(web).get(f"/offices/{used.id}/reports/{report}?{DAYS}&officer={dewi}")
    assert f"officer={dewi}" in page.text


def test_both_languages_say_so(web: Web, used: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("id")
    asked = "&".join(asked for asked, _ in WRONG[5:] if "=4711" in asked or asked.startswith(("within=a", "period")))
    page = budi.get(f"/offices/{used.id}/reports/work?{asked}", status=422)
    assert "Kantor ini tidak memiliki layanan" in page.said
    assert "This office" not in page.said
    assert "There is no" not in page.said
