"""Every code that is printed or shown, read as a phone reads it: what it points to, and that there are no others."""

import pytest

from desk.domain.points import PointKind
from desk.web.qr import qr_picture
from tests.fixtures.codes import codes_in, codes_on
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import PUBLIC_URL, Web
from tests.guards.tree import ROOT, modules
from tests.web.test_voices import office, said

__all__ = ["office"]

# The last two draw no way for a visitor: the address to try, and what an app of the staff reads.
DRAWN_BY = {
    "accounts/setting_up_factor",
    "administration/checklist",
    "kiosk/door",
    "kiosk/taking_numbers",
    "printed_codes",
    "survey/points",
    "visitor/complaints",
}


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_visitor_s_papers_lead_to_the_own_page(web: Web, desk_office: DeskOffice, language: str) -> None:
    desk_office.dewi.signs_on(2)
    visit = desk_office.arrives("C", language=language).facts["visit"]
    transaction = desk_office.dewi.serves(counter=2)
    desk_office.dewi.completes_documents(transaction)
    dewi, own = web.as_("Dewi"), PUBLIC_URL + web.status_path(visit)

    assert codes_on(web.get(f"{web.status_path(visit)}/ticket").text) == [f"{own}?via=ticket"]
    assert codes_on(dewi.get(f"/offices/1/reception/visits/{visit}").text) == [f"{own}?via=ticket"]
    assert codes_on(dewi.get(f"/offices/1/transactions/{transaction}/receipt").text) == [f"{own}?via=receipt"]


def test_the_door_leads_to_taking_a_number(web: Web) -> None:
    (address,) = codes_on(web.as_("Dewi").get("/offices/1/door").text)

    assert address == f"{PUBLIC_URL}/offices/1/check-in"
    web.get("/offices/1/check-in")


@pytest.mark.parametrize(("kind", "path"), [(PointKind.POSTER, "/p/{}"), (PointKind.TABLET, "/tablet/{}")])
def test_a_poster_and_a_tablet_lead_to_their_own_survey(
    web: Web, desk_office: DeskOffice, kind: PointKind, path: str
) -> None:
    point = desk_office.budi.sets_up(kind, counter=1 if kind is PointKind.TABLET else None)
    token = desk_office.point_token(point)

    page = web.as_("Budi").get(f"/offices/1/survey-points/{point}")

    assert codes_on(page.text) == [PUBLIC_URL + path.format(token)]


def test_the_poster_for_complaints_leads_to_the_form(web: Web) -> None:
    (address,) = codes_on(web.as_("Dewi").get("/offices/1/voice/poster").text)

    assert address == f"{PUBLIC_URL}/offices/1/voice?via=poster"
    web.get(address.removeprefix(PUBLIC_URL))


@pytest.mark.usefixtures("office")
def test_the_receipt_of_a_complaint_leads_to_what_became_of_it(web: Web) -> None:
    code = said(web)

    assert codes_on(web.get(f"/voice/{code}/receipt").text) == [f"{PUBLIC_URL}/voice/{code}"]


def test_nothing_else_draws_codes() -> None:
    """Documents have none: their renderers know no codes."""
    makers = {path.stem for path in modules("desk") if "segno" in path.read_text(encoding="utf-8")}
    pages = ROOT / "desk" / "web"
    users = {
        path.relative_to(pages).with_suffix("").as_posix()
        for path in modules("desk/web")
        if "import qr_picture" in path.read_text(encoding="utf-8")
    }

    assert makers == {"qr", "slip"}  # slips of printers: tests/delivery/test_printing.py reads where theirs lead
    assert users == DRAWN_BY
    assert [each.name for each in (ROOT / "static" / "img").rglob("*.png") if codes_in(each.read_bytes())] == []


@pytest.mark.parametrize(
    "address", ["http://desk.example/s/abc", "https://antre.kpknl.example/" + "x" * 90 + "?via=a&b=c"]
)
def test_what_is_drawn_is_what_is_read(address: str) -> None:
    """Else the tests above would say nothing."""
    assert codes_on(f"<p>{qr_picture(address)}</p><p>{qr_picture(address[::-1])}</p>") == [address, address[::-1]]
