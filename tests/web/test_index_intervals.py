"""The interval of the index where others than the staff page tell it: documents, workbooks, the page for everybody."""

import io
import math
import re
from random import Random
from statistics import mean, stdev

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import null, select, update

from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_elements import INSTRUMENTS, Regulation
from desk.domain.tallies import Origin
from desk.models import SurveyPublication
from desk.operations.survey import taking_over
from desk.operations.survey.taking_over import Sheet
from desk.reports.statistics import student, wilson
from tests.fixtures.pdf_words import words_of
from tests.operations.test_improving import publishes
from tests.web.test_satisfaction import BOTH, answered, office, path_of

__all__ = ["office"]
KEYS = INSTRUMENTS[Regulation.RULE_2017].keys
BOUNDS = {
    "id": re.compile(r"antara ([\d,]+) dan ([\d,]+) dengan kepercayaan 95% \(([^)]+)\)"),
    "en": re.compile(r"between ([\d.]+) and ([\d.]+) with 95% confidence \(([^)]+)\)"),
}
CHANCE = Random(14)
WHOLE = [{key: CHANCE.choice((1, 2, 3, 3, 4)) for key in KEYS} for _ in range(11)]
LEFT_OUT = [
    {key: value for key, value in each.items() if (key, number % 3) != ("biaya", 0)}
    for number, each in enumerate(WHOLE)
]
ALIKE = [dict.fromkeys(KEYS, 3)] * 6
METHODS = {
    "whole": {"id": "Student dari indeks", "en": "Student's interval of the respondents' own indices"},
    "left_out": {"id": "galat baku semua unsur", "en": "the standard errors of the elements added up"},
    "alike": {"id": "selang Wilson", "en": "Wilson's interval"},
}
CASES = {"whole": WHOLE, "left_out": LEFT_OUT, "alike": ALIKE}


def on_paper(office, respondents):
    """Let what these said be taken over from sheets of today."""
    taking_over.take_over(
        office.streams, office.id, office.budi.asks("enter_paper"), questionnaire=SHIPPED["skm2017"],
        origin=Origin.PAPER, sheets=[Sheet(each, {}, office.today) for each in respondents],
    )  # fmt: skip


def brute_force(respondents):
    """Work the bounds out from the people, with none of the sums that the desk keeps."""
    if all(len(each) == len(KEYS) for each in respondents):
        own = [sum(each.values()) * 25 / 9 for each in respondents]
        middle, count = mean(own), len(own)
        if len(set(own)) == 1:
            others = 1 - wilson(count, count).low
            return middle - others * (middle - 25), middle + others * (100 - middle)
        half = student(count - 1) * stdev(own) / math.sqrt(count)
    else:
        given = [[each[key] for each in respondents if key in each] for key in KEYS]
        middle = sum(map(mean, given)) * 25 / 9
        error = sum(stdev(each) / math.sqrt(len(each)) for each in given) * 25 / 9
        half = student(min(map(len, given)) - 1) * error
    return max(25, middle - half), min(100, middle + half)


def told(language, text):
    """Return the bounds and the method that a text tells; None for one that tells none."""
    found = BOUNDS[language].search(" ".join(text.split()))
    if found is None:
        return None
    low, high, method = found.groups()
    return float(low.replace(",", ".")), float(high.replace(",", ".")), method


@BOTH
@pytest.mark.parametrize("case", CASES)
def test_everybody_reads_how_sure_a_published_index_is(web, office, language, case):
    on_paper(office, CASES[case])
    publishes(office)
    page = web.get(f"/offices/{office.id}/satisfaction?language={language}")

    *bounds, method = told(language, page.said)
    assert bounds == pytest.approx(brute_force(CASES[case]), abs=0.02)
    assert METHODS[case][language] in method
    assert page.queries <= 7


