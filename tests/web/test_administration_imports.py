"""The pages of import and export: a file is tried out, shown row by row, and taken over as it was shown."""

import io
from datetime import timedelta
from typing import Any

import pytest

from desk.domain.facts import EventName
from desk.models import AccessRecord, EventRow, Service
from desk.operations.table_imports.kinds import KINDS
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Answer, Web, everything

PLACE = "/offices/1/administration/tables"


def tried(agus: Web, kind: str, data: bytes, *, status: int = 200, name: str = "tabel.csv") -> Answer:
    """Choose a file and send it."""
    file: Any = (io.BytesIO(data), name)
    return agus.post(f"{PLACE}/trials", status=status, table=kind, file=file)


@pytest.fixture
def agus(web: Web) -> Web:
    """The administrator's browser."""
    return web.as_("Agus")


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_file_is_shown_and_then_taken_over(agus: Web, desk_office: DeskOffice, language: str) -> None:
    agus.speak(language)
    agus.get(PLACE)
    before = everything(desk_office)
    shown = tried(agus, "services", b"letter;name_en;wait_minutes\nA;<b>Auction</b>;45\nB;Kekayaan negara;30\n")
    assert everything(desk_office) == before
    assert "<b>Auction</b>" in shown.said
    done = agus.send(shown, f"{PLACE}/imports")
    assert "1" in agus.follow(done).said
    assert desk_office.row(Service, series="A").name_en == "<b>Auction</b>"
    events = len(desk_office.rows(EventRow))
    agus.send(shown, f"{PLACE}/imports")  # a second tap
    assert len(desk_office.rows(EventRow)) == events
    again = tried(agus, "services", b"letter,name_en,wait_minutes\nA,<b>Auction</b>,45\n")
    assert f'action="{PLACE}/imports"' not in again.text
    assert desk_office.findings() == []


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_export_is_a_file_to_import(agus: Web, desk_office: DeskOffice, kind: str, suffix: str) -> None:
    answer = agus.client.get(f"{PLACE}/{kind}/{suffix}")
    assert answer.headers["Content-Disposition"].endswith(f'{kind}.{suffix}"')
    assert desk_office.rows(AccessRecord)[-1].subject == f"table {kind}"
    shown = tried(agus, kind, answer.get_data(), name=f"x.{suffix}")
    assert f'action="{PLACE}/imports"' not in shown.text


def test_what_cannot_be_read_or_taken_over_is_said(agus: Web, desk_office: DeskOffice) -> None:
    before = everything(desk_office)
    agus.post(f"{PLACE}/trials", status=422, table="services")
    agus.post(f"{PLACE}/trials", status=422, file=(io.BytesIO(b"letter\nA\n"), "x.csv"))
    for data in (b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"nama\nA\n", b"PK\x03\x04", b"letter\n" + b"A\n" * 6_000):
        assert "field-error" in tried(agus, "services", data, status=422).text
    page = tried(agus, "services", b"letter,name_en\nA,x\nA,y\nB,\n", status=422)
    assert f'action="{PLACE}/imports"' not in page.text
    for length in (11 << 20, 50 << 20):
        kind, claimed = "multipart/form-data; boundary=x", {"CONTENT_LENGTH": str(length)}
        answer = agus.client.post(f"{PLACE}/trials", data=b"--x", content_type=kind, environ_overrides=claimed)
        assert (answer.status_code, "10 MB" in answer.text) == (413, True)
    assert everything(desk_office) == before


def test_a_service_nobody_serves_is_said_after_it_was_taken_over(agus: Web, desk_office: DeskOffice) -> None:
    agus.speak("en")
    with desk_office.streams.reading() as connection:
        kept = KINDS["services"].rows(connection, 1, desk_office.today)[0]
    row = ["N", "Baru", "New", kept["calendar"], kept["head"]]
    text = "letter;name_id;name_en;calendar;head\n" + ";".join(row) + "\n"
    page = agus.follow(agus.send(tried(agus, "services", text.encode()), f"{PLACE}/imports"))
    assert "Nobody serves N yet." in page.said
    assert 'href="/offices/1/administration/skills">Say who serves what' in page.text
    assert "Nobody serves" not in agus.get(PLACE).said


def test_what_changed_meanwhile_is_shown_again(agus: Web, desk_office: DeskOffice) -> None:
    text = b"letter,name_en\nA,Auction\nB,Assets\n"
    first, second = tried(agus, "services", text), tried(agus, "services", b"letter,name_en\nB,Meanwhile\n")
    agus.send(second, f"{PLACE}/imports")
    again = agus.send(first, f"{PLACE}/imports", status=409)
    assert "Meanwhile" in again.said
    agus.send(again, f"{PLACE}/imports")
    assert desk_office.row(Service, series="B").name_en == "Assets"
    for wrong in ({"rows": "x"}, {"rows": "{}"}, {"rows": '{"columns": ["x"], "lines": []}'}, {"table": "people"}):
        before = everything(desk_office)
        assert agus.send(first, f"{PLACE}/imports", **wrong).location == PLACE
        assert everything(desk_office) == before
    told = [row for row in desk_office.rows(EventRow) if row.name == EventName.SETTING_CHANGED]
    assert all("Assets" not in row.payload for row in told)


def test_plans_that_would_be_refused_are_said_beside_the_row(agus: Web, desk_office: DeskOffice) -> None:
    agus.speak("en")
    due = desk_office.today + timedelta(days=1)
    desk_office.budi.changes_setting("service_limits", subject=desk_office.services["B"], due=due, no_show_calls=2)
    shown = tried(agus, "staff", b"username,roles\nbudi.kpknl,agent\n")
    assert "1 planned change would be refused on its day" in shown.said
    assert "Who does not come to a service · B" in shown.said
    assert "would be refused" not in tried(agus, "staff", b"username,roles\nsari.kpknl,agent auditor\n").said
