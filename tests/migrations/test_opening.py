"""A logo, a trial and the token of a first run go with a step back, and nothing else does."""

import pytest
from sqlalchemy import inspect

from desk.cli import database
from desk.domain.opening import Trial
from desk.models import EventRow, OfficeLogo, OfficeTrial
from desk.operations.opening.trying import record_trial
from desk.operations.settings.identity import Logo, write_logo
from tests.fixtures.office import DeskOffice, prepare_office


def prepare_opened(url):
    """An office with a logo, in which a display was rung."""
    prepare_office(url)
    office = DeskOffice(url)
    with office.streams.setting_up() as connection:
        write_logo(connection, office.id, Logo(b"(picture)", "image/png", 1, 1), at=office.clock())
    record_trial(office.streams, office.id, office.agus.asks("try"), Trial.DISPLAY, succeeded=True)
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_opened))
    yield office
    office.engine.dispose()


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    assert office.row(OfficeLogo).digest and office.row(OfficeTrial).trial == "display"
    events = office.rows(EventRow)
    office.engine.dispose()
    database.downgrade(url, "0042")
    assert {"office_logos", "office_trials", "setup_tokens"} & set(inspect(office.engine).get_table_names()) == set()
    office.engine.dispose()
    database.upgrade(url)
    assert office.rows(OfficeLogo) == office.rows(OfficeTrial) == []
    assert office.rows(EventRow) == events
    assert office.findings() == []
