"""Absences never chain: whatever is planned in whatever order, a deputy is there, and nobody is absent twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.absence import Absence, cancel, find_deputy, plan
from desk.domain.access import Actor, Role
from desk.domain.refusals import Reason, Refused

TODAY = date(2026, 3, 2)
BUDI = Actor.staff(9, Role.SUPERVISOR)
PEOPLE = st.integers(1, 4)
WISHES = st.lists(st.tuples(PEOPLE, PEOPLE, st.integers(-1, 9), st.integers(-1, 4)), max_size=30)


def wish(person: int, deputy: int, first: int, more: int = 0) -> Absence:
    """Return an absence from so many days after today, for so many days more."""
    begins_on = TODAY + timedelta(days=first)
    return Absence(person, deputy, begins_on, begins_on + timedelta(days=more))


@given(WISHES)
def test_a_deputy_is_there_on_every_day(wishes):
    planned: list[Absence] = []
    for each in wishes:
        try:
            plan(wish(*each), actor=BUDI, today=TODAY, others=planned)
        except Refused:
            continue
        planned.append(wish(*each))
    for offset in range(16):
        day = TODAY + timedelta(days=offset)
        away = [each.person_id for each in planned if each.holds(day)]
        assert len(away) == len(set(away))
        for person_id in away:
            mine = [each for each in planned if each.person_id == person_id]
            assert find_deputy(mine, day=day) not in {*away, None}


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (wish(1, 2, 1, -1), Reason.DATES_REVERSED),
        (wish(1, 2, -1), Reason.DATE_IN_THE_PAST),
        (wish(1, 2, 0, 366), Reason.ABSENCE_TOO_LONG),
        (wish(1, 1, 0), Reason.DEPUTY_IS_ONESELF),
        (wish(3, 2, 5), Reason.ABSENCE_OVERLAPS),
        (wish(4, 3, 5), Reason.DEPUTIES_IN_A_CIRCLE),
        (wish(1, 3, 5), Reason.DEPUTY_ABSENT),
        (wish(4, 1, 5), Reason.STANDS_IN),
    ],
)
def test_what_is_refused(asked, reason):
    with pytest.raises(Refused) as caught:
        plan(asked, actor=BUDI, today=TODAY, others=[wish(3, 4, 5)])
    assert caught.value.reason is reason


def test_neither_rule_is_for_strangers():
    sari, auditor = Actor.staff(1, Role.AGENT), Actor.staff(1, Role.AUDITOR)
    for actor, of in ((sari, 2), (auditor, 1)):
        with pytest.raises(Refused, match="forbidden"):
            plan(wish(of, 3, 0), actor=actor, today=TODAY, others=[])
        with pytest.raises(Refused, match="forbidden"):
            cancel(wish(of, 3, 0), actor=actor, cancelled=False, today=TODAY)


def test_what_is_over_cannot_be_cancelled():
    with pytest.raises(Refused, match="no_longer_absent"):
        cancel(wish(1, 2, -3, 2), actor=BUDI, cancelled=False, today=TODAY)
