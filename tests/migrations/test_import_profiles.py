"""What erased profiles of batches count for, down and up with rows: they are forgotten, and what was counted stays."""

from datetime import timedelta

from sqlalchemy import inspect

from desk.cli import database
from desk.domain.access import SYSTEM
from desk.domain.retention import Track
from desk.models import ImportProfile, LooseResponse, SurveyTally
from desk.operations.keeping.retaining import expire
from desk.operations.requests import Request
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0020"


def prepare_expired(url):
    """A sheet of paper was typed in, and the profile on it has been erased since."""
    prepare_office(url)
    office = DeskOffice(url)
    office.takes_over_paper(profile={"jenis_kelamin": "L"})
    office.clock.now += timedelta(days=1_096)
    expire(office.streams, office.id, Request(SYSTEM, "expire_data"), track=Track.LOOSE, now=True)
    office.engine.dispose()


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_expired)
    office = DeskOffice(url)
    assert office.row(ImportProfile).profile == {"jenis_kelamin": {"L": 1}}
    before = office.row(LooseResponse), office.row(SurveyTally)

    database.downgrade(url, BEFORE)
    assert not inspect(office.engine).has_table("import_profiles")
    database.upgrade(url)

    assert office.rows(ImportProfile) == []
    assert (office.row(LooseResponse), office.row(SurveyTally)) == before
    assert office.findings() == []
    office.engine.dispose()
