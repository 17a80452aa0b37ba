"""Absences and staff on their pages: entering, cancelling, deactivating; what is refused says what to do."""

import pytest

from desk.models import AbsenceRow, HandoffRow
from tests.fixtures.web import Web

ABSENCES = "/offices/1/absences"
STAFF = "/offices/1/staff"


@pytest.fixture
def held(desk_office) -> int:
    """Sari has one transaction in processing."""
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    desk_office.sari.processes(transaction)
    return transaction


@pytest.mark.parametrize("language", ["id", "en"])
def test_entered_shown_and_cancelled(web: Web, desk_office, language):
    sari, dewi = web.as_("Sari"), web.as_("Dewi")
    sari.speak(language)
    days = {"begins_on": "2026-03-04", "ends_on": "2026-03-06", "reason": "sick"}
    page = sari.follow(sari.send(sari.get(ABSENCES), ABSENCES, **days, deputy=str(desk_office.dewi.id)))
    sick = {"id": "Sakit", "en": "Sick"}[language]
    cancel = f"{ABSENCES}/{desk_office.row(AbsenceRow).id}/cancellation"
    assert sick in page.said.split("Sari")[1]
    theirs = dewi.get(ABSENCES)
    assert cancel not in theirs.text
    dewi.post(cancel, status=403)
    sari.send(page, cancel)
    assert desk_office.row(AbsenceRow).cancelled_at is not None
    sari.send(page, cancel)  # a second press changes nothing and says so


def test_leave_from_today_offers_what_is_left_to_the_deputy(web: Web, desk_office, held):
    sari = web.as_("Sari")
    sari.speak("en")
    given = {"deputy": str(desk_office.dewi.id), "begins_on": "2026-03-02", "ends_on": "2026-03-02"}
    answer = sari.send(sari.get(ABSENCES), ABSENCES, status=409, **given, hand_over=None)
    assert "Open transactions would be left behind: 1." in answer.text
    sari.send(answer, ABSENCES, hand_over="y")
    assert desk_office.row(HandoffRow).receiver_id == desk_office.dewi.id
    card = web.as_("Budi").get(f"/offices/1/counter?transaction={held}")
    assert card.status == 200


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"ends_on": "2026-03-01"}, 409, "before the first"),
        ({"begins_on": "2026-03-01"}, 409, "over already"),
        ({"begins_on": "kemarin"}, 422, "Give the day as a date."),
        ({"deputy": ""}, 422, "Choose who stands in."),
        ({"deputy": "self"}, 409, "Nobody stands in for themselves"),
        ({"deputy": "joko"}, 409, "stand in for each other"),
        ({"deputy": "budi"}, 409, "stands in for somebody"),
        ({"ends_on": "2027-03-05"}, 409, "one year at most"),
    ],
)
def test_what_makes_no_sense_comes_back_with_a_sentence(web: Web, desk_office, given, status, said):
    people = {"self": desk_office.sari.id, "joko": desk_office.joko.id, "budi": desk_office.budi.id}
    desk_office.joko.plans_absence(desk_office.sari, first=0)
    sari = web.as_("Sari")
    sari.speak("en")
    whole = {"begins_on": "2026-03-02", "ends_on": "2026-03-02", "deputy": str(desk_office.budi.id), **given}
    whole["deputy"] = str(people.get(whole["deputy"], whole["deputy"]))
    answer = sari.send(sari.get(ABSENCES), ABSENCES, status=status, **whole)
    assert said in answer.text
    assert len(desk_office.rows(AbsenceRow)) == 1


def test_receivers_who_are_absent_are_marked(web: Web, desk_office, held):
    desk_office.dewi.plans_absence(desk_office.joko, first=0)
    sari = web.as_("Sari")
    sari.speak("en")
    assert "Dewi (absent, goes to Joko)" in sari.get(f"/offices/1/counter?transaction={held}").text


def test_deactivating_leads_to_the_handover_first(web: Web, desk_office, held):
    budi = web.as_("Budi")
    budi.speak("en")
    sari = web.as_("Sari")
    press = f"{STAFF}/{desk_office.sari.id}/deactivation"
    answer = budi.send(budi.get(STAFF), press)
    assert answer.location == f"/offices/1/shift/handover?officer={desk_office.sari.id}"
    assert "Hand them over first" in budi.follow(answer).text
    desk_office.dewi.accepts(
        desk_office.budi.hands_over_shift({held: desk_office.dewi}, of=desk_office.sari).facts["batch"]
    )
    page = budi.follow(budi.send(budi.get(STAFF), press))
    assert "Deactivated" in page.said
    assert sari.get("/offices/1/counter", status=302).location.startswith("/sign-in")
    budi.send(page, f"{STAFF}/{desk_office.sari.id}/reactivation")
    assert web.as_("Sari").get("/offices/1/counter")


def test_a_supervisor_has_no_button_for_an_administrator(web: Web, desk_office):
    supervisors, administrators = web.as_("Budi").get(STAFF).text, web.as_("Agus").get(STAFF).text
    assert f"{STAFF}/{desk_office.agus.id}/deactivation" not in supervisors + administrators
    assert f"{STAFF}/{desk_office.ratna.id}/deactivation" not in supervisors
    assert f"{STAFF}/{desk_office.ratna.id}/deactivation" in administrators
    assert f"{STAFF}/{desk_office.budi.id}/deactivation" not in supervisors
