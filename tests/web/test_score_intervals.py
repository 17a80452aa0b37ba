"""Scores with their intervals on pages and in files, numbers that are numbers, and every period that has answers."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.tallies import Origin
from desk.operations.survey import taking_over
from desk.operations.survey.taking_over import Sheet
from desk.reports.score_intervals import mean_estimate, nps_estimate, share_estimate
from tests.web.test_satisfaction import BOTH, answered, ended, path_of

SCORES = {"one": ("score", [5, 5, 4, 4, 3, 2, 5]), "nps": ("recommend", [10, 9, 9, 8, 6, 3, 10]),
          "ces": ("ease", [7, 6, 6, 5, 4, 3, 7])}  # fmt: skip


@pytest.fixture
def office(desk_office):
    """Sari at her counter; service A is asked about with the nine elements."""
    desk_office.sari.signs_on(1)
    desk_office.asks_with("skm2017", service="A")
    return desk_office


def on_paper(office, code, day=None, count=6, **said):
    """Let so many sheets of a questionnaire be taken over; without `said` the middle of each scale."""
    questionnaire = SHIPPED[code]
    middle = {each.key: 3 for each in questionnaire.questions if each.scored}
    taking_over.take_over(
        office.streams, office.id, office.budi.asks("enter_paper"), questionnaire=questionnaire, origin=Origin.PAPER,
        sheets=[Sheet({**middle, **said}, {}, day or office.today) for _ in range(count)],
    )  # fmt: skip


def lines(page):
    return list(csv.reader(io.StringIO(page.text.lstrip("\ufeff"))))


@pytest.fixture
def scored(office):
    for code, (question, values) in SCORES.items():
        for value in values:
            on_paper(office, code, count=1, **{question: value})
    return office


def counts(code):
    return {value: SCORES[code][1].count(value) for value in SCORES[code][1]}


@BOTH
def test_every_score_has_its_interval_and_method(web, scored, language):
    budi = web.as_("Budi")
    budi.speak(language)
    head, *found = lines(budi.get(path_of(scored, "scores/tables/measures")))

    expected = [
        share_estimate(counts("one"), 4, 5),
        mean_estimate(counts("one"), 1, 5),
        mean_estimate(counts("one"), 1, 5),
        mean_estimate(counts("ces"), 1, 7),
        nps_estimate(counts("nps")),
    ]
    scales = [(0, 1), (1, 1 / 4), (0, 1), (0, 1), (0, 100)]
    order = [0, 1, 2, *([3, 4] if "7" in found[3][5] + found[3][6] else [4, 3])]
    assert len(found) == 5 and len(head) == 8
    for row, place in zip(found, order, strict=True):
        estimate, (low, factor) = expected[place], scales[place]
        figures = estimate.value, estimate.interval.low, estimate.interval.high
        assert [float(each) for each in row[2:5]] == pytest.approx(
            [(each - low) * factor for each in figures], abs=1e-5
        )
        assert row[7]
    page = budi.get(path_of(scored, "scores"))
    assert "Rocks" in page.said and "Wilson" in page.said and "Student" in page.said


def test_net_promoters_are_a_number_without_a_sign_for_per_cent(web, scored):
    budi = web.as_("Budi")
    page = budi.get(path_of(scored, "scores?measure=nps"))

    # 4 of 7 less 2 of 7
    assert "28,6 (" in page.said and "28,6%" not in page.said
    assert "NPS, −100 sampai 100" in page.said


def test_numbers_in_the_workbook_of_scores_are_numbers(web, scored):
    sent = web.as_("Budi").client.get(path_of(scored, "scores/workbook"))
    sheet = load_workbook(io.BytesIO(sent.data)).worksheets[1]
    cells = [row[2] for row in sheet.iter_rows(min_row=2)]

    assert all(isinstance(each.value, (int, float)) for each in cells)
    assert sorted(each.number_format for each in cells) == ["0.0", "0.0%", "0.0%", "0.00", "0.00"]


@BOTH
def test_the_index_has_its_interval_on_page_and_in_files(web, office, language):
    answered(office, 7)
    budi = web.as_("Budi")
    budi.speak(language)
    page = budi.get(path_of(office, "ikm"))
    (trend,) = lines(budi.get(path_of(office, "ikm/tables/trend")))[1:]
    (service,) = [each for each in lines(budi.get(path_of(office, "ikm/tables/services")))[1:] if each[3] == "7"]

    value, low, high = (float(each) for each in trend[2:5])
    assert 25 <= low < value < high <= 100
    assert trend[2:5] == service[4:7]
    said = f"{low:.2f}", f"{high:.2f}"
    words = "antara {} dan {} dengan kepercayaan 95%" if language == "id" else "between {} and {} with 95% confidence"
    assert words.format(*(each.replace(".", ",") if language == "id" else each for each in said)) in page.said
    workbook = load_workbook(io.BytesIO(budi.client.get(path_of(office, "ikm/workbook")).data))
    elements = workbook.worksheets[1]
    assert [cell.number_format for cell in elements[2]][2:5] == ["0.0000", "0.0000", "0.00"]
    assert all(isinstance(cell.value, (int, float)) for cell in elements[2][1:5])


def test_there_is_no_interval_where_there_is_no_figure(web, office):
    answered(office, 4)
    on_paper(office, "nps", count=4)
    budi = web.as_("Budi")
    budi.speak("en")
    assert "confidence" not in budi.get(path_of(office, "ikm")).said
    assert "NPS, −100" not in budi.get(path_of(office, "scores")).said


def test_who_answered_is_counted_in_numbers_in_the_workbook_of_answers(web, office):
    for number in range(12):
        office.says(ended(office), **dict.fromkeys([e.key for e in SHIPPED["skm2017"].questions if e.scored], "3"),
                    jenis_kelamin="LP"[number % 2])  # fmt: skip
    sent = web.as_("Budi").client.get(path_of(office, "ikm/answers.xlsx"))
    profile = load_workbook(io.BytesIO(sent.data)).worksheets[-1]

    assert [[cell.value for cell in row][1:] for row in profile.iter_rows(min_row=2)] == [
        ["Laki-laki", 6], ["Perempuan", 6],
    ]  # fmt: skip


def options(page, name):
    (chosen,) = [each for each in page.tree.named("select") if each.get("id") == name]
    return [each.get("value") for each in chosen.iter("option")]


def test_every_period_that_has_answers_is_offered(web, office):
    on_paper(office, "skm2017", date(2012, 5, 7))
    on_paper(office, "skm2017", date(2012, 11, 7))
    on_paper(office, "skm2004", date(2004, 2, 3))
    budi = web.as_("Budi")

    now = options(budi.get(path_of(office, "ikm")), "period")
    assert {"2012", "2004"} <= set(now) and "2013" not in now and "2012-S1" not in now
    then = options(budi.get(path_of(office, "ikm?period=2012")), "period")
    assert {"2012-S1", "2012-S2", "2012-Q2", "2012-Q4", "2012-05", "2012-11"} <= set(then)
    assert not {"2012-Q1", "2012-Q3", "2012-04"} & set(then)
    assert len(then) == len(set(then))
    assert "6 responden" in budi.get(path_of(office, "ikm?period=2012-Q2")).said
    assert {"2012", "2004"} <= set(options(budi.get(path_of(office, "scores")), "period"))


@BOTH
def test_a_period_that_was_answered_under_the_other_regulation_leads_there(web, office, language):
    on_paper(office, "skm2004", date(2012, 5, 7))
    budi = web.as_("Budi")
    budi.speak(language)
    page = budi.get(path_of(office, "ikm?period=2012&weight=0.11"))

    words = {"id": "Dijawab menurut peraturan yang lain", "en": "Answered under the other regulation"}[language]
    assert words in page.said and "KEP/25/M.PAN/2/2004" in page.said
    assert "Belum ada yang menjawab" not in page.said and "Nobody answered in this period" not in page.said
    (link,) = [each.get("href") for each in page.tree.named("a") if "measure=skm2004" in (each.get("href") or "")]
    assert "6 respon" in budi.get(link).said


@pytest.mark.parametrize(
    ("code", "query", "words"),
    [
        ("skm2004", "measure=skm2004&weight=0.11", "Bobot 0,11 milik peraturan yang lain"),
        ("skm2017", "measure=skm2017&weight=0.071", "Bobot 0,071 milik peraturan yang lain"),
    ],
)
def test_the_weight_of_the_other_regulation_gives_way_and_the_page_says_so(web, office, code, query, words):
    on_paper(office, code)
    budi = web.as_("Budi")
    page = budi.get(path_of(office, f"ikm?{query}"))

    assert words in page.said and {"skm2004": "1/14", "skm2017": "1/9"}[code] in page.said
    assert "66,67" not in page.said and "75,00" in page.said  # three of four, with the exact weight
    assert words not in budi.get(path_of(office, f"ikm?measure={code}")).said


def test_the_chart_goes_from_25_to_100_with_the_bounds_of_the_letters(web, office):
    on_paper(office, "skm2017", date(office.today.year - 1, 11, 7))
    on_paper(office, "skm2017")
    page = web.as_("Budi").get(path_of(office, "ikm"))

    assert '"range": [25, 100]' in page.text
    assert '"label": "B", "value": 76.61' in page.text or '"value": 76.61, "label": "B"' in page.text
