"""Who set what, from what to what: told out of the trail, by names of today, in both languages, as page and as file."""

import csv
import io
from dataclasses import replace

import pytest

from desk.domain.devices import DeviceKind, DeviceWish, code_of
from desk.models import AccessRecord
from desk.operations.settings import devices

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
    return list(csv.reader(io.StringIO(browser.get(FILE, query_string=wanted).text)))


def test_from_what_to_what_by_whom(agus, desk_office):
    (_, newest, week, *_rest) = lines(agus)
    assert newest[2:] == ["Agus", "Days that addresses and phone numbers of visitors are kept", "", "90", "30"]
    assert week[2:5] == ["Agus", "Calendar: hours of the week", "Jam kantor, 1 Apr 2026"]
    assert "Fri 08.00–12.15" in week[5] and week[6].startswith("Mon 09.00–10.00")
    page = agus.get(PAGE)
    assert "Mon 09.00–10.00" in page.said and page.queries <= 18
    agus.speak("id")
    assert "Perubahan pengaturan" in agus.get(PAGE).said
    assert {(row.verb, row.subject) for row in desk_office.rows(AccessRecord)} == {
        ("looked", "settings"),
        ("exported", "settings"),
    }


def test_ids_and_codes_are_told_in_words(agus, desk_office):
    agus.send(agus.get(CALENDAR), f"{CALENDAR}/closures", day="2026-04-06", name="Rapat", kind="own")
    agus.send(agus.get(CALENDAR), f"{CALENDAR}/cleared-days", day="2026-04-06")
    service = f"/offices/1/administration/services/{desk_office.services['A']}"
    agus.send(agus.get(service), service, fee_en="Free", calendar="2")
    pools = "/offices/1/pools"
    agus.send(agus.get(pools), pools, name="Arsip", head=str(desk_office.sari.id))
    counters = f"/offices/1/counter-settings/{desk_office.counters[1]}"
    agus.send(agus.get("/offices/1/counter-settings"), counters, name="closed")
    words = "/offices/1/message-texts/invitation-email"
    agus.send(agus.get(words), words, en_source="own", en_subject="How was it?")
    agus.send(agus.get(service), service, steps="1 1\n10 4")
    agus.send(agus.get(CALENDAR), f"{CALENDAR}/closures", day="2026-04-07", name="Nyepi", kind="national")
    found = {each[3]: each[4:] for each in reversed(lines(agus)[1:])}
    assert found["Calendar: closed on"] == ["Jam kantor, 7 Apr 2026", "", "Public holiday: Nyepi"]
    steps = found["Working days that a service promises by number of objects"]
    assert steps[2] == "quantity up to 1: 1 working day; quantity up to 10: 4 working days"
    assert found["Calendar: the week counts again on"] == ["Jam kantor, 6 Apr 2026", "closed", ""]
    assert found["Published text of a service"][1:] == ["–", "Free"]
    assert "(English)" in found["Published text of a service"][0]
    assert found["Calendar: kept by a service"][1:] == ["Selalu", "Jam kantor"]
    assert found["Pool"][2] == ("Accountable head of a pool: Sari, Members of a pool: Sari, Name of a pool: Arsip")
    assert found["Name of a counter"][2] == "closed"
    assert found["Words of a message"][0].startswith("Invitation to the survey, E-mail, ")


def test_filters_and_pages(agus):
    everything = lines(agus)
    assert [each[3] for each in lines(agus, kind="calendars")[1:]] == ["Calendar: hours of the week"]
    agus_id = next(value for value in range(1, 20) if len(lines(agus, person=value)) == 3)
    assert len(lines(agus, person=agus_id, kind="staff")) == 1
    assert lines(agus, before=everything[2][0])[1:] == everything[3:]
    assert len(lines(agus, **{"from": "2031-01-01"})) == 1
    assert "“soon” is no day of the calendar" in agus.get(f"{PAGE}?from=soon", status=422).said
    assert "before the first" in agus.get(f"{FILE}?from=2026-03-02&to=2026-03-01", status=422).said
    agus.get(f"{PAGE}?person=x&kind=%27&before=99999999999999999999999", status=422)


@pytest.mark.parametrize("name", ["Budi", "Ratna"])
def test_whoever_supervises_or_audits_reads_too(web, name):
    assert web.as_(name).get(PAGE).said
    web.as_("Sari").get(PAGE, status=403)


def test_devices_are_told_by_their_name_and_what_they_show(web, desk_office):
    asks, streams, here = desk_office.agus.asks, desk_office.streams, desk_office.id
    first, second = desk_office.counters[1], desk_office.counters[2]
    code = code_of(streams.keys.links, devices.begin_pairing(streams))
    wish = DeviceWish(DeviceKind.DISPLAY, "Layar lobi", counters=(first,))
    device = devices.pair(streams, here, code, wish, asks("pair")).facts["device"]
    devices.change(streams, here, device, replace(wish, counters=(first, second), sound=False), asks("change"))
    devices.revoke(streams, here, device, asks("revoke"))
    agus = web.as_("Agus")
    agus.speak("en")
    assert [each[2:] for each in lines(agus, kind="devices")[1:]] == [
        ["Agus", "A device was unpaired", "Layar lobi", "", ""],
        ["Agus", "A device was set otherwise", "Layar lobi",
         "Counters: Counter 1, Sound: yes", "Counters: Counter 1, Counter 2, Sound: no"],
        ["Agus", "A device was paired", "Lobby display", "", "Counters: Counter 1, Sound: yes"],
    ]  # fmt: skip
