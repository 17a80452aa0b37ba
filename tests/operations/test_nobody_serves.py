"""A service that nobody who works here serves: no numbers, no silence about who waits, and how it comes to that."""

import json
from datetime import timedelta

import pytest

from desk.domain.access import KIOSK
from desk.domain.facts import EventName
from desk.domain.gaps import GapAction, GapKind
from desk.domain.intake import CheckInChannel
from desk.domain.lifecycle import Ending
from desk.domain.refusals import Reason
from desk.models import Service
from desk.operations import intake
from desk.operations.intake import CheckIn
from desk.operations.requests import Request
from desk.operations.settings import keeping_skills, retiring_services
from desk.operations.settings.carrying_out import carry_out_due
from desk.reads.gap_finders import list_gaps
from desk.reads.gaps import get_scene
from desk.reads.planned import list_ended
from desk.reads.planned_skills import pairs_on
from desk.reads.service_sheets import list_pairs

ON_ONE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def keeps(office, by=None, *, add=(), drop=(), due=None, sure_of=""):
    """Keep the table of who serves what with these pairs added and dropped."""
    with office.streams.reading() as reader:
        now = list_pairs(reader, office.id)
        shown = now if due is None else pairs_on(reader, office.id, now, due)
    ticked = (shown | {*add}) - {*drop}
    given = {"shown": shown, "ticked": ticked, "due": due, "sure_of": [office.services[each] for each in sure_of]}
    asked = (by or office.budi).asks("keep_skills", **{name: str(each) for name, each in given.items()})
    return keeping_skills.keep_skills(office.streams, office.id, asked, **given)


def all_of(office, *letters):
    """Return who serves what, of these services."""
    wanted = {office.services[each] for each in letters}
    with office.streams.reading() as reader:
        return {pair for pair in list_pairs(reader, office.id) if pair[1] in wanted}


def retires(office, letter, *, due=None):
    asked = office.agus.asks("retire_service", service=letter, due=str(due))
    return retiring_services.retire(office.streams, office.id, office.services[letter], asked, due=due)


def gaps_of(office):
    with office.streams.reading() as reader:
        found = list_gaps(get_scene(reader, office.id, at=office.clock.now))
    return [each for each in found if each.kind is GapKind.NOBODY_SERVES]


def next_day(office):
    office.clock.tick(86_400)
    return [*carry_out_due(office.streams, office.id).values()]


def why(office):
    """Return why planned changes were refused."""
    with office.streams.reading() as reader:
        return [each.refused.reason for each in list_ended(reader, office.id) if each.refused]


class TestTakingTheLastOneAway:
    def test_it_has_to_be_confirmed_for_each_service_that_is_left(self, desk_office):
        office = desk_office
        with office.refuses(
            Reason.LAST_TO_SERVE, letters="A, B", left=f"{office.services['A']} {office.services['B']}"
        ):
            keeps(office, drop=all_of(office, "A", "B"))
        with office.refuses(Reason.LAST_TO_SERVE):
            keeps(office, drop=all_of(office, "A", "B"), sure_of="A")
        assert office.rows_of_event(EventName.SKILL_CHANGED) == []

        assert keeps(office, drop=all_of(office, "A", "B"), sure_of="AB").facts["removed"] == 6
        assert all_of(office, "A", "B") == set()

    def test_one_who_stays_is_enough_and_one_who_comes_too(self, desk_office):
        office = desk_office
        keeps(office, drop=all_of(office, "A") - {(office.sari.id, office.services["A"])})
        keeps(
            office, add=[(office.joko.id, office.services["A"])], drop=[(office.sari.id, office.services["A"])]
        )  # fmt: skip
        assert all_of(office, "A") == {(office.joko.id, office.services["A"])}

    @ON_ONE
    def test_who_has_left_counts_for_nothing(self, desk_office):
        office = desk_office
        office.agus.deactivates(office.dewi)
        keeps(office, drop=[(office.budi.id, office.services["B"])])
        with office.refuses(Reason.LAST_TO_SERVE, letters="B"):
            office.budi.removes_skill(office.sari, "B")

    def test_it_is_refused_while_somebody_waits_however_sure(self, desk_office):
        office = desk_office
        waiting = office.arrives("A", "B")
        with office.refuses(Reason.STILL_WAITED_FOR, letters="A, B"):
            keeps(office, drop=all_of(office, "A", "B", "C"), sure_of="ABC")
        office.leaves(waiting.facts["visit"])
        keeps(office, drop=all_of(office, "A", "B", "C"), sure_of="ABC")

    def test_one_officer_at_a_time_comes_to_the_same(self, desk_office):
        office = desk_office
        office.budi.removes_skill(office.dewi, "A")
        office.budi.removes_skill(office.budi, "A")
        visit = office.arrives("A").facts["visit"]
        with office.refuses(Reason.STILL_WAITED_FOR, letters="A"):
            office.budi.removes_skill(office.sari, "A", sure_of="A")
        office.leaves(visit)
        with office.refuses(Reason.LAST_TO_SERVE, letters="A"):
            office.budi.removes_skill(office.sari, "A", sure_of="B")
        office.budi.removes_skill(office.sari, "A", sure_of="A")
        with office.refuses(Reason.NOBODY_SERVES):
            office.arrives("A")

    def test_it_can_be_planned_and_on_its_day_it_is_refused_where_somebody_waits(self, desk_office):
        office, due = desk_office, desk_office.today + timedelta(days=1)
        office.arrives("A")  # today: whoever waits now is gone by then
        with office.refuses(Reason.LAST_TO_SERVE, letters="A"):
            keeps(office, drop=all_of(office, "A"), due=due)
        keeps(office, drop=all_of(office, "A"), due=due, sure_of="A")
        assert next_day(office) == ["refused"]  # nobody closed the day
        assert why(office) == [Reason.STILL_WAITED_FOR] and all_of(office, "A")

        keeps(office, drop=all_of(office, "A"), due=office.today + timedelta(days=1), sure_of="A")
        office.budi.closes_earlier_days()
        assert next_day(office) == ["applied"] and not all_of(office, "A")


