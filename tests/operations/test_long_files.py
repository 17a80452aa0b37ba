"""A long file is taken over in parts: the same as in one go, and it goes on where it was interrupted."""

import json
import random

import pytest

from desk.domain.access import SYSTEM
from desk.domain.facts import EventName
from desk.domain.questionnaires import Measure
from desk.domain.refusals import Reason
from desk.domain.skm_sheet import read_sheet
from desk.models import LooseResponse, SurveyImport, SurveyTally
from desk.operations.survey.long_files import Interrupted, take_over_in_parts
from desk.operations.survey.placing_rows import Otherwise, Same, place_rows
from desk.operations.survey.taking_over import take_back
from desk.reads.survey_imports import list_batches, list_parts
from tests.fixtures.office import KEYS, DeskOffice
from tests.operations.test_taking_over import ASKED, HEAD, random_file, takes

DIGEST, OTHER = "a" * 64, "b" * 64
PART = 4


def placed_in(office: DeskOffice, text: str, same: Same = Same.AGAIN, digest: str = DIGEST):
    found = read_sheet(text.encode())
    with office.streams.reading() as connection:
        return place_rows(
            connection, office.id, found.answers, Otherwise(office.today, same=same), measure=Measure.SKM_2017,
            key=KEYS.links, at=office.clock(), parts=list_parts(connection, office.id, digest),
        )  # fmt: skip


def takes_in_parts(office: DeskOffice, sheets, *, digest: str = DIGEST):
    return take_over_in_parts(
        office.streams, office.id, SYSTEM, questionnaire=ASKED, sheets=sheets, digest=digest, at_once=PART
    )


def interrupted(office: DeskOffice, sheets, parts: int, *, digest: str = DIGEST) -> None:
    """Take the first parts over, as if nothing had come after them."""
    for start in range(0, min(parts * PART, len(sheets)), PART):
        part = sheets[start : start + PART]
        takes(office, part, digest=digest, rest=len(sheets) - start - len(part))


def rows_of(count: int, score: int = 3) -> str:
    return "\n".join([HEAD, *[f",{f'{score},' * 9}L,,"] * count])


def kept(office: DeskOffice) -> int:
    answers = len(office.rows(LooseResponse))
    assert answers == sum(row.answers for row in office.rows(SurveyTally, holder_id=0))
    assert office.findings() == []
    return answers


def rests(office: DeskOffice) -> list[int]:
    return [json.loads(each.payload).get("rest", 0) for each in office.rows_of_event(EventName.ANSWERS_TAKEN_OVER)]


def test_each_part_is_a_batch_that_says_how_many_follow(desk_office):
    batches = takes_in_parts(desk_office, placed_in(desk_office, rows_of(10)).sheets)

    assert batches == [row.id for row in desk_office.rows(SurveyImport)]
    assert (rests(desk_office), kept(desk_office)) == ([6, 2, 0], 10)
    with desk_office.streams.reading() as connection:
        assert [each.rest for each in list_batches(connection, desk_office.id)] == [0, 2, 6]
        assert list_parts(connection, desk_office.id, DIGEST) == []


@pytest.mark.parametrize("same", list(Same))
@pytest.mark.parametrize("seed", range(4))
def test_wherever_it_is_interrupted_everybody_counts_once(desk_office, seed, same):
    """Beside another file in which some say the very same."""
    chance = random.Random(seed)
    takes(desk_office, placed_in(desk_office, random_file(chance, desk_office), digest=OTHER).sheets, digest=OTHER)
    first, text = kept(desk_office), random_file(chance, desk_office)
    whole = placed_in(desk_office, text, same)
    sheets = whole.sheets
    stops = 0
    while len(sheets) > PART:
        interrupted(desk_office, sheets, chance.randint(1, (len(sheets) - 1) // PART))
        stops += 1
        placed = placed_in(desk_office, text, same)
        assert len(placed.sheets) + placed.before == len(whole.sheets)
        assert placed.refusals == whole.refusals
        sheets = placed.sheets
    if sheets:
        takes_in_parts(desk_office, sheets)

    assert kept(desk_office) == first + len(whole.sheets)
    assert stops or len(whole.sheets) <= PART


def test_one_that_came_to_its_end_does_not_go_on(desk_office):
    text = rows_of(6)
    takes_in_parts(desk_office, placed_in(desk_office, text).sheets)
    again = placed_in(desk_office, text)
    assert (again.sheets, len(again.refusals), again.before) == ((), 6, 0)

    further = placed_in(desk_office, text, Same.FURTHER)
    assert (len(further.sheets), further.alike) == (6, 6)
    interrupted(desk_office, further.sheets, 1)
    rest = placed_in(desk_office, text, Same.FURTHER)
    assert (len(rest.sheets), rest.before) == (2, 4)
    takes_in_parts(desk_office, rest.sheets)
    assert kept(desk_office) == 12


def test_a_part_that_was_taken_back_comes_again(desk_office):
    text = rows_of(6)
    interrupted(desk_office, placed_in(desk_office, text).sheets, 1)
    (batch,) = (row.id for row in desk_office.rows(SurveyImport))
    take_back(desk_office.streams, desk_office.id, batch, desk_office.budi.asks("back"))
    assert (len(placed_in(desk_office, text).sheets), placed_in(desk_office, text).before) == (6, 0)


def test_it_counts_in_each_part_who_said_the_same(desk_office):
    takes(desk_office, placed_in(desk_office, rows_of(5)).sheets, digest=OTHER)
    takes_in_parts(desk_office, placed_in(desk_office, rows_of(6), Same.FURTHER).sheets)
    with desk_office.streams.reading() as connection:
        assert [each.alike for each in list_batches(connection, desk_office.id)] == [1, 4, 0]


def test_where_somebody_comes_between_it_says_how_many_are_kept(desk_office):
    sheets = placed_in(desk_office, rows_of(6)).sheets
    takes(desk_office, sheets[-1:], digest=OTHER)
    with pytest.raises(Interrupted) as caught:
        takes_in_parts(desk_office, sheets)
    assert (caught.value.kept, kept(desk_office)) == (4, 5)

    placed = placed_in(desk_office, rows_of(6))
    assert (len(placed.sheets), placed.before, len(placed.refusals)) == (1, 4, 1)


def test_one_that_is_refused_leaves_nothing(desk_office):
    sheets = placed_in(desk_office, rows_of(6)).sheets
    takes(desk_office, sheets[:1], digest=OTHER)
    with desk_office.refuses(Reason.ALREADY_DONE):
        takes_in_parts(desk_office, sheets)
    assert kept(desk_office) == 1
