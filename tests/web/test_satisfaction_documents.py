"""The documents of a survey: report, publication sheet and answers tell the figures of the regulation and nobody's."""

import io
import json
import posixpath
import re
import zipfile
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from flask_babel import force_locale
from lxml.etree import fromstring
from openpyxl import load_workbook

from desk.domain.questionnaires import Measure
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_elements import INSTRUMENTS, Regulation, half_up, weight_of
from desk.domain.skm_index import Tallied, Tally, index_of
from desk.domain.skm_period import Period
from desk.domain.skm_sample import sample
from desk.domain.skm_warnings import warn_of_answers
from desk.domain.tallies import Origin
from desk.models import AccessRecord
from desk.operations.survey import questionnaires, taking_over
from desk.operations.survey.taking_over import Sheet
from desk.reports.profiles import Profile
from desk.reports.skm_docx import as_docx
from desk.reports.skm_findings import Findings, Question
from desk.reports.skm_pdf import as_pdf
from desk.reports.skm_poster import as_poster
from desk.reports.skm_workbook import as_workbook, mixed
from desk.web.satisfaction.poster import poster_of, workbook_words
from desk.web.satisfaction.report import About, report_of
from tests.fixtures.pdf_words import words_of
from tests.web.test_satisfaction import ELEMENTS, answered, ended, office, path_of, published

__all__ = ["office"]
CASES = json.loads((Path(__file__).parents[1] / "domain" / "skm_cases.json").read_text(encoding="utf-8"))["cases"]
DOCUMENTS = ("report.pdf", "report.docx", "sheet.pdf", "answers.xlsx")
ABOUT = About("KPKNL Jakarta II", "Jalan Prapatan 10", {}, date(2026, 4, 2))
PERIOD = Period(2026, 3, 1)


def told(case) -> Findings:
    """A published survey as it would have been found here."""
    instrument = INSTRUMENTS[Regulation.RULE_2004 if "2004" in case["category_scale"] else Regulation.RULE_2017]
    keys = case["element_order"]
    tallies = {key: Tally(case["sums"][f"u{place}"], case["n"]) for place, key in enumerate(keys, 1)}
    tallied = Tallied(instrument, case["n"], tallies)
    name = case["weight_used"].split(" ")[0]
    known = {weight.name for weight in instrument.weights}
    weight = weight_of(instrument, name if name in known else "exact")
    index, drawn = index_of(tallied, weight), sample(2 * case["n"], case["n"])
    measure = Measure.SKM_2004 if instrument.regulation is Regulation.RULE_2004 else Measure.SKM_2017
    return Findings(
        Question(1, PERIOD, measure, weight.name, today=PERIOD.last),
        tallied,
        index,
        drawn,
        Profile({"jenis_kelamin": {"L": 20, "P": 9, "": None}}),
        [(PERIOD.before, 0, None), (PERIOD, case["n"], index)],
        [],
        warn_of_answers(tallied, drawn),
        [],
        [],
        SHIPPED[measure.value],
        None,
    )


KEYS = INSTRUMENTS[Regulation.RULE_2017].keys
SUMMED = [
    case
    for case in CASES
    if case.get("sums") and set(case["element_order"]) <= set(INSTRUMENTS[Regulation.RULE_2017].keys)
]


@pytest.mark.parametrize("case", SUMMED, ids=[case["id"] for case in SUMMED])
def test_published_results_come_out_with_value_letter_and_weight(web_app, case):
    found = told(case)
    figure = str(found.index.shown).replace(".", ",")
    name = found.index.weight.name
    weight = str(found.index.weight.value) if name == "exact" else name.replace(".", ",")
    with web_app.test_request_context("/"), force_locale("id"):
        report = report_of(found, ABOUT)
        words = words_of(as_pdf(report))[0]
        document = Document(io.BytesIO(as_docx(report)))
        sheet = words_of(as_poster(poster_of(found, ABOUT)))[0]

    text = " ".join(paragraph.text for paragraph in document.paragraphs)
    for each in (words, text, sheet):
        assert figure in each
        assert f"bobot setiap unsur: {weight}" in each
    assert f"{figure} · {found.index.band.letter} · {found.index.band.performance}" in text
    assert ("Perlu diperhatikan sebelum diterbitkan" in words) == bool(found.warnings)
    if found.warnings:
        assert document.paragraphs[0].text == "Perlu diperhatikan sebelum diterbitkan"