class TestNoNumbers:
    @pytest.mark.parametrize("channel", [*CheckInChannel])
    @ON_ONE
    def test_on_no_way_in(self, desk_office, channel):
        office = desk_office
        keeps(office, drop=all_of(office, "A"), sure_of="A")
        wish = CheckIn((office.services["B"], office.services["A"]), channel)
        asked = office.sari.asks("check_in") if channel is CheckInChannel.STAFF else Request(KIOSK, "check_in")
        with office.refuses(Reason.NOBODY_SERVES, letter="A", service=office.services["A"]):
            intake.check_in(office.streams, office.id, wish, asked)
        assert office.arrives("B").facts["number"] == "B001"

    def test_nor_as_a_second_matter_but_for_what_is_open(self, desk_office):
        office = desk_office
        office.dewi.signs_on(2)
        office.arrives("B")
        resting = office.dewi.serves(counter=2)
        office.dewi.processes(resting)
        office.arrives("A")
        present = office.dewi.serves(counter=2)
        keeps(office, drop=all_of(office, "B"), sure_of="B")
        with office.refuses(Reason.NOBODY_SERVES, letter="B"):
            office.dewi.adds_matter(present, "B")
        assert office.comes_back(resting).facts["number"] == "B002"

    def test_once_everybody_left_or_has_another_role_and_again_when_somebody_is_back(self, desk_office):
        office = desk_office
        keeps(office, drop=all_of(office, "A") - {(office.sari.id, office.services["A"])})
        office.arrives("A")
        office.agus.deactivates(office.sari)
        with office.refuses(Reason.NOBODY_SERVES):
            office.arrives("A")
        office.agus.reactivates(office.sari)
        assert office.arrives("A").facts["number"] == "A002"
        office.agus.shuts_out(office.sari)
        with office.refuses(Reason.NOBODY_SERVES):
            office.arrives("A")


class TestRetiring:
    def test_the_last_service_in_use_stays(self, desk_office):
        office = desk_office
        retires(office, "A")
        retires(office, "B")
        with office.refuses(Reason.LAST_SERVICE):
            retires(office, "C")
        assert office.arrives("C").facts["number"] == "C001"

    @ON_ONE
    def test_also_on_the_day_on_which_all_of_them_were_to_go(self, desk_office):
        office, due = desk_office, desk_office.today + timedelta(days=1)
        for letter in "ABC":
            retires(office, letter, due=due)
        assert sorted(next_day(office)) == ["applied", "applied", "refused"]
        assert why(office) == [Reason.LAST_SERVICE]
        assert sum(not row.retired for row in office.rows(Service)) == 1

    def test_whoever_waits_for_a_retired_one_can_be_given_to_somebody(self, desk_office):
        office = desk_office
        retires(office, "B")
        with office.refuses(Reason.SERVICE_RETIRED):
            office.budi.adds_skill(office.joko, "B")
        keeps(office, drop=all_of(office, "A") - {(office.sari.id, office.services["A"])})
        waiting = office.arrives("A").facts["transaction"]
        retires(office, "A")
        with office.refuses(Reason.STILL_WAITED_FOR, letters="A"):
            office.budi.removes_skill(office.sari, "A")
        office.agus.deactivates(office.sari)

        office.budi.adds_skill(office.joko, "A")
        office.joko.signs_on(1)
        office.joko.completes(office.joko.serves())
        assert office.transaction(waiting).ending == Ending.COMPLETED
        office.budi.removes_skill(office.joko, "A")  # nobody waits any more, and it gives no numbers: nothing to ask
        assert json.loads(office.rows_of_event(EventName.SKILL_CHANGED)[-1].payload)["to"] is False


class TestTheGap:
    def test_it_says_since_when_how_many_wait_until_somebody_serves_it(self, desk_office):
        office = desk_office
        keeps(office, drop=all_of(office, "A") - {(office.sari.id, office.services["A"])})
        first, since = office.arrives("A").facts["transaction"], office.clock.now
        office.clock.tick(60)
        office.arrives("A")
        office.arrives("B")
        assert gaps_of(office) == []
        retires(office, "A")
        office.agus.deactivates(office.sari)

        (gap,) = gaps_of(office)
        assert (gap.action, gap.transaction_id, gap.number) == (GapAction.SAY_WHO_SERVES, first, "A001")
        assert (gap.service_id, gap.since, gap.waiting) == (office.services["A"], since, 2)
        keeps(office, add=[(office.joko.id, office.services["A"])])
        assert gaps_of(office) == []

    @ON_ONE
    def test_whoever_waits_for_somebody_by_name_is_called_by_them(self, desk_office):
        office = desk_office
        office.sari.signs_on(1)
        office.dewi.signs_on(2)
        office.arrives("A")
        office.sari.offers(office.sari.serves(), office.dewi)
        keeps(office, drop=all_of(office, "A"), sure_of="A")
        assert gaps_of(office) == []
