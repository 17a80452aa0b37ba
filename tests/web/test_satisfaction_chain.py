"""Officers and legs on the page of scores, beside the totals there and beside what was published."""

import pytest

from desk.models import InvitationRow
from tests.operations.test_improving import publishes
from tests.web.test_satisfaction import answered, ended, office, path_of, rows

__all__ = ["office"]
BESIDE = "hidden, so that fewer than 5 beside it cannot be worked out"


@pytest.fixture
def budi(web):
    found = web.as_("Budi")
    found.speak("en")
    return found


def officers(budi, office):
    return {row[0]: (row[1], bool(row[3])) for row in rows(budi.get(path_of(office, "scores/tables/officers")))[1:]}


def legs(budi, office):
    return [(row[0], row[2], bool(row[4])) for row in rows(budi.get(path_of(office, "scores/tables/legs")))[1:]]


def by_dewi(office, score):
    office.arrives("B")
    transaction = office.dewi.serves(counter=2)
    office.clock.tick(60)
    office.dewi.completes(transaction)
    office.says(office.row(InvitationRow, transaction_id=transaction).id, score=score)


def test_the_one_answer_of_another_officer_is_not_the_office_less_sari(budi, office):
    for number in range(10):
        office.says(ended(office, "B"), score=str(1 + number % 5))
    assert officers(budi, office) == {"Sari": ("10", True)}

    by_dewi(office, "2")
    assert officers(budi, office) == {"Sari": ("10", False), "Dewi": ("1", False)}
    assert BESIDE in budi.get(path_of(office, "scores")).said
    for score in "1345":
        by_dewi(office, score)
    assert officers(budi, office) == {"Sari": ("10", True), "Dewi": ("5", False)}


def test_of_a_quarter_that_changed_after_it_was_published_no_officer_and_no_leg_is_told(budi, office):
    answered(office, 12)
    publishes(office)
    assert officers(budi, office) == {"Sari": ("12", True)}
    assert legs(budi, office) == [("first", "12", True)] * 2

    answered(office, 1)
    assert officers(budi, office) == {"Sari": ("13", False)}
    assert legs(budi, office) == [("first", "13", False)] * 2


def test_the_page_is_worked_out_once_until_something_happens(budi, office):
    for _ in range(6):
        office.says(ended(office, "B"), score="5")
    first, again = (budi.get(path_of(office, "scores")) for _ in range(2))
    assert (again.said, again.queries <= first.queries - 6) == (first.said, True)

    office.says(ended(office, "B"), score="1")
    assert budi.get(path_of(office, "scores")).said != first.said
