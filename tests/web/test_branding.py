"""The colors of an office on every face, and how pages look on the device of whoever works here."""

from datetime import date

import pytest
from flask_babel import format_date

from desk.models import EventRow, Office
from desk.operations.settings.plannable import carry_out_due
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

PAGE = "/offices/1/identity"
COLORS = f"{PAGE}/colors"
SHEET = "/offices/1/colors.css"

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def agus(web: Web) -> Web:
    """The administrator's browser, in English."""
    browser = web.as_("Agus")
    browser.speak("en")
    return browser


def sheet_of(web: Web, path: str) -> str | None:
    links = (str(each.get("href")) for each in web.get(path).tree.named("link"))
    return next((each for each in links if each.startswith(SHEET)), None)


def colors_of(office: DeskOffice) -> tuple[str | None, str | None]:
    with office.streams.reading() as connection:
        row = connection.execute(Office.__table__.select().where(Office.id == 1)).one()
    return row.main_color, row.accent_color


def test_two_colors_stand_on_every_face_and_go_again(agus: Web, web: Web, desk_office: DeskOffice) -> None:
    assert sheet_of(web, "/offices/1/kiosk") is None
    done = agus.follow(agus.send(agus.get(PAGE), COLORS, main_color="003D7C", accent_color="#c8102e"))
    assert "It holds from now on" in done.said and colors_of(desk_office) == ("#003d7c", "#c8102e")

    visit = web.status_path(desk_office.arrives("A").facts["visit"])
    address = sheet_of(web, "/offices/1/kiosk")
    assert address is not None and "theme=system" in address
    for path in ("/offices/1/display", visit, f"{visit}/ticket", "/offices/1/check-in"):
        page = web.get(path)
        assert address.replace("&", "&amp;") in page.text and 'name="theme-color" content="#003d7c"' in page.text, path
    assert '"theme_color":"#003d7c"' in web.client.get(f"{visit}/manifest.webmanifest").text.replace(": ", ":")

    sheet = web.client.get(address)
    assert sheet.mimetype == "text/css" and "Set-Cookie" not in sheet.headers
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "max-age=300" in web.client.get(SHEET).headers["Cache-Control"]
    assert web.client.get(address, headers={"If-None-Match": sheet.headers["ETag"]}).status_code == 304
    light, dark, contrast = sheet.text.strip().split("\n")
    assert "--mast: #003d7c" in light and "--primary: #c8102e" in light and light.startswith("@media screen {")
    assert "prefers-color-scheme: dark" in dark and "prefers-contrast: more" in contrast and "--amber" not in sheet.text
    easy = sheet_of(web, "/offices/1/kiosk?easy=1")
    assert easy is not None and "theme=contrast" in easy
    for wrong in (f"{SHEET}?theme=pink", "/offices/99/colors.css", "/offices/99999999999/colors.css"):
        web.get(wrong, status=404)

    agus.send(agus.get(PAGE), COLORS, go="default")
    assert colors_of(desk_office) == (None, None) and sheet_of(web, "/offices/1/display") is None
    assert web.client.get(SHEET).text == ""
    told = [row.payload for row in desk_office.rows(EventRow) if "_color" in row.payload]
    assert len(told) == 4 and "#003d7c" in told[0]
    assert "Main color of the office" in agus.get("/offices/1/changes-of-settings").said


def test_a_color_that_cannot_be_read_is_named_with_one_that_can(agus: Web, desk_office: DeskOffice) -> None:
    page = agus.get(PAGE)
    wrong = agus.send(page, COLORS, status=422, main_color="#ffd100", accent_color="teal")
    assert "White text on the masthead: the contrast would be 1." in wrong.said and "4.5 : 1 is needed" in wrong.said
    assert "Write the color like #0b3136" in wrong.said and wrong.form(COLORS)["accent_color"] == "teal"
    assert colors_of(desk_office) == (None, None)

    agus.send(wrong, COLORS, go="nearest", accent_color="")
    main, accent = colors_of(desk_office)
    assert main is not None and f"The nearest shade that does: {main}" in wrong.said and accent is None
    agus.speak("id")
    said = agus.send(agus.get(PAGE), COLORS, status=422, accent_color="#8fb").said
    assert " : 1" in said and "4,5" in said


def test_colors_may_wait_for_a_later_day(agus: Web, desk_office: DeskOffice) -> None:
    past = agus.send(agus.get(PAGE), COLORS, status=422, main_color="#003d7c", since="2026-03-01")
    assert past.form(COLORS)["main_color"] == "#003d7c"
    agus.send(agus.get(PAGE), COLORS, main_color="#003d7c", since="2026-03-09")
    assert colors_of(desk_office) == (None, None)
    assert "Main color of the office: #003d7c" in agus.get("/offices/1/planned-changes").said
    desk_office.clock.tick(7 * 86_400)
    assert list(carry_out_due(desk_office.streams, 1).values()) == ["applied"]
    assert colors_of(desk_office) == ("#003d7c", None)


def test_staff_choose_how_pages_look_on_this_device(agus: Web, web: Web, desk_office: DeskOffice) -> None:
    agus.send(agus.get(PAGE), COLORS, main_color="#003d7c")
    for theme, schemes, color_scheme in (
        ("dark", {"dark": "screen"}, "dark"),
        ("contrast", {"dark": "screen", "contrast": "screen"}, "dark"),
        ("light", {}, "light"),
        ("nonsense", None, "light dark"),
    ):
        page = agus.follow(agus.send(agus.get("/account"), "/account/theme", theme=theme))
        media = {str(each.get("href")).split("/")[-1][:-4]: each.get("media") for each in page.tree.named("link")}
        found = {name: each for name, each in media.items() if name in ("dark", "contrast")}
        assert found == schemes if schemes is not None else found["dark"] == "screen and (prefers-color-scheme: dark)"
        assert f'name="color-scheme" content="{color_scheme}"' in page.text
        if schemes is not None:
            assert f'value="{theme}" checked' in page.text and f"theme={theme}" in (sheet_of(agus, PAGE) or "")
    agus.send(agus.get("/account"), "/account/theme", theme="dark")
    assert "theme=system" in (sheet_of(agus, "/offices/1/kiosk") or ""), "what visitors see follows the system"


def test_days_are_written_in_one_order_in_both_languages(web: Web) -> None:
    day = date(2026, 11, 29)
    for language, months in (("id", ("Nov", "November")), ("en", ("Nov", "November"))):
        with web.app.test_request_context(f"/?language={language}"):
            assert [format_date(day), format_date(day, "long")] == [f"29 {each} 2026" for each in months]
