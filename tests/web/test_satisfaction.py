"""The satisfaction index and the scores on their pages: right figures, honest small numbers, refusals in words."""

import csv
import io
from fractions import Fraction

import pytest
from flask_babel import force_locale
from openpyxl import load_workbook

from desk.domain.points import PointKind
from desk.domain.questionnaires import satisfaction
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_elements import INSTRUMENTS, Regulation, half_up
from desk.domain.skm_index import Tallied, Tally, index_of
from desk.domain.skm_warnings import ReportWarning, WarningKind
from desk.domain.tallies import Origin
from desk.models import AccessRecord, InvitationRow
from desk.operations.survey import questionnaires, taking_over
from desk.operations.survey.taking_over import Sheet
from desk.web.satisfaction.index import warned

SKM, ONE = SHIPPED["skm2017"], SHIPPED["one"]
INSTRUMENT = INSTRUMENTS[Regulation.RULE_2017]
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
    assert ("1/9" if name == "exact" else "bobot 0,11") in page.said
    assert "7 responden dari 7 yang dibutuhkan" in page.said


def test_tables_as_files(web, office):
    said = answered(office, 6)
    budi = web.as_("Budi")
    elements = rows(budi.get(path_of(office, "ikm/tables/elements")))
    mean = Fraction(sum(each["waktu"] for each in said), 6)

    assert len(elements) == 10
    assert next(row for row in elements if row[0] == "Waktu Penyelesaian")[1:3] == [
        "6",
        str(half_up(mean, 4)),
    ]
    profile = rows(budi.get(path_of(office, "ikm/tables/profile")))
    assert profile[1:] == [["Jenis kelamin", "Laki-laki", ""], ["Jenis kelamin", "Perempuan", ""]]  # three each
    workbook = load_workbook(io.BytesIO(budi.client.get(path_of(office, "ikm/workbook")).data))
    about = {row[0].value: row[1].value for row in workbook.worksheets[0].iter_rows() if row[0].value}
    assert f"{about['IKM']:.2f}" == published(said, Fraction(1, 9)).replace(",", ".")
    assert about["IKM, dari"] < about["IKM"] < about["IKM, sampai"] and about["Responden"] == 6
    assert {row.verb for row in office.rows(AccessRecord)} >= {"exported"}


def test_fewer_than_five_are_not_told(web, office):
    answered(office, 4)
    budi = web.as_("Budi")
    budi.speak("en")
    page = budi.get(path_of(office, "ikm"))

    assert "Fewer than 5 people answered" in page.said
    assert "Converted" not in page.said


def test_a_small_service_takes_another_along_so_that_nobody_works_it_out(web, office):
    answered(office, 6)
    choice = {"code": "skm2017", "service_id": office.services["B"]}
    questionnaires.choose(office.streams, office.id, office.agus.asks("choose", **choice), **choice)
    answered(office, 1, "B")
    budi = web.as_("Budi")
    budi.speak("en")
    services = rows(budi.get(path_of(office, "scores/tables/service")))

    assert [(row[1], row[2]) for row in services[1:]] == [("6", ""), ("1", "")]


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


def test_a_service_is_told_only_where_the_others_are_enough(web, office):
    answered(office, 12)
    choice = {"code": "skm2017", "service_id": office.services["B"]}
    questionnaires.choose(office.streams, office.id, office.agus.asks("choose", **choice), **choice)
    answered(office, 3, "B")
    budi = web.as_("Budi")
    budi.speak("en")
    service = office.services["A"]
    for page in ("ikm", "scores"):
        assert (
            "Hidden: beside the figures of the other services"
            in budi.get(path_of(office, f"{page}?service={service}")).said
        )
    budi.get(path_of(office, f"ikm/answers.xlsx?service={service}"), status=422)
    figures = [row[4] for row in rows(budi.get(path_of(office, "ikm/tables/services")))[1:]]
    assert figures == ["", ""]
    page = budi.get(path_of(office, "ikm")).said
    assert "hidden, so that fewer than 5 beside it cannot be worked out" in page and "too few to tell" in page

    answered(office, 2, "B")
    assert "Converted" in budi.get(path_of(office, f"ikm?service={service}")).said
    (sari,) = rows(budi.get(path_of(office, f"scores/tables/officers?service={service}")))[1:]
    assert (sari[1], sari[3]) == ("12", ""), "the other five of Sari are fewer than ten"
    answered(office, 5, "B")
    (sari,) = rows(budi.get(path_of(office, f"scores/tables/officers?service={service}")))[1:]
    assert sari[3]