@BOTH
def test_it_is_the_same_before_and_after_publishing_and_stays_as_it_was(web, office, language):
    on_paper(office, WHOLE)
    budi = web.as_("Budi")
    budi.speak(language)
    before = told(language, budi.get(path_of(office, "ikm/publication")).said)
    publishes(office)
    public = f"/offices/{office.id}/satisfaction"
    first = told(language, web.get(f"{public}?language={language}").said)
    on_paper(office, [dict.fromkeys(KEYS, 4)] * 5)

    assert first == before == told(language, web.get(f"{public}?language={language}").said)
    assert told(language, budi.get(path_of(office, "ikm")).said)[:2] == pytest.approx(
        brute_force([*WHOLE, *[dict.fromkeys(KEYS, 4)] * 5]), abs=0.02
    )


def test_each_version_has_its_own(web, office):
    on_paper(office, WHOLE)
    publishes(office)
    more = [dict.fromkeys(KEYS, 4)] * 5
    on_paper(office, more)
    publishes(office, reason="Lima lembar menyusul")
    public = f"/offices/{office.id}/satisfaction/2026-Q1"

    for version, respondents in ((1, WHOLE), (2, [*WHOLE, *more])):
        *bounds, _ = told("id", web.get(f"{public}?version={version}").said)
        assert bounds == pytest.approx(brute_force(respondents), abs=0.02)


@BOTH
@pytest.mark.parametrize("kept", ["nothing", "something else"])
def test_nothing_is_said_where_it_cannot_be_known(web, office, language, kept):
    """What was published before the sums were kept, or beside which others stand."""
    on_paper(office, WHOLE)
    publishes(office)
    cells = null() if kept == "nothing" else [["2026-03", 1, "paper", [9, 9, 9, 9, 9, 9], {"waktu": {"3": 9}}]]
    with office.streams.engine.begin() as connection:
        assert connection.execute(select(SurveyPublication.cells)).scalar_one()
        connection.execute(update(SurveyPublication).values(cells=cells))
    page = web.get(f"/offices/{office.id}/satisfaction?language={language}")

    assert told(language, page.said) is None
    assert "95%" not in page.said, "nor is it said how it would be worked out"
    assert "Permenpan RB 14/2017" in page.said


def test_before_publishing_too_few_have_none(web, office):
    on_paper(office, WHOLE[:4])

    assert told("id", web.as_("Budi").get(path_of(office, "ikm/publication")).said) is None
    assert told("id", web.as_("Budi").get(path_of(office, "ikm")).said) is None


@BOTH
@pytest.mark.parametrize("name", ["report.pdf", "report.docx", "answers.xlsx"])
@pytest.mark.parametrize("case", CASES)
def test_the_documents_tell_it_with_its_method(web, office, language, name, case):
    on_paper(office, CASES[case])
    sent = web.as_("Budi").client.get(path_of(office, f"ikm/{name}?in={language}"))

    *bounds, method = told(language, read(name, sent.data))
    assert bounds == pytest.approx(brute_force(CASES[case]), abs=0.02)
    # A line of a PDF ends without a space.
    assert "".join(METHODS[case][language].split()) in "".join(method.split())


def read(name, content):
    if name.endswith(".pdf"):
        return words_of(content)[0]
    if name.endswith(".docx"):
        return " ".join(each.text for each in Document(io.BytesIO(content)).paragraphs)
    about = load_workbook(io.BytesIO(content)).worksheets[0]
    return " ".join(str(cell.value) for row in about.iter_rows() for cell in row)


def test_the_report_says_it_on_its_first_page_and_below_the_elements(web, office):
    answered(office, 7)
    content = web.as_("Budi").client.get(path_of(office, "ikm/report.docx")).data
    said = [each.text for each in Document(io.BytesIO(content)).paragraphs if told("id", each.text)]

    assert [each.partition(":")[0] for each in said] == ["Selang", "Selang indeks"]
    assert len({told("id", each) for each in said}) == 1


def test_the_workbook_of_the_page_names_the_method(web, office):
    answered(office, 7)
    book = load_workbook(io.BytesIO(web.as_("Budi").client.get(path_of(office, "ikm/workbook")).data))
    head = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows()}

    assert METHODS["whole"]["id"] in head["Selang indeks"]
    assert head["IKM, dari"] < head["IKM"] < head["IKM, sampai"]
