"""A service that nobody serves, on every face: what kiosk, phone, reception and programs say, and how staff mend it."""

import pytest

from desk.models import Visit
from desk.operations.settings import retiring_services
from tests.fixtures.api import Api
from tests.operations.test_nobody_serves import all_of, keeps

SERVICES, SKILLS = "/offices/1/administration/services", "/offices/1/administration/skills"
KIOSK, VISITS, RECEPTION = "/offices/1/kiosk", "/offices/1/visits", "/offices/1/reception"
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def boxes_of(page):
    """Return the boxes of the table, and those that are ticked."""
    boxes = [each for each in page.tree.named("input") if each.get("name") == "serves"]
    return [each.get("value") for each in boxes], [each.get("value") for each in boxes if "checked" in each.attrib]


def left_to_nobody(office, *letters):
    keeps(office, drop=all_of(office, *letters), sure_of="".join(letters))


def only_sari_serves(office, letter="A"):
    keeps(office, drop=all_of(office, letter) - {(office.sari.id, office.services[letter])})


def retired(office, letter="A"):
    asked = office.agus.asks("retire_service", service=letter)
    retiring_services.retire(office.streams, office.id, office.services[letter], asked)


@pytest.mark.parametrize("face", ["kiosk", "check-in"])
@pytest.mark.parametrize(
    ("language", "one", "all_"),
    [
        ("id", "Saat ini tidak dilayani. Silakan tanyakan kepada petugas.", "Saat ini nomor tidak diberikan."),
        ("en", "Not offered at the moment. Please ask an officer.", "No numbers are given out at the moment."),
    ],
)
def test_visitors_are_told_kindly_and_get_no_number(web, desk_office, face, language, one, all_):
    office, auction, other = desk_office, desk_office.services["A"], desk_office.services["B"]
    web.speak(language)
    before = web.get(f"/offices/1/{face}/services/{auction}")
    left_to_nobody(office, "A")
    tiles = web.get(f"/offices/1/{face}")
    assert one in tiles.said and all_ not in tiles.said
    sheet = web.get(f"/offices/1/{face}/services/{auction}")
    assert one in sheet.said and f'action="{VISITS}"' not in sheet.text
    both = web.get(f"/offices/1/{face}/services/{other}?with={auction}")
    assert f"Lelang: {one}" in both.said and f'action="{VISITS}"' not in both.text

    refused = web.follow(web.send(before, VISITS))
    assert {"id": "tidak ada petugas yang melayaninya", "en": "nobody serves it"}[language] in refused.said
    assert office.rows(Visit) == []
    left_to_nobody(office, "B", "C")
    assert all_ in web.get(f"/offices/1/{face}").said


def test_the_reception_offers_what_somebody_serves_and_says_what_not(web, desk_office):
    office, sari = desk_office, web.as_("Sari")
    sari.speak("en")
    before = sari.get(RECEPTION)
    left_to_nobody(office, "A")
    page = sari.get(RECEPTION)
    assert "Nobody serves, so no numbers are given out: A · Lelang" in page.said
    assert f'value="{office.services["A"]}"' not in page.text and page.queries <= 21
    sari.send(before, f"{RECEPTION}/visits", status=422, services=str(office.services["A"]))
    left_to_nobody(office, "B", "C")
    assert "Nobody serves what is open now" in sari.get(RECEPTION).said
    assert office.rows(Visit) == []


def test_programs_are_refused_and_see_it_in_the_list(api: Api):
    office, dewi = api.office, api.as_("Dewi")
    left_to_nobody(office, "A")
    listed = dewi.get(f"/offices/{office.id}/services")["items"]
    assert {each["series"]: each["served"] for each in listed} == {"A": False, "B": True, "C": True}
    problem = dewi.post(f"/offices/{office.id}/visits", {"service": office.services["A"]}, status=409)
    assert (problem["code"], problem["details"]) == (
        "nobody_serves", {"letter": "A", "service": office.services["A"]}
    )  # fmt: skip


def test_unticking_everybody_is_asked_about_with_everything_that_was_ticked(web, desk_office):
    office, budi = desk_office, web.as_("Budi")
    budi.speak("en")
    page = budi.get(SKILLS)
    asked = budi.send(page, SKILLS, status=409, serves=None)
    assert "no numbers would be given out for them: A, B, C." in asked.said and "Error:" in asked.text
    assert boxes_of(asked)[1] == []
    still = budi.send(asked, SKILLS, status=409, serves=None)  # not confirmed
    assert all_of(office, "A", "B", "C")
    # Confirmed is what stood there: what else is unticked then is asked about anew.
    everybody = boxes_of(page)[1]
    some = [each for each in everybody if each.endswith(f"-{office.services['A']}")]
    a_and_c = budi.post(SKILLS, shown=page.form(SKILLS)["shown"], serves=[*some], status=409)
    again = budi.send(a_and_c, SKILLS, status=409, serves=None, sure="y")
    assert "given out for them: A, B, C." in again.said

    done = budi.send(still, SKILLS, serves=None, sure="y")
    told = budi.follow(done).said
    assert "8 assignments were changed" in told and "Nobody serves: A, B, C. Until somebody does" in told
    assert all_of(office, "A", "B", "C") == set()


