"""The phone number of staff: nobody has one before, and a step back forgets it with nothing else."""

from sqlalchemy import inspect

from desk.cli import database
from desk.models import Person
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0023"


def prepare_numbers(url):
    """Dewi has an address and a number."""
    prepare_office(url)
    office = DeskOffice(url)
    office.budi.changes_contact(office.dewi, email="dewi@example.org", phone="081234567890")
    office.engine.dispose()


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_numbers)
    office = DeskOffice(url)
    assert of_dewi(office) == ("dewi@example.org", "+6281234567890")
    database.downgrade(url, BEFORE)
    assert "phone" not in {each["name"] for each in inspect(office.engine).get_columns("people")}
    database.upgrade(url)
    assert of_dewi(office) == ("dewi@example.org", None)
    assert office.findings() == []
    office.engine.dispose()


def of_dewi(office):
    """Return how Dewi is reached."""
    with office.engine.connect() as connection:
        rows = connection.execute(Person.__table__.select()).all()
    return next((row.email, row.phone) for row in rows if row.id == office.dewi.id)
