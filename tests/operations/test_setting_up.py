"""Setting up: what is refused, and that every process reads a change at once."""

from datetime import date

import pytest
from sqlalchemy import select, update

from desk.domain.access import Role
from desk.domain.hours import ALWAYS
from desk.domain.refusals import Reason, Refused
from desk.models import EventRow, Office, Service, Skill
from desk.operations.opening import setting_up
from desk.operations.opening.setting_up import OfficePlan, PersonPlan
from desk.operations.stream import Streams
from tests.fixtures.office import KEYS


@pytest.mark.parametrize("zone", ["", "Asia/Atlantis", "../etc/passwd", "Jakarta"])
def test_an_office_needs_a_time_zone_that_exists(desk_office, zone):
    with pytest.raises(Refused) as caught:
        setting_up.open_office(desk_office.streams, OfficePlan("x", "X", zone))
    assert (caught.value.reason, caught.value.details) == (Reason.INVALID, {"field": "zone"})


def test_offices_are_numbered_and_begin_their_own_stream(desk_office):
    other = desk_office.another()

    assert other.id == desk_office.id + 1
    assert other.rows(EventRow)[0].number == 1


def test_a_calendar_that_makes_no_sense_is_refused(desk_office):
    with pytest.raises(ValueError, match="seven days"):
        setting_up.add_calendar(desk_office.streams, desk_office.id, "X", ALWAYS[:6], since=date(2026, 1, 1))


def test_people_are_told_by_number_never_by_name(desk_office):
    setting_up.enroll(desk_office.streams, desk_office.id, PersonPlan("tini", "Tini Kartini", (Role.AGENT,)))

    assert "Tini" not in " ".join(row.payload for row in desk_office.rows(EventRow))


def test_a_skill_given_twice_is_given_once(desk_office):
    for _ in range(2):
        setting_up.add_skills(desk_office.streams, desk_office.joko.id, desk_office.services.values())

    with desk_office.streams.reading() as connection:
        known = (
            connection.execute(select(Skill.service_id).where(Skill.person_id == desk_office.joko.id)).scalars().all()
        )
    assert sorted(known) == sorted(desk_office.services.values())


def test_a_new_skill_counts_at_once(desk_office):
    desk_office.joko.signs_on(3)
    desk_office.arrives("A")
    with desk_office.refuses(Reason.NOT_QUALIFIED):
        desk_office.joko.calls(counter=3)

    setting_up.add_skills(desk_office.streams, desk_office.joko.id, [desk_office.services["A"]])

    assert desk_office.joko.calls(counter=3)


def test_another_process_reads_the_change_too(desk_office):
    """Its own memory of the configuration is older than the version in the stream's row."""
    here = desk_office.streams
    there = Streams(desk_office.engine, KEYS, clock=desk_office.clock)
    desk_office.arrives("A")
    with there.setting_up() as connection:
        connection.execute(update(Service).where(Service.id == desk_office.services["A"]).values(retired=True))

    assert desk_office.streams is here
    with desk_office.refuses(Reason.SERVICE_RETIRED):
        desk_office.arrives("A")


def test_a_change_that_fails_changes_nothing(desk_office):
    before = desk_office.head

    def rename_and_fail():
        with desk_office.streams.setting_up() as connection:
            connection.execute(update(Office).values(name="X"))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        rename_and_fail()

    assert desk_office.head == before
    with desk_office.streams.reading() as connection:
        assert connection.execute(select(Office.name)).scalars().all() == ["KPKNL Contoh"]


def test_the_version_rises_in_every_office(desk_office):
    offices = (desk_office, desk_office.another())
    before = [office.head.configuration for office in offices]
    with desk_office.streams.setting_up():
        pass

    assert [office.head.configuration for office in offices] == [version + 1 for version in before]
