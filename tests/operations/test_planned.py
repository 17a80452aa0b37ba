"""Changes of settings on a later day: carried out once, by the same rules as one at once, whatever is killed."""

import json
from datetime import date, timedelta
from threading import Thread

import pytest
from sqlalchemy import delete, select

from desk.cli.planned_keeping import carry_out_changes
from desk.domain.access import Actor, Role
from desk.domain.facts import EventName
from desk.domain.reasons import PauseCause
from desk.domain.refusals import Reason
from desk.models import Counter, Membership, PlannedChange, Pool, PriorityReasonRow, Visit
from desk.operations.intake import CheckIn
from desk.operations.requests import Request
from desk.operations.settings import planned
from desk.operations.settings.plannable import carry_out_due, known_kinds
from desk.reads.office_settings import get_office_settings
from desk.reads.planned import count_overdue, count_to_look_at, list_ended, list_waiting

PLANNED = PlannedChange.__table__
TODAY = date(2026, 3, 2)
TOMORROW = TODAY + timedelta(days=1)


def change(office, kind, subject=0, *, due=None, who=None, key=None, **values):
    asked = (who or office.agus).asks("change", key, kind=kind, subject=subject, values=values, due=str(due))
    return planned.change(office.streams, office.id, asked, kind=kind, subject=subject, values=values, due=due)


def told(office, name=EventName.SETTING_CHANGED):
    return [json.loads(row.payload) for row in office.rows_of_event(name)]


def waiting(office):
    with office.streams.reading() as connection:
        return list_waiting(connection, office.id)


def ended(office):
    with office.streams.reading() as connection:
        return list_ended(connection, office.id)


def setting(office, column):
    with office.streams.reading() as connection:
        return get_office_settings(connection, office.id)[column]


def counter(office, counter_id):
    return office.row(Counter, id=counter_id)


