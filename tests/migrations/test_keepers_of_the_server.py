"""Who administers every office and can sign in keeps the server after the step ahead; the step back forgets it."""

import pytest
from sqlalchemy import text

from desk.cli import database
from desk.models.engine import open_engine
from tests.fixtures.office import DeskOffice
from tests.migrations.test_first_revision import prepare_busy_office

PASSWORD = "UPDATE people SET password_hash = 'x'"
GONE = "UPDATE people SET disabled_at = 7 WHERE username = 'agus.kpknl'"
ACCOUNT = (
    "INSERT INTO openid_identities (person_id, issuer, subject, linked_at) "
    "SELECT id, 'https://id.example', 'agus', 7 FROM people WHERE username = 'agus.kpknl'"
)
BOTH = (
    "INSERT INTO memberships (person_id, office_id, role, is_guest) "
    "SELECT id, 2, 'admin', true FROM people WHERE username = 'agus.kpknl'"
)


def prepare_two_offices(url):
    """Open another office beside the one at work, with an administrator of its own."""
    prepare_busy_office(url)
    office = DeskOffice(url)
    office.another()
    office.engine.dispose()


@pytest.mark.parametrize(
    ("prepare", "before", "keepers"),
    [
        (prepare_busy_office, [PASSWORD], ["agus.kpknl"]),
        (prepare_busy_office, [ACCOUNT], ["agus.kpknl"]),
        (prepare_busy_office, [], []),  # without a password only a program acts for them
        (prepare_busy_office, [PASSWORD, GONE], []),
        (prepare_two_offices, [PASSWORD], []),
        (prepare_two_offices, [PASSWORD, BOTH], ["agus.kpknl"]),
    ],
)
def test_up_and_down_with_an_office_at_work(fresh_database, prepare, before, keepers):
    url = fresh_database(prepare)
    people = _column(url, "SELECT username FROM people ORDER BY id")
    database.downgrade(url, "0053")
    engine = open_engine(url).execution_options(desk_writes=True)
    with engine.begin() as connection:
        for statement in before:
            connection.execute(text(statement))
    engine.dispose()

    database.upgrade(url, "0054")

    assert _column(url, "SELECT username FROM people WHERE keeps_server ORDER BY id") == keepers
    database.downgrade(url, "0053")
    assert _column(url, "SELECT username FROM people ORDER BY id") == people


def _column(url, query):
    engine = open_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(query)).scalars().all()
    engine.dispose()
    return found
