"""Compliments that reached nobody, down and up with rows: kept, passed on by a supervisor, tied to a visit."""

import pytest
from sqlalchemy import text

from desk.cli import database
from desk.domain.access import VISITOR
from desk.domain.complaints import VoiceKind
from desk.models import VoiceOfficer, VoiceRow
from desk.operations.complaints import complaining
from desk.operations.complaints.complaining import Wish
from desk.operations.requests import Request
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE, WITHOUT_VOICES = "0024", "0013"


def prepare_compliments(url):
    """One is kept, one was passed on to Dewi, one names Sari's visit."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    office.arrives("A")
    office.sari.completes(office.sari.serves())
    says(office)
    passed = says(office)
    complaining.pass_on(office.streams, passed, office.budi.asks("pass"), officer_ids=[office.dewi.id])
    says(office, number="A001", day=office.today.isoformat())
    office.engine.dispose()


def says(office, **more):
    wish = Wish(VoiceKind.COMPLIMENT, "Bagus", **more)
    return complaining.receive(office.streams, office.id, wish, Request(VISITOR, "say")).facts["voice"]


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_compliments))
    yield office
    office.engine.dispose()


def states(office):
    return [row.state for row in sorted(office.rows(VoiceRow), key=lambda row: row.id)]


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    reached = {(row.voice_id, row.person_id) for row in office.rows(VoiceOfficer)}
    assert states(office) == ["kept", "passed_on", "passed_on"]

    database.downgrade(url, BEFORE)
    with office.engine.connect() as connection:
        assert set(connection.execute(text("SELECT state FROM voices")).scalars()) == {"passed_on"}
    for before in (BEFORE, WITHOUT_VOICES):
        database.downgrade(url, before)
        database.upgrade(url)
        assert states(office) == ["kept", "passed_on", "passed_on"]
        assert {(row.voice_id, row.person_id) for row in office.rows(VoiceOfficer)} == reached
        assert office.findings() == []
