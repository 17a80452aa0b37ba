"""What is set of a service is lost by a step back, and nothing else is; the picture that was none becomes one."""

import pytest
from sqlalchemy import update

from desk.cli import database
from desk.models import Service, ServiceWording
from desk.operations.settings import keeping_services
from tests.fixtures.office import DeskOffice, prepare_office


def prepare_services(url):
    """A service with a quota, and a text that was changed."""
    prepare_office(url)
    office = DeskOffice(url)
    wanted = {"daily_quota": 7, "fee_id": "Nihil", "wait_promise_s": 900}
    keeping_services.change(office.streams, office.id, office.services["A"], wanted, office.agus.asks("change_service"))
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_services))
    yield office
    office.engine.dispose()


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    assert (office.rows(Service)[0].daily_quota, office.row(ServiceWording).after) == (7, "Nihil")
    with office.streams.setting_up() as connection:
        connection.execute(update(Service).where(Service.series == "B").values(icon="card-text"))
    office.engine.dispose()
    database.downgrade(url, "0038")
    database.upgrade(url)

    first, second, _ = office.rows(Service)
    assert (first.daily_quota, first.fee_id, first.wait_promise_s) == (None, "Nihil", 900)
    assert second.icon == "file-earmark-text"
    assert office.rows(ServiceWording) == []
    assert office.findings() == []
