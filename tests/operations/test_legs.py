"""The legs of a chain of handlers: frozen with the answer, added up, and told with their doubt."""

import csv
import io

import pytest
from sqlalchemy import update

from desk.domain.handlers import WHOLE, Held, legs
from desk.domain.lifecycle import State
from desk.domain.questionnaires import Measure
from desk.domain.skm_period import Period
from desk.models import InvitationRow, LegTally, ResponseLeg
from desk.reports.chain_scores import load_chain_telling
from desk.reports.survey_legs import load_legs

SARI, DEWI = 1, 2
QUARTER = Period(2026, 3, 1)


def chain(*stretches):
    return legs(Held(holder, State(state), length, service) for holder, state, length, service in stretches)


def test_a_leg_is_one_uninterrupted_custody_with_work():
    found = chain(
        (9, "waiting", 50, 1), (SARI, "called", 5, 1), (SARI, "serving", 300, 1), (SARI, "paused", 900, 1),
        (SARI, "serving", 100, 1), (9, "waiting", 50, 2), (DEWI, "serving", 200, 2), (SARI, "processing", 400, 2),
    )  # fmt: skip

    assert [(each.holder_id, each.service_id, each.share) for each in found] == [
        (SARI, 1, 4_000), (DEWI, 2, 2_000), (SARI, 2, 4_000),
    ]  # fmt: skip


def test_a_wait_in_a_queue_ends_a_leg_even_in_the_same_hands():
    assert len(chain((SARI, "serving", 60, 1), (SARI, "waiting", 60, 1), (SARI, "serving", 60, 1))) == 2


def test_without_any_length_legs_count_alike_and_without_work_there_are_none():
    assert [each.share for each in chain((SARI, "serving", 0, 1), (DEWI, "serving", 0, 1))] == [5_000, 5_000]
    assert chain((9, "waiting", 60, 1), (SARI, "paused", 60, 1)) == []
    assert chain() == []


@pytest.fixture
def office(desk_office):
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    return desk_office


def served(office, *, handed_on, score):
    """Serve somebody, by Sari and for a quarter of the time by Dewi where handed on; they answer."""
    office.arrives("A")
    transaction = office.sari.serves()
    office.clock.tick(300)
    if handed_on:
        office.dewi.accepts(office.sari.offers(transaction, office.dewi))
        office.clock.tick(100)
    (office.dewi if handed_on else office.sari).completes(transaction)
    office.says(office.row(InvitationRow, transaction_id=transaction).id, score=str(score))
    return transaction


def told(office, service_id=0):
    with office.streams.reading() as connection:
        telling = load_chain_telling(connection, office.id, QUARTER, office.today, Measure.CSAT, service_id)
        return load_legs(connection, office.id, QUARTER, Measure.CSAT, telling, service_id)


def test_legs_are_frozen_and_counted_by_their_share(office):
    transaction = served(office, handed_on=True, score=5)
    first, second = office.rows(ResponseLeg)
    assert (first.holder_id, second.holder_id) == (office.sari.id, office.dewi.id)
    assert first.share + second.share == WHOLE and first.share > second.share
    assert {(row.leg, row.weight, row.total) for row in office.rows(LegTally)} == {
        (1, first.share, first.share * 10_000), (2, second.share, second.share * 10_000),
    }  # fmt: skip
    assert office.findings() == []

    office.corrects(office.row(InvitationRow, transaction_id=transaction).id, score="1")
    assert {row.total for row in office.rows(LegTally)} == {0}
    assert office.findings() == []


def test_a_tally_that_is_no_sum_is_found(office):
    served(office, handed_on=True, score=5)
    kept = office.row(LegTally, leg=2).total
    for total, found in ((1, ["tally"]), (kept, [])):
        with office.streams.engine.begin() as connection:
            connection.execute(update(LegTally).where(LegTally.leg == 2).values(total=total))
        assert [each.kind for each in office.findings()] == found


def test_the_second_leg_is_told_from_five_answers_on_and_the_first_with_it(office):
    for number in range(9):
        served(office, handed_on=number < 4, score=4)
    assert [(each.leg, each.service_id, each.answers, each.score) for each in told(office)] == [
        (1, None, 9, None), (1, office.services["A"], 9, None),
        (2, None, 4, None), (2, office.services["A"], 4, None),
    ]  # fmt: skip

    served(office, handed_on=True, score=1)
    first, _, second, _ = told(office)
    assert (first.answers, second.answers) == (10, 5)
    shares = [row.share for row in office.rows(ResponseLeg, leg=2)]
    satisfied = [
        row.share * value for row, value in zip(office.rows(ResponseLeg, leg=2), [7_500] * 4 + [0], strict=True)
    ]
    assert second.score.value == pytest.approx(sum(satisfied) / sum(shares) / 10_000)
    assert second.score.interval.low < second.score.value < second.score.interval.high
    assert [each.service_id for each in told(office, office.services["A"])] == [office.services["A"]] * 2
    assert told(office, office.services["B"]) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_table_of_legs_on_the_page_and_as_a_file(web, office, language):
    for number in range(10):
        served(office, handed_on=number < 5, score=4)
    budi = web.as_("Budi")
    budi.speak(language)
    page = budi.get(f"/offices/{office.id}/reports/scores")
    assert {"id": "Menurut tahap dalam rantai petugas", "en": "By leg of the chain of handlers"}[language] in page.said
    sent = budi.get(f"/offices/{office.id}/reports/scores/tables/legs")
    lines = list(csv.reader(io.StringIO(sent.text.lstrip("\ufeff"))))

    assert [line[0] for line in lines[1:]] == {"id": ["pertama"] * 2 + ["kedua"] * 2,
                                               "en": ["first"] * 2 + ["second"] * 2}[language]  # fmt: skip
    assert float(lines[1][4]) == pytest.approx(0.75)
