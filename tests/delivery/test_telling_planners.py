"""Whoever planned a change that was refused on its day is told by mail: once, in their language, without names."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from desk.delivery.worker import Report
from desk.models import Delivery, Office, Person
from desk.operations.settings.plannable import carry_out_due
from tests.delivery.test_telling_staff import has_mail
from tests.fixtures.delivery import PUBLIC_URL

DAY = 86_400


@pytest.fixture
def office(desk_office):
    """Agus has an address; Sari works at the counter that is to be retired tomorrow, and stays."""
    has_mail(desk_office, desk_office.agus, language="en")
    due = desk_office.today + timedelta(days=1)
    desk_office.agus.changes_setting("counter", subject=desk_office.counters[1], due=due, retired=True)
    desk_office.budi.changes_setting("pause_cause", due=due, code="visitor", retired=True)
    desk_office.clock.tick(DAY)
    desk_office.sari.signs_on(1)
    return desk_office


def refused_on_its_day(office):
    assert sorted(carry_out_due(office.streams, office.id).values()) == ["applied", "refused"]
    assert carry_out_due(office.streams, office.id) == {}


def test_once_with_the_day_and_the_way_to_the_page(office, courier, mail_server):
    refused_on_its_day(office)
    (row,) = office.rows(Delivery)
    assert (row.kind, row.person_id, row.address) == ("plan_refused", office.agus.id, "agus@kantor.example.go.id")
    assert courier.delivers() == Report(sent=1)
    (letter,) = mail_server.letters
    assert letter.message["Content-Language"] == "en"
    assert "A planned change was refused" in str(letter.message["Subject"])
    for body in (letter.body(), letter.body("html")):
        said = " ".join(body.split())
        assert "Counter was to change on 3 March 2026" in said
        assert f"{PUBLIC_URL}/offices/{office.id}/planned-changes" in said
        assert not [each for each in ("Sari", "Agus", "Loket 1") if each in said]
    assert courier.delivers() == Report()
    assert office.findings() == []


def test_in_the_hours_in_which_the_office_writes_and_in_words_where_they_tell_of_nobody(office, courier, mail_server):
    has_mail(office, office.agus, language="id")
    with office.streams.setting_up() as connection:
        quiet = {"survey_quiet_from": 0, "survey_quiet_until": 12 * 60, "survey_working_days": True}
        connection.execute(update(Office).values(**quiet))
    due = office.today + timedelta(days=1)
    office.agus.changes_setting("office", due=due, reopen_days=7)
    office.clock.tick(DAY)
    with office.engine.begin() as connection:
        connection.execute(update(Person).where(Person.id == office.agus.id).values(disabled_at=None))
        connection.exec_driver_sql("UPDATE memberships SET role = 'auditor' WHERE role = 'admin'")
    carry_out_due(office.streams, office.id)
    assert courier.delivers() == Report()
    office.clock.tick(DAY // 2)
    assert courier.delivers().sent == 2
    assert any("tidak lagi berwenang" in letter.body() for letter in mail_server.letters)


def test_nobody_without_an_address_and_nobody_who_has_left(office, courier):
    refused_on_its_day(office)
    with office.streams.setting_up() as connection:
        mine = update(Person).where(Person.id == office.agus.id)
        connection.execute(mine.values(disabled_at=office.clock()))
    courier.delivers()
    assert [(row.state, row.last_error) for row in office.rows(Delivery)] == [("cancelled", "forbidden")]
    with office.streams.setting_up() as connection:
        connection.execute(mine.values(disabled_at=None, email=None))
    due = office.today + timedelta(days=1)
    office.agus.changes_setting("counter", subject=office.counters[1], due=due, retired=True)
    office.clock.tick(DAY)
    assert list(carry_out_due(office.streams, office.id).values()) == ["refused"]
    assert len(office.rows(Delivery)) == 1
