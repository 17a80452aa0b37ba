"""Services of an office: what changes them, what is refused, what stays; the numbers of a day; who serves what."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from desk.domain.facts import EventName
from desk.domain.intake import CheckInChannel
from desk.domain.lifecycle import Ending
from desk.domain.refusals import Reason
from desk.domain.services import Direction, Plan
from desk.models import EventRow, PlannedChange, Service, ServiceCalendar, ServiceWording
from desk.operations import intake
from desk.operations.intake import CheckIn
from desk.operations.opening import setting_up
from desk.operations.settings import keeping_services, keeping_skills, retiring_services
from desk.operations.settings.carrying_out import carry_out_due
from desk.reads.quotas import issued_on
from desk.reads.service_sheets import find_values, list_pairs, list_services
from tests.fixtures.office import OFFICE_HOURS, OPENING

ON_ONE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
NAMES = {"name_id": "Pengaduan", "name_en": "Complaints"}


def settings(office, *names):
    """Return what was told of settings, as (setting, from, to)."""
    rows = office.rows_of_event(EventName.SETTING_CHANGED)
    told = [each for row in rows if (each := json.loads(row.payload))["setting"].startswith("service")]
    return [(each["setting"], each["from"], each["to"]) for each in told if not names or each["setting"] in names]


def plan(office, series="D", **more):
    calendar = office.row(Service, id=office.services["A"]).calendar_id
    return Plan(series, more.pop("texts", NAMES), calendar, more.pop("head_id", office.budi.id), **more)


def adds(office, *, by=None, key=None, **more):
    wanted = plan(office, **more)
    asked = (by or office.agus).asks("add_service", key, plan=str(wanted))
    return keeping_services.add(office.streams, office.id, wanted, asked).facts["service"]


def changes(office, letter="A", /, *, by=None, due=None, **wanted):
    service = office.services[letter]
    asked = (by or office.agus).asks("change_service", wanted=str(wanted))
    if due is None:
        return keeping_services.change(office.streams, office.id, service, wanted, asked)
    return keeping_services.plan_change(office.streams, office.id, service, wanted, asked, due=due)


def test_a_new_service_comes_last_and_can_be_taken_once_somebody_serves_it(desk_office):
    office = desk_office
    steps = ((5, 17), (10, 19))
    made = adds(
        office, key="k", daily_quota=3, completion_steps=steps, icon="hammer", texts={**NAMES, "fee_id": "Nihil"}
    )
    assert (
        adds(office, key="k", daily_quota=3, completion_steps=steps, icon="hammer", texts={**NAMES, "fee_id": "Nihil"})
        == made
    )

    row = office.row(Service, id=made)
    assert (row.series, row.icon, row.fee_id, row.completion_steps) == ("D", "hammer", "Nihil", [[5, 17], [10, 19]])
    with office.streams.reading() as reader:
        assert [each.series for each in list_services(reader, office.id, at=OPENING)] == ["A", "B", "C", "D"]
    assert ("service_added", None, "D") in settings(office)
    office.services["D"] = made
    with office.refuses(Reason.NOBODY_SERVES, letter="D", service=made):
        office.arrives("D")
    office.budi.adds_skill(office.joko, "D")
    assert office.arrives("D").facts["number"] == "D001"


def test_each_thing_that_changes_is_told_and_texts_are_kept_apart(desk_office):
    office = desk_office
    done = changes(office, wait_promise_s=1200, daily_quota=9, head_id=office.sari.id, fee_en="None", fee_id="")
    assert done.facts["changed"] == 4
    assert settings(office)[:3] == [
        ("service_wait_promise_s", 1800, 1200),
        ("service_daily_quota", None, 9),
        ("service_head_id", office.budi.id, office.sari.id),
    ]
    kept = office.row(ServiceWording)
    assert (kept.text, kept.before, kept.after) == ("fee_en", "", "None")
    assert "None" not in office.rows(EventRow, number=kept.number)[0].payload
    with office.refuses(Reason.ALREADY_DONE):
        changes(office, wait_promise_s=1200)


def test_another_calendar_holds_from_today_on_and_the_past_stays(desk_office):
    office = desk_office
    other = setting_up.add_calendar(office.streams, office.id, "Pagi", OFFICE_HOURS, since=date(2020, 1, 1))
    before = office.row(Service, id=office.services["A"]).calendar_id
    changes(office, calendar_id=other)
    assert office.row(Service, id=office.services["A"]).calendar_id == before
    with office.streams.reading() as reader:
        kept = reader.execute(select(ServiceCalendar.__table__)).all()
    assert kept == [(office.services["A"], office.today, other)]


@ON_ONE
def test_who_may_not_and_what_may_not(desk_office):
    office = desk_office
    abroad = office.another()
    for who in (office.budi, office.sari, office.ratna):
        with office.refuses(Reason.FORBIDDEN):
            adds(office, by=who)
        with office.refuses(Reason.FORBIDDEN):
            changes(office, by=who, daily_quota=1)
        with office.refuses(Reason.FORBIDDEN):
            changes(office, by=who, daily_quota=1, due=office.today + timedelta(days=1))
    for reason, wanted in [
        (Reason.LETTER_TAKEN, {"series": "b"}),
        (Reason.INVALID, {"daily_quota": -1}),
        (Reason.INVALID, {"completion_steps": [[5, 5], [5, 6]]}),
        (Reason.INVALID, {"icon": "skull"}),
        (Reason.INVALID, {"time_id": "x" * 4_001}),
        (Reason.HEAD_UNFIT, {"head_id": office.ratna.id}),
        (Reason.HEAD_UNFIT, {"head_id": 999}),
        (Reason.UNKNOWN, {"calendar_id": abroad.rows(Service)[-1].calendar_id}),
    ]:
        with office.refuses(reason):
            changes(office, **wanted)
    with office.refuses(Reason.LETTER_TAKEN):
        adds(office, series="A")
    office.services["X"] = abroad.services["A"]
    with office.refuses(Reason.UNKNOWN):
        changes(office, "X", daily_quota=1)
    assert settings(office) == [] == office.rows(ServiceWording)


class TestLetters:
    def test_a_letter_that_was_given_out_today_waits_for_another_day(self, desk_office):
        office = desk_office
        office.arrives("A")
        with office.refuses(Reason.LETTER_GIVEN_TODAY, letter="A"):
            changes(office, series="D")
        changes(office, series="D", due=office.today + timedelta(days=1))
        assert office.arrives("A").facts["number"] == "A002"

        office.clock.tick(86_400)
        assert list(carry_out_due(office.streams, office.id).values()) == ["applied"]
        assert office.arrives("A").facts["number"] == "D001"
        assert settings(office, "service_series") == [("service_series", "A", "D")]

    @ON_ONE
    def test_nobody_goes_on_counting_with_the_letter_of_a_retired_one_on_its_last_day(self, desk_office):
        office = desk_office
        office.arrives("A")
        retire(office, "A")
        with office.refuses(Reason.LETTER_GIVEN_TODAY, letter="A"):
            adds(office, series="A")
        with office.refuses(Reason.LETTER_GIVEN_TODAY, letter="A"):
            changes(office, "B", series="A")
        office.clock.tick(86_400)
        office.services["new"] = adds(office, series="A")
        office.budi.adds_skill(office.sari, "new")
        assert office.arrives("new").facts["number"] == "A001"
        with office.refuses(Reason.LETTER_TAKEN, letter="A"):
            bring_back(office, "A")

    @ON_ONE
    def test_what_is_planned_is_refused_when_the_day_has_come_and_it_does_not_fit_any_more(self, desk_office):
        office = desk_office
        changes(office, series="D", daily_quota=4, due=office.today + timedelta(days=1))
        with office.refuses(Reason.DATE_OUT_OF_RANGE):
            changes(office, daily_quota=4, due=office.today)
        adds(office, series="D")
        office.clock.tick(86_400)
        assert list(carry_out_due(office.streams, office.id).values()) == ["refused"]
        assert office.row(Service, id=office.services["A"]).daily_quota is None
        assert office.row(PlannedChange).state == "refused"


def retire(office, series):
    asked = office.agus.asks("retire_service", service=series)
    return retiring_services.retire(office.streams, office.id, office.services[series], asked)


def bring_back(office, series):
    asked = office.agus.asks("bring_back_service", service=series)
    return retiring_services.bring_back(office.streams, office.id, office.services[series], asked)


def test_a_retired_service_gives_no_numbers_and_whoever_waits_is_served(desk_office):
    office = desk_office
    office.sari.signs_on(1)
    office.arrives("A")
    waiting = office.arrives("A").facts["transaction"]
    open_matter = office.sari.serves()
    office.sari.processes(open_matter)
    retire(office, "A")
    with office.refuses(Reason.ALREADY_DONE):
        retire(office, "A")

    with office.refuses(Reason.SERVICE_RETIRED):
        office.arrives("A")
    assert office.comes_back(open_matter).facts["number"] == "A003"
    served = office.sari.serves()
    office.sari.completes(served)
    assert (served, office.transaction(waiting).ending) == (waiting, Ending.COMPLETED)
    bring_back(office, "A")
    assert office.arrives("A").facts["number"] == "A004"
    assert settings(office) == [("service_retired", False, True), ("service_retired", True, False)]


def test_the_order_is_that_of_the_kiosk(desk_office):
    office = desk_office

    def moves(series, direction, key=None):
        asked = office.agus.asks("move_service", key, service=series, direction=direction)
        keeping_services.move(office.streams, office.id, office.services[series], direction, asked)
        rows = sorted(office.rows(Service), key=lambda row: (row.position, row.id))
        return "".join(row.series for row in rows)

    assert moves("A", Direction.UP) == "ABC"
    assert moves("A", Direction.DOWN, "k") == moves("A", Direction.DOWN, "k") == "BAC"
    assert moves("C", Direction.UP) == "BCA"
    assert len(settings(office, "service_order")) == 2


class TestQuota:
    def test_it_counts_what_was_opened_today_on_any_way_in(self, desk_office):
        office = desk_office
        changes(office, "B", daily_quota=3)
        office.arrives("B", channel=CheckInChannel.PHONE)
        office.arrives("A", "B")  # a number with A, but for B as well
        again = office.arrives("B", channel=CheckInChannel.API).facts["visit"]
        office.leaves(again)  # given out is given out
        for said in ({}, {"channel": CheckInChannel.PHONE}, {"channel": CheckInChannel.API}, {"beyond_quota": True}):
            with office.refuses(Reason.QUOTA_REACHED, most=3, letter="B", service=office.services["B"]):
                office.arrives("B", **said)
        with office.refuses(Reason.QUOTA_REACHED):
            office.arrives("A", "B")
        assert office.arrives("A").facts["number"] == "A002"

        office.clock.tick(86_400)
        assert office.arrives("B").facts["number"] == "B001"

    def test_whoever_is_back_for_something_open_is_not_counted(self, desk_office):
        office = desk_office
        office.sari.signs_on(1)
        changes(office, daily_quota=2)
        office.arrives("A")
        matter = office.sari.serves()
        office.sari.processes(matter)
        assert office.comes_back(matter).facts["number"] == "A002"
        assert office.arrives("A").facts["number"] == "A003"
        with office.refuses(Reason.QUOTA_REACHED):
            office.arrives("A")

    @ON_ONE
    def test_only_the_front_goes_beyond_it_and_that_is_recorded(self, desk_office):
        office = desk_office
        changes(office, daily_quota=1)
        office.arrives("A")
        service = (office.services["A"],)
        wish = CheckIn(service, CheckInChannel.STAFF, beyond_quota=True)
        with office.refuses(Reason.QUOTA_REACHED):
            intake.check_in(office.streams, office.id, CheckIn(service, CheckInChannel.STAFF), office.sari.asks("x"))
        done = intake.check_in(office.streams, office.id, wish, office.sari.asks("check_in"))
        assert done.facts["number"] == "A002"
        told = [json.loads(row.payload) for row in office.rows_of_event(EventName.VISIT_STARTED)]
        assert [each.get("beyond_quota") for each in told] == [None, True]
        # Where there is room, a tick that was not needed says nothing.
        changes(office, daily_quota=9)
        intake.check_in(office.streams, office.id, wish, office.sari.asks("check_in"))
        told = [json.loads(row.payload) for row in office.rows_of_event(EventName.VISIT_STARTED)]
        assert [each.get("beyond_quota") for each in told] == [None, True, None]

    @ON_ONE
    def test_one_that_is_lowered_below_what_was_given_out_gives_no_more(self, desk_office):
        office = desk_office
        for _ in range(3):
            office.arrives("A")
        changes(office, daily_quota=2)
        with office.refuses(Reason.QUOTA_REACHED):
            office.arrives("A")
        changes(office, daily_quota=None)
        assert office.arrives("A").facts["number"] == "A004"
        with office.streams.reading() as reader:
            assert issued_on(reader, office.id, office.today) == {office.services["A"]: 4}


class TestWhoServesWhat:
    def keeps(self, office, by=None, *, shown=None, add=(), drop=()):
        with office.streams.reading() as reader:
            now = list_pairs(reader, office.id)
        seen = now if shown is None else shown
        ticked = (seen | set(add)) - set(drop)
        asked = (by or office.budi).asks("keep_skills", ticked=sorted(ticked))
        return keeping_skills.keep_skills(office.streams, office.id, asked, shown=seen, ticked=ticked)

    def test_what_differs_is_told_and_what_others_did_meanwhile_stays(self, desk_office):
        office = desk_office
        (a, b, c), sari, dewi, joko = office.services.values(), office.sari.id, office.dewi.id, office.joko.id
        with office.streams.reading() as reader:
            shown = list_pairs(reader, office.id)
        office.budi.removes_skill(office.dewi, "C")
        done = self.keeps(office, office.agus, shown=shown, add=[(sari, c), (joko, a)], drop=[(sari, b)])
        assert done.facts == {"added": 2, "removed": 1, "planned": None}
        with office.streams.reading() as reader:
            now = list_pairs(reader, office.id)
        assert now == shown - {(dewi, c), (sari, b)} | {(sari, c), (joko, a)}
        told = [json.loads(row.payload) for row in office.rows_of_event(EventName.SKILL_CHANGED)][1:]
        assert [(each["officer"], each["service"], each["to"]) for each in told] == [
            (sari, c, True), (joko, a, True), (sari, b, False),
        ]  # fmt: skip
        with office.refuses(Reason.ALREADY_DONE):
            self.keeps(office)

    @ON_ONE
    def test_nobody_else_may_and_nobody_elses_are_taken(self, desk_office):
        office = desk_office
        abroad = office.another()
        for who in (office.sari, office.ratna):
            with office.refuses(Reason.FORBIDDEN):
                self.keeps(office, who, add=[(office.joko.id, office.services["A"])])
        for pair in [
            (office.ratna.id, office.services["A"]),
            (abroad.joko.id, office.services["A"]),
            (office.joko.id, abroad.services["A"]),
            (office.joko.id, 999),
        ]:
            with office.refuses(Reason.UNKNOWN):
                self.keeps(office, add=[pair])
        assert office.rows_of_event(EventName.SKILL_CHANGED) == []


@ON_ONE
def test_all_that_is_set_can_be_read_back(desk_office):
    office = desk_office
    made = adds(office, daily_quota=7)
    with office.streams.reading() as reader:
        values = find_values(reader, office.id, made, day=office.today)
        assert find_values(reader, office.id, 2**40, day=office.today) is None
    assert {name: values[name] for name in plan(office).values} == plan(office, daily_quota=7).values
    assert (values["retired"], values["head"]) == (False, "Budi")
