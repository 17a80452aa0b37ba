"""An office's name and logo: a picture is a picture by its pixels, and what it carried besides is not kept."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from desk.models import EventRow, Office, OfficeLogo
from desk.web import pictures
from tests.fixtures.office import DeskOffice
from tests.fixtures.pictures import emblem, multipart, picture
from tests.fixtures.web import Web

PAGE = "/offices/1/identity"
LOGO = "/offices/1/logo"


@pytest.fixture
def agus(web: Web) -> Web:
    """The administrator's browser, in English."""
    browser = web.as_("Agus")
    browser.speak("en")
    return browser


def uploads(browser: Web, content: bytes, *, status: int = 303, name: str = "logo.png") -> Any:
    """Choose a file and send it."""
    fields = browser.get(PAGE).form(f"{PAGE}/logo")
    body, kind = multipart({**fields, "csrf_token": browser.csrf_token()}, "logo", name, content)
    answer = browser.client.post(f"{PAGE}/logo", data=body, content_type=kind)
    assert answer.status_code == status, answer.status_code
    return answer


def exif_of_a_place() -> Image.Exif:
    """Where a picture was taken, and by which camera."""
    found = Image.Exif()
    found[0x010F] = "Camera of Sari"
    return found


def test_a_logo_stands_on_every_face_and_can_go_again(agus: Web, web: Web, desk_office: DeskOffice) -> None:
    web.get(LOGO, status=404)
    uploads(agus, picture("JPEG", size=(3000, 1000), exif=exif_of_a_place()), name="logo.exe")

    (row,) = desk_office.rows(OfficeLogo)
    with Image.open(BytesIO(row.content)) as kept:
        assert (kept.size, f"image/{(kept.format or '').lower()}") == ((640, 213), row.media_type)
        assert not kept.getexif() and b"Camera" not in row.content
    visit = web.status_path(desk_office.arrives("A").facts["visit"])
    address = f"{LOGO}?v={row.digest[:12]}"
    for path in ("/offices/1/kiosk", "/offices/1/display", visit, f"{visit}/ticket", "/offices/1/check-in"):
        assert address in web.get(path).text, path
    answer = web.client.get(address)
    assert answer.mimetype == row.media_type and answer.data == row.content
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and "Set-Cookie" not in answer.headers
    assert web.get(address, status=304, headers={"If-None-Match": answer.headers["ETag"]}).text == ""
    assert "max-age=300" in web.client.get(LOGO).headers["Cache-Control"]

    agus.send(agus.get(PAGE), f"{PAGE}/logo/removal")
    assert desk_office.rows(OfficeLogo) == [] and LOGO not in web.get("/offices/1/kiosk").text
    told = [row.payload for row in desk_office.rows(EventRow) if "office_logo" in row.payload]
    assert len(told) == 2 and row.digest in told[0] and row.digest in told[1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (b"", "Choose a file"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "no picture"),
        (picture()[:-40], "no picture"),
        (picture(size=(4097, 1)), "4,096 pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * pictures.MOST_BYTES, "512 KB"),
        # 60,000 × 60,000 pixels in a few bytes: refused by its size, and never unpacked.
        (picture().replace(b"\x00\x00\x00x\x00\x00\x00<", b"\x00\x00\xea\x60\x00\x00\xea\x60"), "picture"),
    ],
    ids=["svg", "nothing", "gif", "cut", "wide", "large", "bomb"],
)
def test_what_is_no_logo_is_refused(agus: Web, desk_office: DeskOffice, content: bytes, words: str) -> None:
    uploads(agus, picture())
    kept = desk_office.rows(OfficeLogo)
    page = uploads(agus, content, status=422).get_data(as_text=True)
    assert words in page and 'id="logo-error"' in page
    assert desk_office.rows(OfficeLogo) == kept


def test_a_picture_of_any_kind_is_one(agus: Web, desk_office: DeskOffice) -> None:
    for kind, color in (("WEBP", "red"), ("JPEG", "green"), ("PNG", "blue")):
        uploads(agus, picture(kind, color=color))
    see_through = BytesIO()
    Image.new("RGBA", (80, 80), (0, 0, 0, 0)).save(see_through, "PNG")
    uploads(agus, see_through.getvalue())
    with Image.open(BytesIO(desk_office.rows(OfficeLogo)[0].content)) as kept:
        assert kept.mode == "RGBA"


@pytest.mark.parametrize(
    "given",
    [picture(), picture("JPEG", size=(3000, 300)), picture(size=(2, 4000)), emblem(), emblem((800, 800))],
    ids=["plain", "wide", "tall", "busy", "busy and square"],
)
def test_a_masthead_shows_a_light_picture_whatever_was_uploaded(
    agus: Web, web: Web, desk_office: DeskOffice, given: bytes
) -> None:
    uploads(agus, given)
    (row,) = desk_office.rows(OfficeLogo)
    (address,) = re.findall(r'src="(/offices/1/logo[^"]+)', web.get("/offices/1/kiosk").text)
    answer = web.client.get(address.replace("&amp;", "&"))
    with Image.open(BytesIO(answer.data)) as small:
        assert small.format == "PNG" and small.width <= 288 and small.height <= 88
        assert 0.2 < (small.width / small.height) / (row.width / row.height) < 5
    assert len(answer.data) <= pictures.MOST_IN_MASTHEAD and answer.mimetype == "image/png"
    assert "immutable" in answer.headers["Cache-Control"] and row.digest in answer.headers["ETag"]
    assert "small=1" not in web.get("/offices/1/display").text


def test_a_name_is_changed_and_what_was_typed_comes_back(agus: Web, web: Web, desk_office: DeskOffice) -> None:
    page = agus.get(PAGE)
    wrong = agus.send(page, PAGE, status=422, name="", address="Jalan Baru 1", language="en")
    assert "Jalan Baru 1" in wrong.text and "Enter the name of the office." in wrong.said
    blank = agus.send(page, PAGE, status=422, name=" \t ", address="Jalan Baru 1", language="en")
    assert "Jalan Baru 1" in blank.text and "Enter the name of the office." in blank.said
    assert agus.get(f"{PAGE}/logo", status=303).location == PAGE  # the address of its form, opened
    agus.send(page, PAGE, name="KPKNL Cimahi", address="Jalan Baru 1", language="en")
    agus.send(page, PAGE, name="KPKNL Cimahi", address="Jalan Baru 1", language="en")
    assert "KPKNL Cimahi" in web.get("/").said and 'lang="en"' in web.get("/offices/1/kiosk").text
    with desk_office.streams.reading() as connection:
        row = connection.execute(Office.__table__.select().where(Office.id == 1)).one()
    assert (row.name, row.address, row.language, row.code) == ("KPKNL Cimahi", "Jalan Baru 1", "en", row.code)
    told = [each.payload for each in desk_office.rows(EventRow) if each.payload.find('"office_') > 0]
    assert len(told) == 3
