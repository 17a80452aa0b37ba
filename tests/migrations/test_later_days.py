"""A logo to come and mail about a refused plan, down and up with rows: what was forgotten is refused, not lost."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, update

from desk.cli import database
from desk.models import Delivery, OfficeLogo, Person, PlannedChange, PlannedLogo
from desk.operations.settings import identity
from desk.operations.settings.identity import Logo
from desk.operations.settings.plannable import carry_out_due
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0044"


def prepare_later_days(url):
    """A plan was refused, of which Agus was told; a logo comes tomorrow."""
    prepare_office(url)
    office = DeskOffice(url)
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == office.agus.id).values(email="agus@example.go.id"))
    due = office.today + timedelta(days=1)
    office.agus.changes_setting("counter", subject=office.counters[1], due=due, retired=True)
    office.clock.tick(86_400)
    office.sari.signs_on(1)
    carry_out_due(office.streams, office.id)
    asked = office.agus.asks("change_logo")
    identity.change_logo(
        office.streams, office.id, asked, Logo(b"(picture)", "image/png", 4, 2), due=due + timedelta(days=1)
    )
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office, a day later."""
    office = DeskOffice(fresh_database(prepare_later_days))
    office.clock.tick(86_400)
    yield office
    office.engine.dispose()


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    assert [row.kind for row in office.rows(Delivery)] == ["plan_refused"]
    assert len(office.rows(PlannedLogo)) == 1
    office.engine.dispose()
    database.downgrade(url, BEFORE)
    assert "planned_logos" not in inspect(office.engine).get_table_names()
    office.engine.dispose()
    database.upgrade(url)
    assert office.rows(Delivery) == [] and office.rows(PlannedLogo) == []
    assert sorted(row.state for row in office.rows(PlannedChange)) == ["planned", "refused"]
    office.clock.tick(86_400)
    assert list(carry_out_due(office.streams, office.id).values()) == ["refused"]
    assert office.rows(OfficeLogo) == [] and office.findings() == []
