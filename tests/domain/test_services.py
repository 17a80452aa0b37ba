"""What an office may set of a service, what differs, how a list is moved, and who serves what after a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desk.domain.promises import working_days
from desk.domain.refusals import Reason, Refused
from desk.domain.services import (
    ICONS,
    MOST_DAYS,
    MOST_STEPS,
    TEXTS,
    Direction,
    Plan,
    SkillChanges,
    changed,
    checked_steps,
    is_full,
    left_unserved,
    moved,
    skill_changes,
    tidied,
)
from desk.wording import services as words
from tests.guards.tree import ROOT

NAMED = {"name_id": "Lelang", "name_en": "Auctions"}
SARI, DEWI, GONE = 1, 2, 3


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("series", " d ", "D"),
        ("series", "abc", "ABC"),
        ("icon", "hammer", "hammer"),
        ("wait_promise_s", 60, 60),
        ("wait_promise_s", 86_400, 86_400),
        ("completion_steps", (), []),
        ("completion_steps", ((5, 17), (10, 19)), [[5, 17], [10, 19]]),
        ("daily_quota", None, None),
        ("daily_quota", 1, 1),
        ("daily_quota", 9_999, 9_999),
        ("name_id", "  Lelang\x00 barang ", "Lelang barang"),
        ("fee_en", "\r\nNone\r\n", "None"),
    ],
)
def test_what_can_be_set_is_made_fit_to_keep(name, value, kept):
    assert tidied({name: value}) == {name: kept}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("series", ["", "ABCD", "A1", "Ä", None, 7]),
        ("icon", ["", "skull", "../sprite", None]),
        ("wait_promise_s", [0, 59, 86_401, -60, True, "60", 90.0]),
        ("daily_quota", [0, -1, 10_000, True, "5"]),
        ("completion_steps", [[(5, 17), (5, 19)], [(5, 17), (10, 17)], [(10, 17), (5, 19)], [(0, 1)], [(1, 0)]]),
        ("completion_steps", [[(1, MOST_DAYS + 1)], [(10_001, 1)], [(1,)], [(1, 2, 3)], [("5", "6")]]),
        ("completion_steps", [[(n, n) for n in range(1, MOST_STEPS + 2)]]),
        ("head_id", [0, -1, None, 2**31]),
        ("calendar_id", [0, "1"]),
        ("name_en", ["", "  ", "x" * 201, None]),
        ("procedure_id", ["x" * 4_001]),
        ("office_id", [2]),
        ("retired", [True]),
    ],
)
def test_what_is_unfit_is_refused_with_its_field(name, values):
    for value in values:
        with pytest.raises(Refused) as refused:
            tidied({name: value})
        assert (refused.value.reason, refused.value.details["field"]) == (Reason.INVALID, name)


@given(some.lists(some.tuples(some.integers(-2, 10_002), some.integers(-2, 262)), max_size=14))
def test_steps_are_kept_as_they_are_or_refused_and_kept_ones_promise_more_for_more(steps):
    try:
        kept = checked_steps(steps)
    except Refused:
        return
    assert kept == tuple(steps)
    if not kept:
        return
    tried = sorted({1, *(most for most, _ in kept), *(most + 1 for most, _ in kept[:-1])})
    promised = [working_days(kept, quantity) for quantity in tried]
    assert promised == sorted(promised)
    assert [working_days(kept, most) for most, _ in kept] == [days for _, days in kept]


@given(some.none() | some.integers(1, 9_999), some.integers(0, 12_000))
def test_a_day_is_full_once_its_quota_is_given_out(quota, issued):
    assert is_full(quota, issued) is (quota is not None and not issued < quota)


@given(some.lists(some.integers(1, 50), min_size=1, unique=True), some.sampled_from(Direction), some.data())
def test_moving_loses_nothing_and_moves_by_one(order, direction, data):
    chosen = data.draw(some.sampled_from(order))
    after = moved(order, chosen, direction)
    assert sorted(after) == sorted(order)
    step = -1 if direction is Direction.UP else 1
    assert after.index(chosen) == min(max(order.index(chosen) + step, 0), len(order) - 1)


PAIRS = some.frozensets(some.tuples(some.integers(1, 4), some.integers(1, 4)))


@given(shown=PAIRS, ticked=PAIRS, now=PAIRS)
def test_a_table_changes_only_what_was_changed_in_it(shown, ticked, now):
    changes = skill_changes(shown=shown, ticked=ticked, now=now)
    after = (now | set(changes.added)) - set(changes.removed)
    for pair in shown | ticked | now:
        touched = (pair in shown) != (pair in ticked)
        assert (pair in after) is (pair in (ticked if touched else now))
    assert not set(changes.added) & now
    assert set(changes.removed) <= now


@pytest.mark.parametrize(
    ("added", "removed", "left"),
    [
        ((), (), ""),
        ((), ((SARI, 1),), ""),  # Dewi serves it still
        ((), ((SARI, 1), (DEWI, 1)), "1"),
        ((), ((DEWI, 2),), "2"),  # whoever has left serves nobody
        (((SARI, 2),), ((DEWI, 2),), ""),
        (((GONE, 1),), ((SARI, 1), (DEWI, 1)), "1"),
        ((), ((SARI, 1), (DEWI, 1), (DEWI, 2)), "12"),
        ((), ((GONE, 3),), ""),  # nobody served it before either
    ],
)
def test_a_service_is_left_once_nobody_active_serves_it_any_more(added, removed, left):
    now = {(SARI, 1), (DEWI, 1), (DEWI, 2), (GONE, 2), (GONE, 3)}
    found = left_unserved(SkillChanges(added, removed), now=now, active={SARI, DEWI})
    assert found == {int(each) for each in left}


@given(now=PAIRS, added=PAIRS, removed=PAIRS, active=some.frozensets(some.integers(1, 4)))
def test_none_is_left_that_somebody_active_serves(now, added, removed, active):
    left = left_unserved(SkillChanges(tuple(added), tuple(removed)), now=now, active=active)
    after = (now | added) - removed
    assert not {what for who, what in after if who in active} & left
    assert left <= {what for who, what in now if who in active}


def test_a_plan_says_all_that_is_set():
    plan = Plan("a", NAMED, 1, 2)
    assert plan.values.keys() == {
        "series", "icon", "wait_promise_s", "completion_steps", "daily_quota", "calendar_id", "head_id", *TEXTS,
    }  # fmt: skip
    before = {**plan.values, "daily_quota": 5}
    assert changed(before, plan.values) == {"daily_quota": (5, None)}


def test_every_picture_is_in_the_sprite_and_has_its_word():
    shipped = (ROOT / "static" / "vendor" / "bootstrap-icons" / "ICONS").read_text().split()
    assert set(ICONS) <= set(shipped)
    assert [*words.ICONS] == [*ICONS]
