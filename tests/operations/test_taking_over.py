"""A file of answers is taken over in one go: the same as row by row; the queue waits for the writing alone."""

import random
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert

from desk.domain.facts import EventName
from desk.domain.questionnaires import Measure, satisfaction
from desk.domain.refusals import Reason, Refused
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_sheet import read_sheet
from desk.domain.tallies import Origin
from desk.models import ImportRow, LooseResponse, SurveyImport, SurveyTally
from desk.operations.survey.placing_rows import Otherwise, Same, place_rows
from desk.operations.survey.taking_over import Sheet, take_back, take_over
from desk.operations.survey.tallying import Cell, Said, count
from tests.fixtures.office import KEYS, DeskOffice, prepare_office

ASKED = SHIPPED["skm2017"]
ELEMENTS = [each.key for each in ASKED.questions if each.scored]
HEAD = ",".join(["responden", *ELEMENTS, "jenis_kelamin", "tanggal", "layanan"])
MOST_STATEMENTS = 20
PATIENCE_SECONDS = 30


@pytest.fixture
def other_office(fresh_database):
    """A second office just like the first, in a database of its own."""
    office = DeskOffice(fresh_database(prepare_office))
    yield office
    office.engine.dispose()


def random_file(chance: random.Random, office: DeskOffice) -> str:
    """Return a file of few kinds of rows, so that many say the same, and some have a number of their own."""
    lines = [HEAD]
    for number in range(chance.randint(1, 25)):
        scores = [chance.choice(["2", "3", ""]) if key == "biaya" else "3" for key in ELEMENTS]
        day = chance.choice([office.today, office.today - timedelta(days=1)]).isoformat()
        respondent = f"r{number}" if chance.random() < 0.3 else ""
        cells = [respondent, *scores, chance.choice("LP"), chance.choice([day, ""]), chance.choice(["A", "B", ""])]
        lines.append(",".join(cells))
    return "\n".join(lines)


def placed_in(office: DeskOffice, text: str, same: Same = Same.AGAIN):
    found = read_sheet(text.encode())
    with office.streams.reading() as connection:
        return place_rows(
            connection, office.id, found.answers, Otherwise(office.today, same=same),
            measure=Measure.SKM_2017, key=KEYS.links, at=office.clock(),
        )  # fmt: skip


def takes(office: DeskOffice, sheets, **more):
    return take_over(
        office.streams, office.id, office.budi.asks("import"),
        questionnaire=ASKED, origin=Origin.IMPORT, sheets=sheets, **more,
    )  # fmt: skip


def takes_row_by_row(office: DeskOffice, sheets) -> None:
    """Write what a file comes to, one respondent after the other; batch and event are not compared here."""

    def work(unit):
        for sheet in sheets:
            rating = satisfaction(ASKED, sheet.answers)
            cell = Cell(sheet.day, sheet.service_id, ASKED.measure.value, Origin.IMPORT)
            count(unit, cell, Said(sheet.answers, rating, sheet.profile))
            row = {
                "office_id": unit.office_id, "id": secrets.randbits(52), "day": sheet.day,
                "service_id": sheet.service_id or None, "questionnaire_id": None, "measure": ASKED.measure.value,
                "answers": dict(sheet.answers), "satisfaction": rating, "profile": dict(sheet.profile), "texts": {},
                "channel": "paper", "origin": "import", "import_id": None,
            }  # fmt: skip
            unit.connection.execute(insert(LooseResponse), row)
            known = {"office_id": unit.office_id, "digest": sheet.digest, "import_id": unit.next_id}
            unit.connection.execute(insert(ImportRow), known)
        return unit.done()

    office.streams.run(office.id, office.budi.asks("import"), work)


def kept_by(office: DeskOffice):
    """Return everything that was written of respondents, but for what is drawn at random or names the batch."""
    answers = sorted(
        repr((row.day, row.service_id, row.questionnaire_id, row.measure, row.answers, row.satisfaction, row.profile,
              row.texts, row.channel, row.origin))
        for row in office.rows(LooseResponse)
    )  # fmt: skip
    tallies = [row._asdict() for row in office.rows(SurveyTally)]
    return answers, tallies, sorted(row.digest for row in office.rows(ImportRow))


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_same_as_row_by_row(desk_office, other_office, seed):
    chance = random.Random(seed)
    batches, text, before = [], "", kept_by(desk_office)
    for _ in range(5):
        text = text if text and chance.random() < 0.4 else random_file(chance, desk_office)
        placed = placed_in(desk_office, text, chance.choice(list(Same)))
        if not placed.sheets:
            continue
        before = kept_by(desk_office)
        batches.append(takes(desk_office, placed.sheets).facts["import"])
        takes_row_by_row(other_office, placed.sheets)
        assert kept_by(desk_office) == kept_by(other_office)

    assert len(desk_office.rows_of_event(EventName.ANSWERS_TAKEN_OVER)) == len(batches)
    assert desk_office.findings() == []
    take_back(desk_office.streams, desk_office.id, batches.pop(), desk_office.budi.asks("back"))
    assert kept_by(desk_office) == before
    for batch in batches:
        take_back(desk_office.streams, desk_office.id, batch, desk_office.budi.asks("back"))
    assert kept_by(desk_office) == ([], [], [])


