"""What was erased, and how far the rules of retention came, down and up with rows."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, text

from desk.cli import database
from desk.domain.access import SYSTEM
from desk.domain.retention import RetentionRules, Track
from desk.operations.keeping import privacy
from desk.operations.keeping.retaining import expire
from desk.operations.requests import Request
from desk.reads.kept_of_person import Sought
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0017"
TABLES = {"erasures", "retention_marks"}
WORDS = ("notes", "handoff_words", "response_details")


def prepare_erased(url):
    """One person was erased on request, another by a rule."""
    prepare_office(url)
    office = DeskOffice(url)
    office.sari.signs_on(1)
    for address in ("siti@example.id", "wati@example.id"):
        office.arrives("A", email=address, consent=True)
        served = office.sari.serves()
        office.sari.notes(served, "Lengkap")
        office.sari.completes(served)
    wish = privacy.Wish(Sought("siti@example.id"))
    privacy.erase_person(office.streams, office.id, wish, office.budi.asks("erase_person"))
    office.clock.now += timedelta(days=90)
    request = Request(SYSTEM, "expire_data")
    expire(office.streams, office.id, request, track=Track.CONTACTS, now=True)
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_erased))
    yield office
    office.engine.dispose()


def rows(office, query):
    with office.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


REGISTER = "SELECT id, kind, why, at, person_id FROM erasures ORDER BY id"


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    before = rows(office, REGISTER)
    assert [row[1:3] for row in before] == [("erased", "asked"), ("expired", "contacts")]
    notes = rows(office, "SELECT id, words FROM notes ORDER BY id")
    assert [words for _, words in notes] == ["", "Lengkap"]

    database.downgrade(url, BEFORE)
    inspector = inspect(office.engine)
    assert not TABLES & set(inspector.get_table_names())
    for name in WORDS:
        assert "erased_at" not in {each["name"] for each in inspector.get_columns(name)}
    assert not {each["name"] for each in inspector.get_columns("offices")} & set(RetentionRules.__slots__)

    database.upgrade(url)
    assert rows(office, REGISTER) == before
    assert rows(office, "SELECT id, words FROM notes ORDER BY id") == notes
    assert rows(office, "SELECT count(*) FROM retention_marks") == [(0,)]
    assert office.findings() == []


def test_an_office_begins_with_the_defaults(office):
    names = RetentionRules.__slots__
    assert rows(office, f"SELECT {', '.join(names)} FROM offices") == [(90, 1095, 1825, 30, 365)]
