"""The reception: numbers that officers take for visitors, and visitors who are here again."""

from datetime import timedelta

import pytest

from desk.domain.reasons import PriorityReason
from desk.models import EventRow, TransactionRow, Visit, VisitContact
from tests.fixtures.office import furnish
from tests.fixtures.page_tree import words

RECEPTION = "/offices/1/reception"
VISITS = "/offices/1/reception/visits"


@pytest.fixture
def sari(web):
    """Sari's browser; at the reception nobody needs to be on duty."""
    return web.as_("Sari")


def opened(desk_office):
    """Return a transaction of yesterday that is still worked on."""
    desk_office.sari.signs_on()
    desk_office.arrives("A", name="Ibu Wati", email="wati@example.id", consent=True, language="en",
                        priority_reason=PriorityReason.PREGNANT)  # fmt: skip
    transaction = desk_office.sari.serves()
    desk_office.sari.processes(transaction)
    desk_office.clock.tick(timedelta(days=1).total_seconds())
    return transaction


@pytest.mark.parametrize("language", ["id", "en"])
def test_one_number_for_everything_a_visitor_comes_for(desk_office, sari, language):
    sari.speak(language)
    page = sari.get(RECEPTION)
    services = [str(desk_office.services[each]) for each in "AC"]
    fields = {
        "services": services,
        "priority": "elderly",
        "name": "  Pak  Joyo ",
        "email": "joyo@example.id",
        "consent": "y",
    }
    slip = sari.follow(sari.send(page, VISITS, language="en", **fields))

    visit = desk_office.row(Visit)
    assert (visit.label, visit.channel, visit.priority_reason, visit.language) == ("A001", "staff", "elderly", "en")
    assert [row.service_id for row in desk_office.rows(TransactionRow, visit_id=visit.id)] == [
        int(each) for each in services
    ]
    contact = desk_office.row(VisitContact)
    assert (contact.name, contact.email) == ("Pak Joyo", "joyo@example.id")
    assert contact.consented_at is not None
    started = desk_office.row(EventRow, name="VisitStarted")
    assert (started.actor_kind, started.actor_id) == ("staff", desk_office.sari.id)
    assert "A001" in slip.said
    assert "Keep this number." in slip.said  # the visitor's language, whatever the officer's is
    assert 'lang="en"' in slip.text
    assert "Pak Joyo" not in slip.said  # nobody's name on paper
    assert 'class="qr"' in slip.text


def test_the_same_key_issues_one_number(desk_office, sari):
    page = sari.get(RECEPTION)
    first = sari.send(page, VISITS, services=str(desk_office.services["A"]))
    again = sari.send(page, VISITS, services=str(desk_office.services["A"]))
    assert first.location == again.location
    assert len(desk_office.rows(Visit)) == 1


def test_what_is_missing_comes_back_with_what_was_said(desk_office, sari):
    back = sari.send(sari.get(RECEPTION), VISITS, status=422, name="Ibu Wati", email="wati@example.id", services=None)
    kept = back.form(VISITS)
    assert (kept["name"], kept["email"]) == ("Ibu Wati", "wati@example.id")
    assert words(back.tree.named("title")[0]).startswith("Galat:")
    assert {"services-error", "consent-error"} <= set(back.tree.ids)
    assert desk_office.rows(Visit) == []


@pytest.mark.parametrize("services", ["999", "nonsense", "-1", "9" * 40])
def test_a_service_that_is_not_there_cannot_be_chosen(desk_office, sari, services):
    sari.post(VISITS, status=422, services=services, priority="", language="id")


@pytest.mark.parametrize("field", [{"priority": "rich"}, {"language": "xx"}, {"email": "no"}, {"name": "x" * 10_000}])
def test_what_cannot_be_understood_comes_back(desk_office, sari, field):
    good = {"services": str(desk_office.services["A"]), "priority": "", "language": "id"}
    sari.post(VISITS, status=422, **(good | field))
    assert desk_office.rows(Visit) == []


def test_a_closed_service_says_when_it_opens(desk_office, sari, web):
    desk_office.clock.tick(timedelta(hours=10).total_seconds())  # 18.00
    page = web.as_("Sari").get(RECEPTION)
    assert f'value="{desk_office.services["C"]}"' not in page.text
    assert "Sel 3 Mar 2026 08.00" in page.said.replace(",", "")


def test_a_service_that_closes_meanwhile_is_refused_with_the_form(desk_office, sari):
    page = sari.get(RECEPTION)
    desk_office.clock.tick(timedelta(hours=9).total_seconds())  # 17.00, Penilaian is closed
    back = sari.send(page, VISITS, status=422, services=str(desk_office.services["C"]), name="Ibu Wati")
    assert back.form(VISITS)["name"] == "Ibu Wati"


@pytest.mark.parametrize("q", ["A001", "a 1", "a-001"])
def test_an_earlier_visit_is_found_by_number_and_day(web, desk_office, q):
    transaction = opened(desk_office)
    sari = web.as_("Sari")
    assert "q-error" in sari.get(f"{RECEPTION}?q={q}").tree.ids  # today nobody had it
    page = sari.get(f"{RECEPTION}?q={q}&day=2026-03-02")
    assert "Lelang" in page.said
    sari.post(VISITS, transaction=transaction)
    again = desk_office.rows(Visit)[-1]
    assert (again.label, again.channel, again.came_back) == ("A001", "staff", True)
    assert (again.priority_reason, again.language) == ("pregnant", "en")
    assert desk_office.rows(VisitContact)[-1].email == "wati@example.id"
    assert "A001" in sari.get(f"{RECEPTION}?q={q}&day=2026-03-02").said  # here again under the new number


def test_an_earlier_visit_is_found_by_the_code_of_its_ticket(web, desk_office):
    opened(desk_office)
    visit = desk_office.row(Visit)
    sari = web.as_("Sari")
    code = sari.status_path(visit.id).removeprefix("/v/")
    spaced = "+".join(code[at : at + 4] for at in range(0, len(code), 4))
    for q in (code, spaced, f"http://desk.example/v/{code}"):
        assert "A001" in sari.get(f"{RECEPTION}?q={q}").said


@pytest.mark.parametrize("q", ["", "Z999", "nonsense", "A0000001", "x" * 500, "%00"])
def test_who_was_never_here_is_not_found(sari, q):
    page = sari.get(f"{RECEPTION}?q={q}")
    assert "q-error" in page.tree.ids


def test_somebody_who_is_already_here_again_is_refused_in_words(web, desk_office):
    transaction = opened(desk_office)
    sari = web.as_("Sari")
    sari.post(VISITS, transaction=transaction)
    page = sari.follow(sari.post(VISITS, transaction=transaction))
    assert "message-error" in page.text
    assert len(desk_office.rows(Visit)) == 2


def test_only_the_front_line_of_this_office(web, desk_office):
    web.get(RECEPTION, status=302)
    web.post(VISITS, status=401)
    web.as_("Ratna").get(RECEPTION, status=403)
    sari = web.as_("Sari")
    other = furnish(desk_office.streams, "lain")
    sari.get(f"/offices/{other}/reception", status=403)
    sari.get(f"{VISITS}/{other << 40 | 5}", status=404)
    sari.get(f"{VISITS}/{1 << 40 | 5}", status=404)
    page = sari.follow(sari.post(VISITS, transaction=other << 40 | 5))
    assert "message-error" in page.text
    sari.follow(sari.post(VISITS, transaction="nonsense"))


def test_the_reception_asks_the_database_little(desk_office, sari):
    assert sari.get(RECEPTION).queries <= 14