def evaluated(book) -> dict[str, dict[str, object]]:
    """Work the formulas of the index out with a small evaluator: COUNT, SUM, AVERAGE, ROUND, IF and arithmetic."""
    data, page = book["Data"], book["IKM"]
    values: dict[str, object] = {}

    def column(letter, first, last, of):
        cells = [of[f"{letter}{row}"].value for row in range(int(first), int(last) + 1)]
        return [each for each in cells if isinstance(each, int | float)]

    def own(letter, first, last):
        found = [value_of(f"{letter}{row}") for row in range(int(first), int(last) + 1)]
        return [each for each in found if isinstance(each, int | float)]

    def value_of(name):
        name = name.replace("$", "")
        if name not in values:
            raw = page[name].value
            values[name] = run(raw[1:]) if isinstance(raw, str) and raw.startswith("=") else raw
        return values[name]

    def run(formula):
        code = re.sub(r"Data!([A-Z]+)(\d+):[A-Z]+(\d+)", r'column("\1", \2, \3, data)', formula)
        code = re.sub(r"(?<![\w\"!])([A-Z])(\d+):[A-Z](\d+)", r'own("\1", \2, \3)', code)
        code = re.sub(r"(?<![\w\"!$])([A-Z]\$?\d+)(?![\w\"])", r'value_of("\1")', code)
        code = re.sub(r'(value_of\("[^"]+"\))=', r"\1==", code).replace("IF(", "pick(")
        code = lazily(code)
        return eval(code, {"column": column, "own": own, "value_of": value_of, "data": data, "COUNT": len, "SUM": sum,
                           "AVERAGE": lambda cells: sum(cells) / len(cells), "ROUND": excel_round,
                           "pick": lambda test, yes, no: yes() if test else no()})  # fmt: skip

    return {
        name: value_of(name)
        for row in page.iter_rows()
        for cell in row
        if cell.value is not None
        for name in [cell.coordinate]
    }


def lazily(code: str) -> str:
    """Make the second and third argument of every `pick` functions, as only one of them may be worked out."""
    place = code.rfind("pick(")
    while place >= 0:
        depth, start, parts, quoted = 0, place + 5, [], False
        for at in range(place + 5, len(code)):
            sign = code[at]
            quoted ^= sign == '"'
            if quoted:
                continue
            if sign in ",)" and depth == 0:
                parts.append(code[start:at])
                start = at + 1
                if sign == ")":
                    break
            depth += (sign == "(") - (sign == ")")
        code = f"{code[:place]}PICKED({parts[0]}, lambda: {parts[1]}, lambda: {parts[2]}){code[at + 1 :]}"
        place = code.rfind("pick(", 0, place)
    return code.replace("PICKED(", "pick(")


def excel_round(value: float, decimals: int) -> float:
    """Round as spreadsheets do: half away from zero, on the fifteen digits that they show."""
    return float(half_up(Fraction(format(value, ".15g")), decimals))


@pytest.mark.parametrize("name", ["exact", "0.11", "0.111", "0.1111"])
@pytest.mark.parametrize("case", SUMMED, ids=[case["id"] for case in SUMMED])
def test_the_formulas_give_the_published_figures(web_app, case, name):
    found = told(case)
    weight = weight_of(found.instrument, name)
    index = index_of(found.tallied, weight)
    rows = spread(found)
    with web_app.test_request_context("/"), force_locale("en"):
        content = as_workbook(found.instrument, weight, rows, [], workbook_words(found, ABOUT))
    values = evaluated(load_workbook(io.BytesIO(content)))
    total = 5 + len(found.instrument.elements)

    assert values[f"F{total}"] == float(index.shown)
    assert values[f"G{total}"] == index.band.letter.value
    for row, each in enumerate(index.elements, 5):
        assert (values[f"B{row}"], values[f"C{row}"]) == (each.tally.answers, each.tally.total)
        assert values[f"D{row}"] == pytest.approx(float(each.mean))
        assert values[f"F{row}"] == float(half_up(each.converted))
        assert values[f"G{row}"] == each.band.letter.value


def spread(found) -> list[dict[str, int]]:
    """Answers with these sums: as even as can be."""
    count = found.tallied.respondents
    rows = [{} for _ in range(count)]
    for key, tally in found.tallied.tallies.items():
        low, more = divmod(tally.total, count)
        for place, row in enumerate(rows):
            row[key] = low + (place < more)
    return rows


def test_the_order_of_the_answers_says_nothing_of_when_they_came():
    rows = [(number % 4 + 1, number % 3 + 1) for number in range(40)]

    assert mixed(rows) == mixed(rows[::-1]) != sorted(rows)
    assert sorted(mixed(rows)) == sorted(rows)


