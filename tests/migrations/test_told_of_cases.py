"""Messages about cases, levels and erasures by handlers, down and up with rows: what events say comes back."""

import pytest
from sqlalchemy import inspect, text, update

from desk.cli import database
from desk.domain.access import SYSTEM, VISITOR, Actor, Role
from desk.domain.complaints import VoiceKind
from desk.models import CaseStep, Delivery, Erasure, FollowUpRow, Membership, Person, VoiceContact, VoiceRow
from desk.operations.complaints import complaining
from desk.operations.complaints.complaining import Wish
from desk.operations.complaints.escalating import look_after
from desk.operations.keeping import privacy
from desk.operations.requests import Request
from desk.reads.kept_of_person import Sought
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE, WITHOUT_VOICES = "0029", "0013"


def prepare_cases(url):
    """A complaint that two levels were told of, and an erasure by the only one there, who had served the visitor."""
    prepare_office(url)
    office = DeskOffice(url)
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.name.in_(["Budi", "Agus"])).values(email="kantor@example.go.id"))
    office.sari.signs_on(1)
    office.arrives("A", name="Wati", email="wati@example.id", consent=True)
    office.sari.completes(office.sari.serves())
    wish = Wish(VoiceKind.COMPLAINT, "Lama", email="wati@example.id", notify=True)
    complaining.receive(office.streams, office.id, wish, Request(VISITOR, "say"))
    for _ in range(10):
        office.clock.tick(86_400)
        look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
    with office.streams.setting_up() as connection:
        row = {"person_id": office.sari.id, "office_id": office.id, "role": Role.ADMIN.value}
        connection.execute(Membership.__table__.insert(), row)
        others = Person.name.in_(["Budi", "Agus"])
        connection.execute(update(Person).where(others).values(disabled_at=office.clock()))
    request = Request(Actor.staff(office.sari.id, Role.ADMIN), "erase")
    privacy.erase_person(office.streams, office.id, privacy.Wish(Sought("wati@example.id")), request)
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_cases))
    yield office
    office.engine.dispose()


def told(office):
    return sorted((row.id, row.case_id, row.step, row.to_id) for row in office.rows(CaseStep))


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    before = told(office), office.row(VoiceRow).raised_at, office.row(FollowUpRow).raised_at
    assert {"raised", "told"} <= {step for _, _, step, _ in before[0]} and None not in before
    assert office.row(Erasure).by_handler is True
    assert {row.kind for row in office.rows(Delivery, visit_id=0)} == {"voice_received", "case_late", "case_raised"}
    assert office.findings() == []
    surveys = [row.id for row in office.rows(Delivery) if row.visit_id]

    for step_back in (BEFORE, WITHOUT_VOICES):
        database.downgrade(url, step_back)
        columns = {each["name"] for each in inspect(office.engine).get_columns("offices")}
        assert not {"late_mail", "late_raise_days", "complaint_answer_words"} & columns
        with office.engine.connect() as connection:
            assert list(connection.execute(text("SELECT id FROM deliveries ORDER BY id")).scalars()) == surveys
        database.upgrade(url)
        assert (told(office), office.row(VoiceRow).raised_at, office.row(FollowUpRow).raised_at) == before
        assert office.row(Erasure).by_handler is True
        assert office.rows(VoiceContact) == []
        assert office.findings() == []