def test_the_satisfaction_of_two_questionnaires_stands_apart(web, office):
    answered(office, 5)
    for _ in range(6):
        office.says(ended(office, "B"), score="5")
    budi = web.as_("Budi")
    budi.speak("en")
    page = budi.get(path_of(office, "scores"))

    assert "SKM of 2017, nine elements: satisfaction (between" in page.said
    assert "Satisfaction, 1 to 5: satisfaction (between" in page.said


@pytest.fixture
def mixed(web, office):
    """Service A with the nine elements, of which all got 4 of 4; service B with one question, of which all got 1 of 5;
    both after Sari, who served everybody."""
    for _ in range(12):
        office.says(ended(office), **dict.fromkeys(ELEMENTS, "4"))
    for _ in range(11):
        office.says(ended(office, "B"), score="1")
    budi = web.as_("Budi")
    budi.speak("en")
    return budi


@pytest.mark.parametrize(
    ("measure", "words", "answers", "satisfaction"),
    [("skm2017", "SKM of 2017, nine elements", "12", 1.0), ("csat", "Satisfaction, 1 to 5", "11", 0.0)],
)
def test_no_table_of_scores_mixes_scales(office, mixed, measure, words, answers, satisfaction):
    for name, place in (("service", 1), ("month", 1), ("officers", 1), ("legs", 2)):
        head, *lines = rows(mixed.get(path_of(office, f"scores/tables/{name}?measure={measure}")))
        assert f"Mean satisfaction, 0 to 100%: {words}" in head, name
        assert {line[place] for line in lines} == {answers}, name
        assert {float(line[place + (1 if place == 1 and name != "officers" else 2)]) for line in lines} == {
            satisfaction
        }
    page = mixed.get(path_of(office, f"scores?measure={measure}"))
    assert f"Only answers to this questionnaire: {words}." in page.said
    (chosen,) = [each for each in page.tree.named("option") if each.get("value") == measure]
    assert chosen.get("selected") is not None
    assert f"measure={measure}" in page.text

    sent = mixed.client.get(path_of(office, f"scores/workbook?measure={measure}"))
    assert f"-{measure}.xlsx" in sent.headers["Content-Disposition"]
    workbook = load_workbook(io.BytesIO(sent.data))
    about = {row[0].value: row[1].value for row in workbook.worksheets[0].iter_rows() if row[0].value}
    assert about["Tables by service, month, officer and leg: only"] == words
    assert any("Scales are never mixed" in str(row[1].value) for row in workbook.worksheets[0].iter_rows())


def test_without_a_choice_the_tables_are_of_what_most_answered(office, mixed):
    assert "Only answers to this questionnaire: SKM of 2017" in mixed.get(path_of(office, "scores")).said
    for _ in range(2):
        office.says(ended(office, "B"), score="1")
    assert "Only answers to this questionnaire: Satisfaction, 1 to 5" in mixed.get(path_of(office, "scores")).said


def test_a_questionnaire_that_few_answered_has_no_tables(office, mixed):
    page = mixed.get(path_of(office, "scores?measure=nps"))
    assert "Too few to tell by service, month or officer: Recommendation, 0 to 10 (NPS)." in page.said
    assert "By month" not in page.said


def on_paper(office, respondents, *, without=(), score=3):
    """Let so many sheets of paper be taken over on which these elements are left out."""
    said = {key: score for key in ELEMENTS if key not in without}
    taking_over.take_over(
        office.streams, office.id, office.budi.asks("enter_paper"), questionnaire=SKM, origin=Origin.PAPER,
        sheets=[Sheet(said, {}, office.today) for _ in range(respondents)],
    )  # fmt: skip


class TestElement:
    """An element that few answered, though many answered the others."""

    def test_it_is_hidden_and_the_index_with_it(self, web, office):
        on_paper(office, 3, score=4)
        on_paper(office, 20, without=["pengaduan"])
        budi = web.as_("Budi")
        budi.speak("en")
        page = budi.get(path_of(office, "ikm"))
        assert "Not told: Handling of complaints" in page.said and "would have it" in page.said
        lines = {line[0]: line for line in rows(budi.get(path_of(office, "ikm/tables/elements")))}
        hidden = next(line for name, line in lines.items() if "complaints" in name)
        assert hidden[1:] == ["3", "", "", "", "–"] and "too few to tell" in page.said
        others = [line for line in lines.values() if line[1] == "23"]
        assert len(others) == 8 and all(line[2] == "3.1304" for line in others)
        (trend,) = [line for line in rows(budi.get(path_of(office, "ikm/tables/trend"))) if line[1] == "23"]
        assert trend[2:] == ["", "", "", "–"]
        assert "80.68" not in page.text  # the index it would be
        assert "Mean satisfaction" not in budi.get(path_of(office, "scores")).text
        for name in ("report.pdf", "report.docx", "sheet.pdf", "answers.xlsx"):
            assert "Not told: Handling of complaints" in budi.get(path_of(office, f"ikm/{name}"), status=422).said

    def test_it_is_not_published(self, web, office):
        on_paper(office, 4)
        on_paper(office, 20, without=["biaya"])
        budi = web.as_("Budi")
        budi.speak("en")
        path = path_of(office, "ikm/publication")
        assert "Not told: Fees and charges" in budi.get(path).said
        page = budi.post(path, status=409, seen="whatever", confirmed="y")
        assert "There is a problem" in page.said

    def test_five_are_enough(self, web, office):
        on_paper(office, 5)
        on_paper(office, 20, without=["biaya"])
        budi = web.as_("Budi")
        budi.speak("en")
        assert "Not told" not in budi.get(path_of(office, "ikm")).said
        assert budi.client.get(path_of(office, "ikm/report.pdf")).status_code == 200


