"""English names of counters go with a step back, and may be given anew after the way up."""

from sqlalchemy import inspect

from desk.cli import database
from desk.models import Counter
from desk.operations.settings import counters, planned
from tests.fixtures.office import DeskOffice, prepare_office

NAMES = {"name": "Meja Informasi", "name_en": "Information desk"}


def prepare_names(url):
    """An office with a counter that has a name in both languages."""
    prepare_office(url)
    office = DeskOffice(url)
    renames(office)
    office.engine.dispose()


def renames(office):
    about = {"kind": counters.KIND, "subject": office.counters[1], "values": NAMES}
    planned.change(office.streams, office.id, office.agus.asks("change"), **about)


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_names)
    office = DeskOffice(url)
    assert office.row(Counter, number=1).name_en == "Information desk"
    assert office.row(Counter, number=2).name_en == ""
    database.downgrade(url, "0056")
    assert "name_en" not in {each["name"] for each in inspect(office.engine).get_columns("counters")}
    database.upgrade(url)
    found = office.row(Counter, number=1)
    assert (found.name, found.name_en) == ("Meja Informasi", "")
    renames(office)
    assert office.row(Counter, number=1).name_en == "Information desk"
    assert office.findings() == []
    office.engine.dispose()