def test_a_file_with_a_row_that_is_taken_over_is_refused_whole(desk_office):
    text = f"{HEAD}\n,{'3,' * 9}L,,\n"
    placed = placed_in(desk_office, text)
    takes(desk_office, placed.sheets)
    more = placed_in(desk_office, f"{HEAD}\n,{'4,' * 9}P,,\n").sheets

    with desk_office.refuses(Reason.ALREADY_DONE):
        takes(desk_office, [*more, *placed.sheets])
    assert (len(desk_office.rows(LooseResponse)), len(desk_office.rows(SurveyImport))) == (1, 1)


def test_the_first_sheet_that_does_not_fit_says_why(desk_office):
    scores = dict.fromkeys(ELEMENTS, 3)
    good = Sheet(scores, {}, desk_office.today)
    ahead, elsewhere = Sheet(scores, {}, desk_office.today + timedelta(days=1)), Sheet(scores, {}, good.day, 9_999)

    with desk_office.refuses(Reason.DATE_OUT_OF_RANGE):
        takes(desk_office, [good, ahead, elsewhere])
    with desk_office.refuses(Reason.UNKNOWN, id=9_999):
        takes(desk_office, [good, elsewhere, ahead])


class Telling(dict):
    """Answers that tell when they are judged, once."""

    def __init__(self, scores, judged) -> None:
        super().__init__(scores)
        self.judged, self.told = judged, False

    def get(self, *which):
        if not self.told:
            self.told = True
            self.judged()
        return super().get(*which)


@pytest.fixture
def aside() -> Iterator[Callable[..., Any]]:
    """Call it to do something in another thread, which fails where that has to wait."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda *what: pool.submit(*what).result(PATIENCE_SECONDS)


def test_who_checks_in_does_not_wait_for_the_file_to_be_read(desk_office, aside):
    """Nor for its rows to be judged: the number is there before the last row has been looked at."""
    numbers = []

    def check_in() -> None:
        numbers.append(aside(desk_office.arrives, "A").event)

    def sheets() -> Iterator[Sheet]:
        for answer in read_sheet("\n".join([HEAD, *[f",{'3,' * 9}L,,"] * 200]).encode()).answers:
            if answer.line in (2, 100):
                check_in()
            judged = check_in if answer.line in (3, 150) else lambda: None
            yield Sheet(Telling(answer.scores, judged), answer.profile, desk_office.today)

    done = takes(desk_office, sheets())

    assert len(numbers) == 4
    assert max(numbers) < done.event
    assert done.facts["answers"] == 200


class TestMeanwhile:
    """Between looking the rows up and the lock."""

    ROW = f"{HEAD}\n,{'3,' * 9}L,,\n"

    def telling(self, sheets, judged):
        return [replace(each, answers=Telling(each.answers, judged)) for each in sheets]

    def test_somebody_took_the_same_rows_over(self, desk_office, aside):
        sheets = placed_in(desk_office, self.ROW).sheets
        with pytest.raises(Refused) as caught:
            takes(desk_office, self.telling(sheets, lambda: aside(takes, desk_office, sheets)))

        assert caught.value.reason is Reason.ALREADY_DONE
        assert len(desk_office.rows(LooseResponse)) == 1

    def test_somebody_took_them_back(self, desk_office, aside):
        sheets = placed_in(desk_office, self.ROW).sheets
        batch = takes(desk_office, sheets).facts["import"]
        back = desk_office.streams, desk_office.id, batch, desk_office.budi.asks("back")
        takes(desk_office, self.telling(sheets, lambda: aside(take_back, *back)))

        assert len(desk_office.rows(LooseResponse)) == 1


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect what is sent to the database; many rows of one kind are one statement."""
    sent: list[str] = []

    def note(*said: object) -> None:
        sent.append(str(said[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_queue_waits_for_as_many_statements_whatever_the_number_of_rows(desk_office):
    scores, services = dict.fromkeys(ELEMENTS, 3), [0, *desk_office.services.values()]
    sheets = [
        Sheet(scores, {"jenis_kelamin": "L"}, desk_office.today - timedelta(days=number % 100), services[number % 4])
        for number in range(400)
    ]
    takes(desk_office, sheets[:50])
    with statements(desk_office.engine) as sent:
        batch = takes(desk_office, sheets).facts["import"]
    assert 0 < len(sent) < MOST_STATEMENTS

    with statements(desk_office.engine) as sent:
        take_back(desk_office.streams, desk_office.id, batch, desk_office.budi.asks("back"))
    assert 0 < len(sent) < MOST_STATEMENTS
    assert sum(row.answers for row in desk_office.rows(SurveyTally)) == 50
