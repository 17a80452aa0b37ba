"""What lets people in is forgotten by a step back, and sessions that are open stay so both ways."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text, update

from desk.cli import database
from desk.domain.access import Role
from desk.domain.staff import Contact, Newcomer
from desk.models import Delivery, Membership, Person, SignInRecord, StaffCode, StaffSession
from desk.operations.accounts import enrolling
from desk.operations.accounts.password_wishes import wish
from tests.fixtures.office import DeskOffice, prepare_office


def prepare_people(url):
    """Somebody new was invited, somebody is signed in, somebody forgot a password."""
    prepare_office(url)
    office = DeskOffice(url)
    new = Newcomer("wati", "Wati", frozenset({Role.AGENT}), Contact("wati@kantor.example.go.id"))
    done = enrolling.add_newcomer(office.streams, office.id, new, office.agus.asks("enroll"))
    enrolling.invite(office.streams, office.id, done.facts["person"], office.agus.asks("invite"))
    wish(office.streams.engine, "wati", at=office.clock())
    now = office.clock.now
    with office.streams.engine.begin() as connection:
        row = {"secret_hash": "x" * 64, "person_id": office.sari.id, "started_at": now, "seen_at": now}
        connection.execute(insert(StaffSession), {**row, "expires_at": now + timedelta(hours=1), "proven_at": now})
        record = {"at": now, "person_id": office.sari.id, "outcome": "success", "how": "password"}
        connection.execute(insert(SignInRecord), record)
        connection.execute(update(Membership).where(Membership.person_id == office.sari.id).values(is_guest=True))
        connection.execute(update(Person).where(Person.id == office.dewi.id).values(disabled_at=now))
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_people))
    yield office
    office.engine.dispose()


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    office.engine.dispose()
    database.downgrade(url, "0035")
    with office.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM staff_sessions")).scalar() == 1
    office.engine.dispose()
    database.upgrade(url)
    with office.streams.reading() as connection:
        session = connection.execute(select(StaffSession.__table__)).one()
        assert (session.proven_at, session.how, session.device) == (session.started_at, "password", None)
        assert not any(row.is_guest for row in connection.execute(select(Membership.__table__)))
        gone = {row.name for row in connection.execute(select(Person.__table__)) if row.is_disabled_by_admin}
        assert gone == {"Dewi"}
        for model in (StaffCode, SignInRecord):
            assert connection.execute(select(model.__table__)).all() == []
    assert office.rows(Delivery) == []
    assert office.findings() == []
