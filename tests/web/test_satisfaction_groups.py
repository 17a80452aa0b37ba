"""Satisfaction with and without, and by handoffs, on its pages: in the scores' periods, whole percent, reasons told."""

import csv
import io

import pytest
from openpyxl import load_workbook

from desk.models import InvitationRow

BOTH = pytest.mark.parametrize("language", ["id", "en"])
MARCH = "period=own&since=2026-03-01&until=2026-03-31"
BESIDE = {
    "en": "hidden, so that fewer than 5 beside it cannot be worked out",
    "id": "disembunyikan agar yang kurang dari 5 di sebelahnya tidak dapat dihitung",
}
PERIODS_ONLY = {
    "en": "Satisfaction is told for whole months, quarters, half years and years only",
    "id": "Kepuasan hanya ditampilkan untuk bulan, triwulan, semester, dan tahun yang utuh",
}


@pytest.fixture
def office(desk_office):
    """Sari and Dewi at their counters."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    return desk_office


def answers(office, count, series="A", *, score=4, handed_on=False):
    """Serve so many to the end, and let them answer."""
    for _ in range(count):
        office.arrives(series)
        transaction = office.sari.serves()
        officer = office.sari
        if handed_on:
            office.dewi.accepts(office.sari.offers(transaction, office.dewi))
            officer = office.dewi
        office.clock.tick(60)
        officer.completes(transaction)
        office.answers(office.row(InvitationRow, transaction_id=transaction).id, score)


def path_of(office, rest):
    return f"/offices/{office.id}/reports/{rest}"


def rows(page):
    return list(csv.reader(io.StringIO(page.text.lstrip("\ufeff"))))


@pytest.fixture
def mixed(office):
    """Nine with one handoff, all pleased but three; twelve with none."""
    answers(office, 6, handed_on=True, score=5)
    answers(office, 3, handed_on=True, score=2)
    answers(office, 12, score=4)
    return office


def test_figures_are_in_whole_percent_and_within_bounds(web, mixed):
    budi = web.as_("Budi")
    budi.speak("en")
    page = budi.get(path_of(mixed, f"associations?{MARCH}"))
    assert "75% (75% … 75%)" in page.said, "those never handed on"
    assert "75% (46% … 100%)" in page.said, "cut at 100 %"
    assert "Only answers to this questionnaire: Satisfaction, 1 to 5" in page.said

    sent = rows(budi.get(path_of(mixed, f"associations/tables/factors?{MARCH}")))
    figures = [cell for row in sent[1:] for cell in row[1:] if "." in cell]
    assert figures and all(len(each.partition(".")[2]) <= 2 for each in figures)
    book = load_workbook(io.BytesIO(budi.client.get(path_of(mixed, f"associations/workbook?{MARCH}")).data))
    found = [cell.value for row in book.worksheets[1].iter_rows() for cell in row if isinstance(cell.value, float)]
    assert found and all(round(each, 2) == each for each in found)


def test_by_handoffs_the_same(web, mixed):
    budi = web.as_("Budi")
    budi.speak("en")
    page = budi.get(path_of(mixed, f"consistency?{MARCH}"))
    assert "Satisfaction counts answers given in this period" in page.said
    head, none, once, *_ = rows(budi.get(path_of(mixed, f"consistency/tables/score?{MARCH}")))
    assert head[:3] == ["Handoffs", "Answers", "Mean"]
    assert (none[1:3], once[1:3]) == (["12", "0.75"], ["9", "0.75"])


@BOTH
def test_free_days_tell_no_satisfaction(web, mixed, language):
    budi = web.as_("Budi")
    budi.speak(language)
    days = "period=own&since=2026-03-01&until=2026-03-30"
    assert PERIODS_ONLY[language] in budi.get(path_of(mixed, f"associations?{days}"), status=422).said
    for file in ("workbook", "tables/factors"):
        assert PERIODS_ONLY[language] in budi.get(path_of(mixed, f"associations/{file}?{days}"), status=422).said
    page = budi.get(path_of(mixed, f"consistency?{days}"))
    assert PERIODS_ONLY[language] in page.said
    assert len(rows(budi.get(path_of(mixed, f"consistency/tables/score?{days}")))) == 1
    assert len(rows(budi.get(path_of(mixed, f"consistency/tables/total?{days}")))) == 4


def test_only_periods_that_are_told_are_offered(web, mixed):
    page = web.as_("Budi").get(path_of(mixed, "associations"))
    assert "period=quarter" in page.text and "Minggu ini" not in page.said


@BOTH
def test_many_beside_few_are_hidden_with_the_reason(web, office, language):
    """One service with one answer hides the other with twelve, here and on the pages of the scores."""
    answers(office, 12)
    answers(office, 1, "B")
    budi = web.as_("Budi")
    budi.speak(language)
    assert BESIDE[language] in budi.get(path_of(office, "scores?period=2026-03")).said
    service = office.services["A"]
    page = budi.get(path_of(office, f"associations?{MARCH}&service={service}"))
    assert BESIDE[language] in page.said
    (_, *lines) = rows(budi.get(path_of(office, f"associations/tables/factors?{MARCH}&service={service}")))
    assert lines and not any(cell for line in lines for cell in (*line[2:5], *line[6:]))