class TestPlanning:
    def test_a_counter_gets_its_english_name_on_a_later_day(self, desk_office):
        office, third = desk_office, desk_office.counters[3]
        change(office, "counter", third, due=TOMORROW, name="Meja Informasi", name_en=" Information\tdesk ")
        with office.refuses(Reason.INVALID, field="name_en"):
            change(office, "counter", third, due=TOMORROW, name_en="x" * 81)
        assert counter(office, third).name_en == ""
        office.clock.tick(86_400 - 8 * 3600)
        assert carry_out_changes(office.streams) == {"applied": 1}
        assert (counter(office, third).name, counter(office, third).name_en) == ("Meja Informasi", "Information desk")
        change(office, "counter", third, name_en="")
        renamed = [(each["from"], each["to"]) for each in told(office) if each["setting"] == "counter_name_en"]
        assert renamed == [("", "Information desk"), ("Information desk", "")]
        change(office, "counter", number=8, name="Kasir", name_en="Cashier", back_office=False)
        assert office.row(Counter, number=8).name_en == "Cashier"

    def test_it_is_carried_out_once_at_the_start_of_its_day(self, desk_office):
        office, third = desk_office, desk_office.counters[3]
        done = change(office, "counter", third, due=TOMORROW, key="k", name="Loket prioritas", number=9)
        assert change(office, "counter", third, due=TOMORROW, key="k", name="Loket prioritas", number=9).repeated
        (plan,) = waiting(office)
        assert (plan.id, plan.due, plan.planned_by) == (done.facts["planned"], TOMORROW, "Agus")
        assert carry_out_changes(office.streams) == {}
        assert counter(office, third).name == "Loket 3"

        office.clock.tick(86_400 - 8 * 3600)  # midnight
        assert carry_out_changes(office.streams) == {"applied": 1}
        assert carry_out_changes(office.streams) == {} and carry_out_due(office.streams, office.id) == {}
        row = counter(office, third)
        assert (row.name, row.number) == ("Loket prioritas", 9)
        renamed = next(each for each in told(office) if each["setting"] == "counter_name")
        assert renamed == {
            "setting": "counter_name", "from": "Loket 3", "to": "Loket prioritas", "counter": third, "planned": plan.id
        }  # fmt: skip
        by = next(row for row in office.rows_of_event(EventName.SETTING_CHANGED) if json.loads(row.payload) == renamed)
        assert (by.actor_kind, by.actor_id) == ("staff", office.agus.id)
        assert told(office, EventName.CHANGE_CARRIED_OUT) == [
            {"change": plan.id, "setting": "counter", "subject": third}
        ]
        assert (waiting(office), [each.state for each in ended(office)]) == ([], ["applied"])
        assert office.findings() == []

    def test_several_workers_carry_it_out_once(self, desk_office):
        change(desk_office, "office", due=TOMORROW, reopen_days=7)
        desk_office.clock.tick(86_400)
        workers = [Thread(target=carry_out_due, args=(desk_office.streams, desk_office.id)) for _ in range(4)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
        assert len(told(desk_office, EventName.CHANGE_CARRIED_OUT)) == 1
        assert setting(desk_office, "reopen_days") == 7

    def test_whoever_lost_the_role_meanwhile_is_refused_and_keeps_no_other_waiting(self, desk_office):
        office = desk_office
        change(office, "office", due=TOMORROW, reopen_days=7)
        by_budi = Request(Actor.staff(office.budi.id, Role.ADMIN), "plan")
        planned.plan(office.streams, office.id, by_budi, kind="office", subject=0,
                     values={"offer_expires_s": 300}, due=TOMORROW)  # fmt: skip
        with office.engine.begin() as connection:
            connection.execute(delete(Membership).where(Membership.role == "admin"))
            row = {"person_id": office.budi.id, "office_id": office.id, "role": Role.ADMIN.value}
            connection.execute(Membership.__table__.insert(), row)
        planned.plan(office.streams, office.id, office.agus.asks("plan"), kind="office", subject=0,
                     values={"name": "Nama baru"}, due=TOMORROW)  # fmt: skip
        assert [each.in_danger for each in waiting(office)] == [True, False, True]
        office.clock.tick(86_400)
        assert carry_out_changes(office.streams) == {"applied": 1, "refused": 2}
        assert (setting(office, "reopen_days"), setting(office, "offer_expires_s")) == (14, 300)
        assert {each.refused.reason for each in ended(office) if each.refused} == {Reason.FORBIDDEN}
        assert [each["reason"] for each in told(office, EventName.CHANGE_REFUSED)] == ["forbidden"] * 2

    def test_what_fails_is_written_down_and_what_is_killed_is_done_again(self, desk_office, monkeypatch):
        office = desk_office

        def broken(unit, subject, values):
            raise KeyError("Wati, 0812…")

        planned.register("broken", broken)
        try:
            change(office, "broken", due=TOMORROW, x=1)
            change(office, "office", due=TOMORROW, reopen_days=7)
            office.clock.tick(86_400)
            with monkeypatch.context() as patch:
                patch.setattr("desk.operations.settings.office_settings.tell", _killed)
                with pytest.raises(KeyboardInterrupt):
                    carry_out_due(office.streams, office.id)
            assert setting(office, "reopen_days") == 14
            assert [each.kind for each in waiting(office)] == ["office"]
            assert carry_out_changes(office.streams) == {"applied": 1}
            assert {each.kind: each.state for each in ended(office)} == {"broken": "refused", "office": "applied"}
            assert office.findings() == []
        finally:
            planned._KINDS.pop("broken")

    def test_a_newer_program_s_kind_is_left_to_it(self, desk_office):
        change(desk_office, "office", due=TOMORROW, reopen_days=7)
        with desk_office.engine.begin() as connection:
            connection.execute(PLANNED.update().values(kind="of_tomorrow"))
        desk_office.clock.tick(3 * 86_400)
        assert carry_out_changes(desk_office.streams) == {}
        with desk_office.streams.reading() as connection:
            assert count_overdue(connection, desk_office.id, before=TOMORROW + timedelta(days=1)) == 1
        assert [each.kind for each in desk_office.findings()] == ["planned"]
        with desk_office.engine.begin() as connection:
            connection.execute(PLANNED.update().values(kind="office"))

    @pytest.mark.parametrize(
        "altered",
        [{"wanted": '{"reopen_days": 366}'}, {"wanted": "?"}, {"due": TODAY}, {"planned_by": 4}, {"subject": 7}],
    )
    def test_what_was_altered_outside_of_the_desk_is_refused_and_found(self, desk_office, altered):
        office = desk_office
        address = "Jalan Contoh 1\nBandung"
        done = change(office, "office", due=TOMORROW, reopen_days=7, address=address).facts["planned"]
        (plan,) = told(office, EventName.CHANGE_PLANNED)
        assert plan["wanted"]["reopen_days"] == 7 and plan["wanted"]["address"].keys() == {"digest"}
        assert office.findings() == []
        row = office.row(PlannedChange, id=done)
        kept = {name: getattr(row, name) for name in altered}
        with office.engine.begin() as connection:
            connection.execute(PLANNED.update().values(**altered))
        assert [each.kind for each in office.findings()] == ["planned"]
        office.clock.tick(86_400)
        assert carry_out_due(office.streams, office.id) == {done: "refused"}
        assert setting(office, "reopen_days") == 14
        (refused,) = told(office, EventName.CHANGE_REFUSED)
        assert refused["reason"] == "plan_altered"
        with office.streams.reading() as connection:
            assert count_to_look_at(connection, office.id, now=office.clock()) == 1
            assert count_to_look_at(connection, office.id, now=office.clock() + timedelta(days=8)) == 0
        with office.engine.begin() as connection:
            connection.execute(PLANNED.update().values(state="planned", **kept))
        assert [each.message for each in office.findings()] == ["it is planned, but refused"]
        with office.engine.begin() as connection:
            connection.execute(PLANNED.update().values(state="refused"))

    def test_a_number_that_another_counter_has_on_that_day_is_refused_when_it_is_planned(self, desk_office):
        office, (first, second) = desk_office, (desk_office.counters[1], desk_office.counters[2])
        later = TOMORROW + timedelta(days=1)
        with office.refuses(Reason.COUNTER_NUMBER_TAKEN, number=1):
            change(office, "counter", second, due=TOMORROW, number=1)
        change(office, "counter", first, due=TOMORROW, number=8)
        change(office, "counter", second, due=TOMORROW, number=1)
        change(office, "counter", due=later, number=2, name="Loket baru", back_office=False)
        with office.refuses(Reason.COUNTER_NUMBER_TAKEN, number=2, name="Loket baru"):
            change(office, "counter", first, due=later, number=2)
        office.clock.tick(3 * 86_400)
        assert carry_out_changes(office.streams) == {"applied": 3}
        assert (counter(office, first).number, counter(office, second).number) == (8, 1)

    def test_the_last_reason_for_priority_stays(self, desk_office):
        codes = [row.code for row in desk_office.rows(PriorityReasonRow)]
        for code in codes[1:]:
            change(desk_office, "priority_reason", code=code, retired=True)
        with desk_office.refuses(Reason.LAST_PRIORITY_REASON):
            change(desk_office, "priority_reason", code=codes[0], retired=True)

    def test_it_can_be_cancelled_until_then(self, desk_office):
        office = desk_office
        done = change(office, "office", due=TOMORROW, reopen_days=7).facts["planned"]
        with office.refuses(Reason.FORBIDDEN):
            planned.cancel(office.streams, office.id, done, office.budi.asks("cancel"))
        with office.refuses(Reason.UNKNOWN):
            planned.cancel(office.streams, office.id, done + 1, office.agus.asks("cancel"))
        planned.cancel(office.streams, office.id, done, office.agus.asks("cancel"))
        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            planned.cancel(office.streams, office.id, done, office.agus.asks("cancel"))
        office.clock.tick(86_400)
        assert carry_out_changes(office.streams) == {}
        assert setting(office, "reopen_days") == 14

    @pytest.mark.parametrize("due", [TODAY - timedelta(days=1), TODAY + timedelta(days=4_000)])
    def test_no_day_in_the_past_or_far_away(self, desk_office, due):
        with desk_office.refuses(Reason.DATE_OUT_OF_RANGE):
            change(desk_office, "office", due=due, reopen_days=7)

    def test_what_will_never_be_right_is_refused_at_once(self, desk_office):
        office = desk_office
        assert known_kinds() >= {"office", "counter", "pool", "priority_reason", "service"}
        for kind in ("office", "counter", "pool", "priority_reason"):
            with office.refuses(Reason.FORBIDDEN):
                change(office, kind, due=TOMORROW, who=office.sari)
        for kind, subject, values in (
            ("office", 0, {"zone": "Asia/Jakarta/x"}), ("office", 0, {"zone": "Asia"}), ("office", 0, {"zone": 7}),
            ("office", 0, {"language": "xx"}), ("office", 0, {"reopen_days": "7"}), ("office", 0, {"id": 9}),
            ("office", 0, {"head_start_s": True}), ("office", 0, {}), ("nothing", 0, {}),
            ("counter", 0, {"name": "x"}), ("counter", 0, {"number": 0, "name": "x", "back_office": False}),
            ("counter", office.counters[1], {"name": "x" * 81}), ("counter", office.counters[1], {"retired": 1}),
            ("pool", 0, {"name": "x", "members": []}), ("pool", 0, {"name": "", "head": 1, "members": []}),
            ("pool", 0, {"name": "x", "head": 1, "members": "all"}),
            ("pool", 0, {"name": "x", "head": 2**40, "members": []}),
            ("priority_reason", 0, {"label_id": "x"}), ("priority_reason", 0, {"code": "child", "position": -1}),
        ):  # fmt: skip
            with office.refuses(Reason.INVALID):
                change(office, kind, subject, due=TOMORROW, **values)
        for kind, subject, values in (
            ("counter", 999, {}),
            ("pool", 999, {}),
            ("priority_reason", 0, {"code": "rich"}),
        ):
            with office.refuses(Reason.UNKNOWN):
                change(office, kind, subject, due=TOMORROW, **values)


def _killed(*given, **more):
    raise KeyboardInterrupt


class TestOffice:
    def test_each_setting_is_told_with_what_it_was(self, desk_office):
        before = len(told(desk_office))
        change(desk_office, "office", name="  KPKNL\tJakarta I ", reopen_days=30, language="id")
        assert [(each["setting"], each["from"], each["to"]) for each in told(desk_office)[before:]] == [
            ("office_name", "KPKNL Contoh", "KPKNL Jakarta I"), ("reopen_days", 14, 30)
        ]  # fmt: skip
        with desk_office.streams.reading() as connection:
            assert desk_office.streams.configuration(connection, desk_office.id).rules.reopen_days == 30

    def test_the_day_changes_between_days_in_an_empty_house_only(self, desk_office):
        office = desk_office
        change(office, "office", zone="Asia/Makassar")  # nobody has ever been here
        change(office, "office", zone="Asia/Jakarta")
        office.arrives("A")
        with office.refuses(Reason.DAY_NEEDS_PLAN):
            change(office, "office", zone="Asia/Jayapura")
        change(office, "office", zone="Asia/Jayapura", due=TOMORROW)
        change(office, "office", day_starts_at=300, due=TOMORROW + timedelta(days=1))
        office.clock.tick(86_400)
        assert carry_out_changes(office.streams) == {"refused": 1}
        assert ended(office)[0].refused.reason is Reason.VISITORS_IN_THE_HOUSE
        office.budi.closes_earlier_days()
        office.clock.tick(86_400)
        assert carry_out_changes(office.streams) == {"applied": 1}
        assert (setting(office, "zone"), setting(office, "day_starts_at")) == ("Asia/Jakarta", 300)


class TestCounters:
    def test_a_number_is_given_once_among_those_in_use(self, desk_office):
        office, third = desk_office, desk_office.counters[3]
        with office.refuses(Reason.COUNTER_NUMBER_TAKEN, number=1, name="Loket 1"):
            change(office, "counter", number=1, name="Lagi", back_office=True)
        with office.refuses(Reason.COUNTER_NUMBER_TAKEN):
            change(office, "counter", third, number=4)
        change(office, "counter", third, retired=True)
        change(office, "counter", number=3, name="Loket tiga", back_office=False)
        with office.refuses(Reason.COUNTER_NUMBER_TAKEN):
            change(office, "counter", third, retired=False)
        change(office, "counter", third, retired=False, number=5)
        assert office.findings() == []

    def test_one_in_use_is_not_retired(self, desk_office):
        office, (first, second) = desk_office, (desk_office.counters[1], desk_office.counters[2])
        office.sari.signs_on(1)
        with office.refuses(Reason.COUNTER_IN_USE, who="Sari"):
            change(office, "counter", first, retired=True)
        office.dewi.signs_on(2)
        office.arrives("A")
        office.dewi.serves(counter=2)
        with office.refuses(Reason.COUNTER_IN_USE, who="Dewi"):
            change(office, "counter", second, retired=True)

    def test_the_last_one_is_not_retired(self, desk_office):
        office = desk_office
        for number in (1, 2):
            change(office, "counter", office.counters[number], retired=True)
        with office.refuses(Reason.LAST_COUNTER):
            change(office, "counter", office.counters[3], retired=True)
        change(office, "counter", office.counters[4], retired=True)  # a desk, to which nobody is called


class TestPools:
    def test_it_has_a_head_who_works_here_and_a_name_of_its_own(self, desk_office):
        office = desk_office
        elsewhere = office.another()
        for head in (999, elsewhere.budi.id, office.ratna.id):
            with office.refuses(Reason.INVALID, field="head"):
                change(office, "pool", name="Arsip", head=head, members=[])
        with office.refuses(Reason.INVALID, field="members"):
            change(office, "pool", name="Arsip", head=office.budi.id, members=[elsewhere.joko.id])
        with office.refuses(Reason.NAME_TAKEN):
            change(office, "pool", name="PENGOLAHAN", head=office.budi.id, members=[])
        change(office, "pool", name="Arsip", head=office.sari.id, members=[])
        made = office.row(Pool, name="Arsip")
        change(office, "pool", made.id, head=office.budi.id)
        last = told(office)[-2:]
        assert [(each["setting"], each["from"], each["to"]) for each in last] == [
            ("pool_head", office.sari.id, office.budi.id),
            ("members", [office.sari.id], sorted([office.sari.id, office.budi.id])),
        ]

    def test_one_in_which_something_lies_is_not_retired(self, desk_office):
        office, pool = desk_office, desk_office.pools["Pengolahan"]
        office.sari.signs_on(1)
        office.arrives("A")
        served = office.sari.serves()
        office.sari.pools(served)
        with office.refuses(Reason.POOL_NOT_EMPTY, count=1):
            change(office, "pool", pool, retired=True)
        office.joko.takes(served)
        change(office, "pool", pool, retired=True)


class TestPriorityReasons:
    def test_the_office_s_own_list_is_chosen_from(self, desk_office):
        office = desk_office
        assert [each.code for each in office.rows(PriorityReasonRow)] == ["child", "disability", "elderly", "pregnant"]
        with office.refuses(Reason.NAME_TAKEN, field="label_en"):
            change(office, "priority_reason", label_id="Lain", label_en="elderly")
        change(office, "priority_reason", label_id="Donor darah", label_en="Blood donor of long standing")
        code = "blood_donor_of_lo"
        change(office, "priority_reason", code=code, position=0)
        change(office, "priority_reason", code="child", retired=True)
        office.arrives("A", priority_reason=code)
        assert office.row(Visit).priority_reason == code
        for gone in ("child", "rich"):
            with office.refuses(Reason.INVALID, field="priority_reason"):
                office.arrives("A", priority_reason=gone)
        order = select(PriorityReasonRow.code).order_by(PriorityReasonRow.position)
        with office.streams.reading() as connection:
            assert connection.execute(order).scalars().first() == code
        assert office.findings() == []

    def test_what_was_given_at_the_first_visit_goes_on(self, desk_office):
        office = desk_office
        office.sari.signs_on(1)
        office.arrives("A", priority_reason="child")
        processed = office.sari.serves()
        office.sari.processes(processed)
        change(office, "priority_reason", code="child", retired=True)
        office.comes_back(processed, priority_reason="child")
        with office.refuses(Reason.INVALID, field="priority_reason"):
            office.arrives("B", priority_reason="child")
        assert CheckIn((1,), priority_reason="child").priority == "priority"


class TestPauseReasons:
    def test_an_office_words_them_and_offers_fewer(self, desk_office):
        office, pause = desk_office, "pause_cause"
        office.sari.signs_on(1)
        office.arrives("A")
        served = office.sari.serves()
        office.sari.processes(served)
        land_office = {"label_id": "Menunggu BPN", "label_en": "Waiting for the land office", "needs_note": True}
        office.budi.changes_setting(pause, code="other_agency", **land_office)
        with office.refuses(Reason.NOTE_MISSING):
            office.sari.pauses(served, cause=PauseCause.OTHER_AGENCY)
        office.budi.changes_setting(pause, code="visitor", retired=True)
        with office.refuses(Reason.REASON_NOT_LISTED):
            office.sari.pauses(served, cause=PauseCause.VISITOR)
        with office.refuses(Reason.INVALID):
            office.budi.changes_setting(
                pause, label_id="Menunggu bank", label_en="Waiting for a bank", needs_note=False
            )
        for code in ("other_agency", "system"):
            office.budi.changes_setting(pause, code=code, label_id=code, label_en=code, retired=True)
        with office.refuses(Reason.LAST_REASON):
            office.budi.changes_setting(pause, code="closing_time", retired=True)
        office.sari.pauses(served, cause=PauseCause.CLOSING_TIME)
        worded = next(each for each in told(office) if each["setting"] == "handoff_reason_label_en")
        assert (worded["from"], worded["to"], worded["code"]) == (
            "Waiting for another agency", "Waiting for the land office", "other_agency"
        )  # fmt: skip
