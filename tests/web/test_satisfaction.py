"""The satisfaction index and the scores on their pages: right figures, honest small numbers, refusals in words."""

import csv
import io
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from desk.domain.questionnaires import satisfaction
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_elements import half_up
from desk.models import AccessRecord, InvitationRow

SKM, ONE = SHIPPED["skm2017"], SHIPPED["one"]
ELEMENTS = [each.key for each in SKM.questions if each.scored]
EVERY = pytest.mark.parametrize("report", ["ikm", "scores"])
BOTH = pytest.mark.parametrize("language", ["id", "en"])


@pytest.fixture
def office(desk_office):
    """Sari and Dewi at their counters; service A is asked about with the nine elements."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.asks_with("skm2017", service="A")
    return desk_office


def ended(office, series="A"):
    """Serve somebody to the end; return the invitation's id."""
    office.arrives(series)
    transaction = office.sari.serves()
    office.clock.tick(60)
    office.sari.completes(transaction)
    return office.row(InvitationRow, transaction_id=transaction).id


def answered(office, respondents, series="A"):
    """Let so many answer, each element differently; return what they said."""
    said = []
    for number in range(respondents):
        scores = {key: 1 + (number + place) % 4 for place, key in enumerate(ELEMENTS)}
        given = {key: str(score) for key, score in scores.items()}
        office.says(ended(office, series), **given, jenis_kelamin="LP"[number % 2])
        said.append(scores)
    return said


def published(said, weight):
    """The index as the regulation says it, worked out anew."""
    means = [Fraction(sum(each[key] for each in said), len(said)) for key in ELEMENTS]
    return str(half_up(sum(means, Fraction(0)) * weight * 25)).replace(".", ",")


def rows(page):
    return list(csv.reader(io.StringIO(page.text.lstrip("\ufeff"))))


def path_of(office, rest):
    return f"/offices/{office.id}/reports/{rest}"


@EVERY
@BOTH
def test_both_pages_in_both_languages(web, office, report, language):
    answered(office, 6)
    office.says(ended(office, "B"), score="5", comment="Bagus")
    budi = web.as_("Budi")
    budi.speak(language)
    page = budi.get(path_of(office, report))

    assert {"id": "Cara menghitung", "en": "How this is counted"}[language] in page.said
    assert page.queries <= 30


@EVERY
@BOTH
def test_nobody_has_answered(web, office, report, language):
    budi = web.as_("Budi")
    budi.speak(language)

    expected = {"id": "Belum ada yang menjawab", "en": "Nobody answered in this period"}[language]
    assert expected in budi.get(path_of(office, report)).said


@pytest.mark.parametrize(("name", "weight"), [("exact", Fraction(1, 9)), ("0.11", Fraction(11, 100))])
def test_the_index_is_that_of_the_regulation_with_its_weight_beside_it(web, office, name, weight):
    said = answered(office, 7)
    page = web.as_("Budi").get(path_of(office, f"ikm?weight={name}"))

    assert published(said, weight) in page.said
    assert ("1/9" if name == "exact" else "0.11") in page.said
    assert "7 responden dari 7 yang dibutuhkan" in page.said


def test_tables_as_files(web, office):
    said = answered(office, 6)
    budi = web.as_("Budi")
    elements = rows(budi.get(path_of(office, "ikm/tables/elements")))
    mean = Fraction(sum(each["waktu"] for each in said), 6)

    assert len(elements) == 10
    assert next(row for row in elements if row[0] == "Waktu Penyelesaian")[1:3] == [
        "6",
        str(half_up(mean, 4)).replace(".", ","),
    ]
    profile = rows(budi.get(path_of(office, "ikm/tables/profile")))
    assert profile[1:] == [["Jenis kelamin", "Laki-laki", "3"], ["Jenis kelamin", "Perempuan", "3"]]
    workbook = load_workbook(io.BytesIO(budi.client.get(path_of(office, "ikm/workbook")).data))
    about = {row[0].value: row[1].value for row in workbook.worksheets[0].iter_rows() if row[0].value}
    assert about["IKM"] == published(said, Fraction(1, 9))
    assert {row.verb for row in office.rows(AccessRecord)} >= {"exported"}


def test_fewer_than_five_are_not_told(web, office):
    answered(office, 4)
    budi = web.as_("Budi")
    budi.speak("en")
    page = budi.get(path_of(office, "ikm"))

    assert "Fewer than 5 people answered" in page.said
    assert "Converted" not in page.said


def test_a_small_service_takes_another_along_so_that_nobody_works_it_out(web, office):
    office.asks_with("nps")  # not the office's way to ask: service B keeps the one question
    for score in (5, 4, 5, 4, 5, 4):
        office.says(ended(office, "A"), **dict.fromkeys(ELEMENTS, "3"), comment=str(score))
    office.says(ended(office, "B"), recommend="9")
    budi = web.as_("Budi")
    budi.speak("en")
    services = rows(budi.get(path_of(office, "scores/tables/service")))

    assert [row[2] for row in services[1:]] == ["", ""] or all("too few" in row[2] for row in services[1:])


def test_an_officer_has_a_score_from_ten_answers_on(web, office):
    for _ in range(9):
        office.says(ended(office, "B"), score="5")
    budi = web.as_("Budi")
    budi.speak("en")
    (_, before) = rows(budi.get(path_of(office, "scores/tables/officers")))
    office.says(ended(office, "B"), score="1")
    (_, after) = rows(budi.get(path_of(office, "scores/tables/officers")))

    assert before[:2] == ["Sari", "9"] and before[3] == ""
    mean = sum(satisfaction(ONE, {"score": score}) for score in [5] * 9 + [1]) / 10 / 10_000
    assert after[:2] == ["Sari", "10"] and float(after[3]) == pytest.approx(mean)


@EVERY
@pytest.mark.parametrize(
    "query",
    ["period=2026-Q9", "period=yesterday", "service=9999", "service=-1", "weight=0.5", "measure=csat",
     "measure=skm2004&weight=0.11"],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_in_words(web, office, report, query):
    budi = web.as_("Budi")
    for rest in (f"{report}?{query}", f"{report}/workbook?{query}", f"{report}/tables/elements?{query}"):
        page = budi.get(path_of(office, rest), status=422)
        assert "Pilih" in page.said or "pilih" in page.said


def test_another_period_has_its_own_answers(web, office):
    answered(office, 5)
    budi = web.as_("Budi")

    assert "Belum ada yang menjawab" in budi.get(path_of(office, "ikm?period=2020")).said
    assert "5 responden" in budi.get(path_of(office, f"ikm?period={office.today.year}")).said
