"""The visitor's page as an app: what it weighs, its manifest, its worker, and what the phone is given to keep."""

import json
from pathlib import Path

from desk.web.visitor.phone_app import KEPT
from tests.fixtures.office import DeskOffice
from tests.fixtures.page_weights import PACKED, weigh
from tests.fixtures.web import Web

STATIC = Path(__file__).parents[2] / "static"
MOST_BYTES = 60_000


def test_the_first_view_weighs_little(web: Web, desk_office: DeskOffice):
    """All of it, headers included: the page, sheets, scripts, pictures, and what an iPhone or a manifest would add."""
    path = web.status_path(desk_office.arrives("A", language="id").facts["visit"])
    seen: dict[str, int] = {}
    weigh(web, path, seen)
    weigh(web, f"{path}/manifest.webmanifest", seen)

    assert "/static/css/public.css" in seen and "/static/js/stale.js" in seen
    assert sum(seen.values()) < MOST_BYTES, sorted(seen.items(), key=lambda each: -each[1])


def test_a_file_is_told_from_the_same_in_other_bytes(web: Web):
    packed = web.client.get("/static/css/base.css", headers=PACKED, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.headers["Vary"]
    again = web.client.get(
        "/static/css/base.css", headers={**PACKED, "If-None-Match": packed.headers["ETag"]}, buffered=True
    )
    assert again.status_code == 304
    plain = web.client.get("/static/css/base.css", buffered=True)
    assert "Content-Encoding" not in plain.headers and len(plain.data) > len(packed.data)


def test_the_manifest_is_of_one_visit_and_nobody_gets_it_without_its_address(web: Web, desk_office: DeskOffice):
    path = web.status_path(desk_office.arrives("A", name="Wati", language="en").facts["visit"])
    page = web.get(path)
    assert f'rel="manifest" href="{path}/manifest.webmanifest"' in page.text

    answer = web.client.get(f"{path}/manifest.webmanifest")
    told = json.loads(answer.text)
    assert (told["start_url"], told["scope"], told["short_name"]) == (path, "/v/", "A001")
    assert answer.mimetype == "application/manifest+json"
    assert "Wati" not in answer.text and answer.headers["Cache-Control"] == "no-store"
    for icon in told["icons"]:
        assert (STATIC / icon["src"].removeprefix("/static/")).is_file()
    web.get("/v/nonsense/manifest.webmanifest", status=404)


def test_the_worker_keeps_static_files_and_a_page_that_is_everybodys(web: Web, desk_office: DeskOffice):
    path = web.status_path(desk_office.arrives("A").facts["visit"])
    web.get(path)
    script = web.client.get("/v/worker.js")
    assert script.mimetype == "text/javascript" and "Set-Cookie" not in script.headers
    for name in KEPT:
        assert f'"/static/{name}"' in script.text
    assert path not in script.text

    for language, words in (("id", "tidak ada jaringan"), ("en", "has no network")):
        offline = web.client.get(f"/v/offline?language={language}")
        assert words in offline.text and "Set-Cookie" not in offline.headers
        assert "csrf" not in offline.text and path not in offline.text
