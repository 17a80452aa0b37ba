"""By what rows of files are known again, down and up with rows: forgotten, and the file is known as a whole."""

from sqlalchemy import inspect

from desk.cli import database
from desk.domain.refusals import Reason
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.tallies import Origin
from desk.models import ImportRow, LooseResponse, SurveyImport
from desk.operations.survey.taking_over import Sheet, take_over
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0027"


def takes(office, *, digest):
    scores = {each.key: 3 for each in SHIPPED["skm2017"].questions if each.scored}
    take_over(
        office.streams, office.id, office.budi.asks("import"), questionnaire=SHIPPED["skm2017"],
        origin=Origin.IMPORT, sheets=[Sheet(scores, {}, office.today, digest=digest)], digest="f" * 64,
    )  # fmt: skip


def prepare_taken(url):
    """A file of one row was taken over."""
    prepare_office(url)
    office = DeskOffice(url)
    takes(office, digest="0" * 32)
    office.engine.dispose()


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_taken)
    office = DeskOffice(url)
    assert office.row(ImportRow).import_id == office.row(SurveyImport).id
    before = office.row(LooseResponse)

    database.downgrade(url, BEFORE)
    assert not inspect(office.engine).has_table("import_rows")
    database.upgrade(url)

    assert office.rows(ImportRow) == []
    assert office.row(LooseResponse) == before
    with office.refuses(Reason.ALREADY_DONE):
        takes(office, digest="1" * 32)
    assert office.findings() == []
    office.engine.dispose()
