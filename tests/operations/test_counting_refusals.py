"""What was refused is counted by the hour: in few rows, in few transactions, and never in anybody's way."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from desk.cli.sign_in_keeping import SignInKeeper
from desk.domain.refused_access import NO_OFFICE, TOLD_APART, RefusedAs, refusal_at
from desk.models import AccessRefusal
from desk.operations.accounts.counting_refusals import (
    APART_S,
    RefusalTally,
    forget_old_refusals,
    write_refusals,
)
from desk.operations.accounts.security_log import Alarm
from desk.reads.refused_access import Wanted, iterate_refused, list_refused
from desk.wording.refused_access import REFUSED_AS


def refusal(office, route="GET /offices/<int:office_id>/staff", *, at=None, **said):
    told = {"office_id": office.id, "person_id": office.sari.id, "kind": RefusedAs.NOT_ALLOWED, **said}
    return refusal_at(at or office.clock(), route=route, **told)


def kept(office):
    with office.streams.reading() as connection:
        return connection.execute(select(AccessRefusal.__table__).order_by(AccessRefusal.last_at)).all()


def test_the_kinds_are_those_of_the_log_and_have_words():
    assert {each.value for each in RefusedAs} <= {each.value for each in Alarm}
    assert set(REFUSED_AS) == set(RefusedAs)


def test_one_row_an_hour_with_a_count(desk_office):
    office = desk_office
    office.clock.tick(600)
    for count in (1, 2):
        write_refusals(office.streams.engine, {refusal(office): (count, office.clock())})
    (row,) = kept(office)
    assert (row.office_id, row.person_id, row.kind, row.count) == (office.id, office.sari.id, "not_allowed", 3)
    assert (row.hour, row.last_at) == (office.clock() - timedelta(minutes=10), office.clock())
    office.clock.tick(3_600)
    write_refusals(office.streams.engine, {refusal(office): (1, office.clock())})
    assert [row.count for row in kept(office)] == [3, 1]
    assert office.findings() == []


def test_a_process_adds_up_what_comes_meanwhile(desk_office):
    now = [0.0]
    tally, at = RefusalTally(lambda: now[0]), desk_office.clock()
    first, other = refusal(desk_office), refusal(desk_office, "GET /x")
    assert tally.add(first, at) == {first: (1, at)}, "the first is written at once"
    for _ in range(500):
        assert tally.add(first, at) == {}
    now[0] = APART_S - 1
    assert tally.add(other, at) == {other: (1, at)}
    now[0] = APART_S
    assert tally.add(other, at) == {first: (500, at)}
    assert tally.take_rest() == {other: (1, at)} and tally.take_rest() == {}


def test_nobody_fills_the_disk(desk_office):
    """Different routes and offices are told apart up to a number; what comes beyond counts together."""
    office = desk_office
    for number in range(TOLD_APART + 30):
        each = refusal(office, f"GET /{number}", office_id=1 + number % 7)
        write_refusals(office.streams.engine, {each: (1, office.clock())})
    rows = kept(office)
    together = [row for row in rows if not row.route]
    assert len(rows) == TOLD_APART + 1
    assert [(row.office_id, row.count) for row in together] == [(NO_OFFICE, 30)]
    write_refusals(office.streams.engine, {refusal(office, "GET /3", office_id=4): (1, office.clock())})
    assert len(kept(office)) == len(rows) and max(row.count for row in kept(office) if row.route) == 2
    dewis = refusal(office, person_id=office.dewi.id)
    write_refusals(office.streams.engine, {dewis: (1, office.clock())})
    assert {row.route for row in kept(office) if row.person_id == office.dewi.id} == {dewis.route}


@pytest.mark.parametrize("office_id", [None, -1, 10**30, 8_192])
def test_an_office_that_cannot_be_is_none(desk_office, office_id):
    each = refusal(desk_office, "x" * 500, office_id=office_id)
    write_refusals(desk_office.streams.engine, {each: (1, desk_office.clock())})
    assert [(row.office_id, len(row.route)) for row in kept(desk_office)] == [(NO_OFFICE, 200)]


def test_what_cannot_be_written_is_left_out(desk_office, caplog):
    office = desk_office
    with office.streams.setting_up() as connection:
        connection.execute(text("DROP TABLE access_refusals"))
    with caplog.at_level(logging.ERROR):
        write_refusals(office.streams.engine, {refusal(office): (1, office.clock())})
    assert "not counted" in caplog.text and "staff" not in caplog.text


def test_they_go_when_records_of_the_sign_in_go(desk_office):
    office = desk_office
    for days in (0, 364, 366):
        at = office.clock() - timedelta(days=days)
        write_refusals(office.streams.engine, {refusal(office, at=at): (1, at)})
    SignInKeeper(office.streams, ticks=lambda: 0.0).look()
    assert len(kept(office)) == 2
    assert forget_old_refusals(office.streams.engine, at=office.clock()) == 0


def test_an_office_reads_what_was_asked_for_there_and_of_its_people_what_is_of_no_office(desk_office):
    office, other = desk_office, desk_office.another()
    counted = [
        refusal(office),
        refusal(office, "POST /sign-out", office_id=None, kind=RefusedAs.FORGED),
        refusal(office, "GET /x", office_id=other.id),
        refusal(office, "POST /account", office_id=None, person_id=other.sari.id),
        refusal(office, person_id=other.sari.id),
    ]
    for each in counted:
        office.clock.tick()
        write_refusals(office.streams.engine, {each: (2, office.clock())})

    def read(office_id, **wanted):
        with office.streams.reading() as connection:
            found = list_refused(connection, office_id, Wanted(**wanted))
            assert list(iterate_refused(connection, office_id, Wanted(**wanted))) == found
        return [(each.person, each.route.partition(" ")[2]) for each in found]

    staff = "/offices/<int:office_id>/staff"
    assert read(office.id) == [("Sari", staff), ("Sari", "/sign-out"), ("Sari", staff)]
    assert read(office.id, person_id=office.sari.id) == [("Sari", "/sign-out"), ("Sari", staff)]
    assert read(office.id, kind="forged") == [("Sari", "/sign-out")]
    assert read(office.id, since=office.clock()) == [("Sari", staff)]
    assert len(read(office.id, until=office.clock())) == 2
    assert read(other.id) == [("Sari", "/account"), ("Sari", "/x")]