def test_an_element_that_nobody_answered_has_no_figure(web_app):
    found = told(SUMMED[0])
    rows = [{key: 4 for key in ELEMENTS if key != "waktu"} for _ in range(6)]
    with web_app.test_request_context("/"), force_locale("id"):
        content = as_workbook(found.instrument, found.index.weight, rows, [], workbook_words(found, ABOUT))
    values = evaluated(load_workbook(io.BytesIO(content)))

    assert (values["B7"], values["D7"], values["F7"], values["G7"]) == (0, "", "", "")
    assert (values["F14"], values["G14"]) == ("", "")


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_document_of_a_period(web, office, name, language):
    said = answered(office, 7)
    budi = web.as_("Budi")
    response = budi.client.get(f"/offices/{office.id}/reports/ikm/{name}?in={language}")
    figure = published(said, Fraction(1, 9))

    assert response.status_code == 200
    text = read(name, response.data)
    assert (figure if language == "id" else figure.replace(",", ".")) in text
    assert {"id": "Responden", "en": "Respondents"}[language] in text
    assert "Sari" not in text and "Budi" not in text
    assert office.rows(AccessRecord)[-1].verb == "exported"
    assert office.rows(AccessRecord)[-1].subject == f"report ikm {name}"


def read(name: str, content: bytes) -> str:
    if name.endswith(".pdf"):
        return words_of(content)[0]
    if name.endswith(".docx"):
        document = Document(io.BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return " ".join([*(each.text for each in document.paragraphs), *cells])
    book = load_workbook(io.BytesIO(content))
    return " ".join(str(cell.value) for page in book for row in page.iter_rows() for cell in row)


def test_the_outline_is_that_of_the_regulation(web, office):
    answered(office, 6)
    content = web.as_("Budi").client.get(f"/offices/{office.id}/reports/ikm/report.docx").data
    document = Document(io.BytesIO(content))
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]

    assert headings == [
        "I. Pendahuluan", "II. Pengumpulan Data", "III. Hasil", "IV. Analisis", "V. Penutup",
        "Lampiran 1. Kuesioner", "Lampiran 2. Olahan Data", "Lampiran 3. Tindak Lanjut Periode Sebelumnya",
    ]  # fmt: skip
    assert len(document.inline_shapes) == 1  # the chart by element; there is no earlier period to draw a line from
    assert any(each.text.startswith("[…") for each in document.paragraphs)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_report_to_be_finished_is_a_whole_package(web, office, language):
    """What a word processor goes by: every part has its type, every reference leads to a part, every id is there once.

    LibreOffice showed the report by hand; what it stumbled over then is held here.
    """
    answered(office, 6)
    before = dict.fromkeys(ELEMENTS, 3)
    taking_over.take_over(
        office.streams, office.id, office.budi.asks("enter_paper"), questionnaire=SHIPPED["skm2017"],
        origin=Origin.PAPER, sheets=[Sheet(before, {}, office.today - timedelta(days=90)) for _ in range(6)],
    )  # fmt: skip
    content = web.as_("Budi").client.get(f"/offices/{office.id}/reports/ikm/report.docx?in={language}").data
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        parts = {name: package.read(name) for name in package.namelist()}
    assert len(parts) == len(set(parts)) and "docProps/thumbnail.jpeg" not in parts
    trees = {name: fromstring(data) for name, data in parts.items() if name.endswith((".xml", ".rels"))}

    types = trees["[Content_Types].xml"]
    by_ending = {each.get("Extension") for each in types if each.tag.endswith("Default")}
    by_name = {each.get("PartName") for each in types if each.tag.endswith("Override")}
    assert {each.removeprefix("/") for each in by_name} <= parts.keys()
    untyped = [each for each in parts if f"/{each}" not in by_name and each.rpartition(".")[2] not in by_ending]
    assert untyped in ([], ["[Content_Types].xml"])

    reached = {"[Content_Types].xml", *(each for each in parts if each.endswith(".rels"))}
    for name in [each for each in parts if each.endswith(".rels")]:
        folder, _, source = name.rpartition("_rels/")
        known = {}
        for each in trees[name]:
            assert each.get("TargetMode") != "External", each.attrib
            target = each.get("Target").removeprefix("/")
            known[each.get("Id")] = posixpath.normpath(target if each.get("Target")[0] == "/" else folder + target)
        assert set(known.values()) <= parts.keys() and len(known) == len(trees[name])
        reached |= set(known.values())
        text = parts.get(folder + source.removesuffix(".rels"), b"").decode("utf-8", "replace")
        assert set(re.findall(r'\br:(?:id|embed|link)="([^"]+)"', text)) <= known.keys(), name
    assert parts.keys() == reached

    body = parts["word/document.xml"].decode()
    drawn = re.findall(r'<wp:docPr id="(\d+)"[^>]*descr="[^"]+', body)
    assert len(drawn) == len(set(drawn)) == 2
    assert body.count('distT="0" distB="0" distL="0" distR="0"') == 2
    styles = set(re.findall(r'w:styleId="([^"]+)"', parts["word/styles.xml"].decode()))
    assert set(re.findall(r'<w:(?:p|t|r)Style w:val="([^"]+)"', body)) <= styles
    for table in Document(io.BytesIO(content)).tables:
        grid = [column.width for column in table.columns]
        assert all([cell.width for cell in row.cells] == grid for row in table.rows)
    assert 'w:instr="PAGE"' in parts["word/footer1.xml"].decode()
    assert str(office.today) in parts["docProps/core.xml"].decode()


