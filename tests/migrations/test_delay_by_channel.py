"""The delay of messages to phones, down and up with rows: an office keeps the one it has set."""

from sqlalchemy import inspect, text, update

from desk.cli import database
from desk.models import Office
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0018"
NAMES = {"survey_phone_delay_s", "survey_phone_first"}


def prepare_delayed(url):
    """An office that waits for an hour with e-mail, for a minute with messages to phones, which it prefers."""
    prepare_office(url)
    office = DeskOffice(url)
    values = {"survey_delay_s": 3600, "survey_phone_delay_s": 60, "survey_phone_first": True}
    with office.streams.engine.begin() as connection:
        connection.execute(update(Office).values(**values))
    office.engine.dispose()


def settings(office):
    with office.engine.connect() as connection:
        columns = "survey_delay_s, survey_phone_delay_s, survey_phone_first"
        return tuple(connection.execute(text(f"SELECT {columns} FROM offices")).one())


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_delayed)
    office = DeskOffice(url)
    assert settings(office) == (3600, 60, True)

    database.downgrade(url, BEFORE)
    assert not NAMES & {each["name"] for each in inspect(office.engine).get_columns("offices")}

    database.upgrade(url)
    assert settings(office) == (3600, 3600, False)
    assert office.findings() == []
    office.engine.dispose()


def test_an_office_begins_with_one_delay_for_both(desk_office):
    assert settings(desk_office) == (300, 300, False)