@BOTH
def test_who_was_served_is_not_known_where_all_is_on_paper(web, office, language):
    for _ in range(6):
        office.takes_over_paper()
    budi = web.as_("Budi")
    budi.speak(language)
    words = {"id": "tidak diketahui", "en": "is not known"}[language]
    page = budi.get(path_of(office, "ikm"))
    assert words in page.said and "Yang dilayani hanya" not in page.said and "only 0 were served" not in page.said
    publication = path_of(office, "ikm/publication")
    budi.send(budi.get(publication), publication, confirmed="y")
    assert words in web.get(f"/offices/{office.id}/satisfaction?language={language}").said
    for name in ("report.pdf", "sheet.pdf"):
        assert budi.client.get(path_of(office, f"ikm/{name}")).status_code == 200


def test_numbers_and_periods_in_warnings_are_said_as_people_say_them(web_app):
    index = index_of(Tallied(INSTRUMENT, 0, {key: Tally(0, 0) for key in INSTRUMENT.keys}), INSTRUMENT.weights[0])
    told = [
        ReportWarning(WarningKind.PERIOD_COPIED, {"period": "2025-Q1"}),
        ReportWarning(WarningKind.WEIGHT_DIFFERS, {"published": "0.11", "used": "0.111, 0.1111"}),
    ]
    with web_app.test_request_context("/"), force_locale("id"):
        copied, weight = (warned(each, index) for each in told)

    assert "triwulan 1 2025" in copied
    assert "0,11" in weight and "0,111, 0,1111" in weight


@EVERY
@pytest.mark.parametrize(
    "query",
    ["period=2026-Q9", "period=yesterday", "service=9999", "service=-1", "weight=0.5", "measure=stars"],
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


def poster_answers(web, office, count, series="A", *, score="4"):
    """Let so many people answer a poster of a service."""
    point = office.budi.sets_up(PointKind.POSTER, service=series)
    browser, path = web.another(), f"/p/{office.point_token(point)}"
    for _ in range(count):
        browser.send(browser.get(path), path, **{"q0-score": score, "go": "send"})


@BOTH
def test_where_only_posters_were_answered_that_is_told(web, office, language):
    poster_answers(web, office, 6, "B")
    budi = web.as_("Budi")
    budi.speak(language)
    said = budi.get(path_of(office, "scores")).said
    assert {"id": "hanya ada jawaban dari poster", "en": "only posters were answered"}[language] in said
    (line,) = rows(budi.get(path_of(office, "scores/tables/poster")))[1:]
    assert line[1:3] == ["6", "0.75"]


def test_one_answer_to_the_poster_of_a_service_is_not_worked_out_beside_the_other(web, office):
    office.asks_with("one", service="A")
    poster_answers(web, office, 6, "A")
    poster_answers(web, office, 1, "B", score="1")
    budi = web.as_("Budi")
    told = []
    for service in ("", f"?service={office.services['A']}", f"?service={office.services['B']}"):
        (line,) = rows(budi.get(path_of(office, f"scores/tables/poster{service}")))[1:]
        told.append(bool(line[2]))
    assert told == [True, False, False], "the office as a whole, and none of its services beside it"


def test_a_questionnaire_few_answered_hides_no_other_as_nothing_adds_them_up(office, mixed):
    office.asks_with("ces", service="A")
    office.says(ended(office), ease="3")
    lines = rows(mixed.get(path_of(office, "scores/tables/measures")))[1:]
    told = {line[0]: bool(line[2]) for line in lines}
    assert not told["Ease, 1 to 7 (CES)"] and told["CSAT; GOV.UK, first formula"]