def test_the_answers_in_the_workbook_are_those_that_count(web, office):
    said = answered(office, 6)
    office.says(ended(office, "B"), score="5")  # another questionnaire
    content = web.as_("Budi").client.get(f"/offices/{office.id}/reports/ikm/answers.xlsx").data
    book = load_workbook(io.BytesIO(content))
    rows = [tuple(cell.value for cell in row[1:]) for row in book["Data"].iter_rows(min_row=2)]
    values = evaluated(book)

    assert sorted(rows) == sorted(tuple(each[key] for key in KEYS) for each in said)
    assert str(values["F14"]).replace(".", ",") == published(said, Fraction(1, 9)).rstrip("0")
    assert ("Jenis kelamin", "–") in {(row[0].value, row[2].value) for row in book.worksheets[3].iter_rows(min_row=2)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_under_five_respondents_no_document_is_made(web, office, name):
    answered(office, 4)
    page = web.as_("Budi").get(f"/offices/{office.id}/reports/ikm/{name}", status=422)

    assert "Kurang dari 5 orang menjawab" in page.said
    assert office.rows(AccessRecord)[-1].verb == "looked"


def test_small_numbers_of_the_profile_are_hidden(web, office):
    answered(office, 7)  # 4 men and 3 women
    text = read("report.pdf", web.as_("Budi").client.get(f"/offices/{office.id}/reports/ikm/report.pdf").data)

    assert re.search(r"Jenis kelamin\s+Laki-laki\s+–", text)


@pytest.mark.parametrize(
    "query", ["period=2026-Q9", "service=9999", "weight=0.5", "in=xx", "paper=a9", "in=x&paper=a5"]
)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_cannot_be_meant_is_refused(web, office, name, query):
    page = web.as_("Budi").get(f"/offices/{office.id}/reports/ikm/{name}?{query}", status=422)

    assert "pilih" in page.said.casefold()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", ["report.pdf", "sheet.pdf"])
def test_a_pdf_names_its_language_and_itself(web, office, name, language):
    answered(office, 6)
    content = web.as_("Budi").client.get(f"/offices/{office.id}/reports/ikm/{name}?in={language}").data
    assert f"/Lang ({language})".encode() in content
    assert b"/DisplayDocTitle true" in content
    for each in (b"/Title (", b"/Author (", b"/Subject (", b"/Creator (Desk)"):
        assert each in content and each + b"unspecified" not in content


def test_the_report_says_below_the_services_why_figures_are_hidden(web, office):
    choice = {"code": "skm2017", "service_id": office.services["B"]}
    questionnaires.choose(office.streams, office.id, office.agus.asks("choose", **choice), **choice)
    answered(office, 12)
    answered(office, 3, "B")
    budi = web.as_("Budi")
    report = Document(io.BytesIO(budi.client.get(path_of(office, "ikm/report.docx")).data))
    said = {
        row.cells[3].text: row.cells[4].text for table in report.tables for row in table.rows if len(row.cells) == 6
    }
    assert said["12"] == said["3"] == "–"
    (why,) = [each.text for each in report.paragraphs if each.text.startswith("–: terlalu sedikit")]
    assert "kurang dari 5" in why and "disembunyikan agar" in why
    assert any("jawaban sampai 2 Maret 2026" in each.text for each in report.paragraphs)