def test_while_somebody_waits_the_table_comes_back_with_words(web, desk_office):
    office, budi = desk_office, web.as_("Budi")
    budi.speak("en")
    office.arrives("A")
    refused = budi.send(budi.get(SKILLS), SKILLS, status=409, serves=None)
    assert "People wait for the services with these letters" in refused.said and "could call them: A." in refused.said
    assert boxes_of(refused)[1] == [] and all_of(office, "A", "B", "C")


def test_on_the_page_of_an_officer_it_is_asked_once_more_too(web, desk_office):
    office, budi = desk_office, web.as_("Budi")
    budi.speak("en")
    only_sari_serves(office)
    path, auction = f"/offices/1/floor/officers/{office.sari.id}", office.services["A"]
    removal = f"{path}/skills/{auction}/removal"
    asked = budi.send(budi.get(path), removal, status=409)
    assert "no numbers would be given out for them: A." in asked.said and all_of(office, "A")
    office.arrives("A")
    waited = budi.post(removal, sure=str(auction))
    assert "nobody else could call them: A." in budi.follow(waited).said
    office.leaves(office.rows(Visit)[0].id)
    gone = budi.post(removal, sure=str(auction))
    assert "Removed." in budi.follow(gone).said and not all_of(office, "A")


class TestRetiring:
    def test_what_becomes_of_who_waits_is_told_by_the_facts(self, web, desk_office):
        office, agus = desk_office, web.as_("Agus")
        agus.speak("en")

        def retires(letter):
            path = f"{SERVICES}/{office.services[letter]}/retirement"
            return agus.follow(agus.send(agus.get(SERVICES), path)).said

        only_sari_serves(office)
        office.arrives("A")
        office.arrives("A", "B")
        office.agus.deactivates(office.sari)
        assert "Nobody serves it: whoever waits is called once somebody does." in agus.get(SERVICES).said
        assert "2 visitors wait, and nobody may call them" in retires("A")
        assert "The 1 visitor who waits is still called." in retires("B")
        assert "This is the last service in use" in retires("C")
        agus.post(f"{SERVICES}/{office.services['B']}/return")
        assert "Nobody waits for it." in retires("C")

    def test_it_stays_in_the_table_while_somebody_waits_and_the_gaps_say_so(self, web, desk_office):
        office, budi = desk_office, web.as_("Budi")
        budi.speak("en")
        only_sari_serves(office)
        office.arrives("A")
        retired(office)
        retired(office, "B")
        office.agus.deactivates(office.sari)

        gaps = budi.get("/offices/1/gaps")
        assert "Nobody serves it, so nobody is called (1 waiting)" in gaps.said and f'href="{SKILLS}"' in gaps.text
        assert "1 gap" in budi.get("/offices/1/floor").said
        page = budi.get(SKILLS)
        assert "A · Lelang (retired, 1 waiting)" in page.said and "Kekayaan negara" not in page.said
        assert "People wait for A, and nobody may call them" in page.said
        joko = f"/offices/1/floor/officers/{office.joko.id}"
        assert "A · Lelang" in budi.get(joko).said and "B · Kekayaan" not in budi.get(joko).said
        ticked = [*boxes_of(page)[1], f"{office.joko.id}-{office.services['A']}"]
        budi.post(SKILLS, shown=page.form(SKILLS)["shown"], serves=ticked)
        assert "Nobody serves it" not in budi.get("/offices/1/gaps").said
        office.joko.signs_on(1)
        office.joko.serves()
        assert "Lelang" not in budi.get(SKILLS).said


def test_set_up_and_lists_say_so(web, desk_office):
    office, agus = desk_office, web.as_("Agus")
    agus.speak("en")
    left_to_nobody(office, "A")
    assert "Nobody serves A yet. Until somebody does, no numbers are given out for it." in agus.get(
        "/offices/1/checklist"
    ).said  # fmt: skip
    assert "Nobody serves: A. Until somebody does, no numbers are given out for it." in agus.get(SERVICES).said
    path = f"{SERVICES}/{office.services['A']}"
    assert "Nobody serves this service, so no numbers are given out for it." in agus.get(path).said
    assert "Not offered at the moment." in agus.get(f"{path}/preview?shown=en").said
