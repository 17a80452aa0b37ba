"""Answers on paper and from files: taken over whole, refused line by line, tied to a number, taken back."""

import pytest

from desk.domain.shipped_questionnaires import SHIPPED
from desk.models import InvitationRow, LooseResponse, ResponseRow, SurveyImport, SurveyTally

ELEMENTS = [each.key for each in SHIPPED["skm2017"].questions if each.scored]
HEAD = ",".join([*ELEMENTS, "jenis_kelamin", "tanggal", "layanan"])
GOOD = ",".join(["3"] * 9)


@pytest.fixture
def budi(web, desk_office):
    """The supervisor, in English."""
    found = web.as_("Budi")
    found.speak("en")
    return found


def place(office, more=""):
    return f"/offices/{office.id}/answers{more}"


def sheet(office, **more):
    return {**{f"q_{key}": "3" for key in ELEMENTS}, "day": office.today.isoformat(), "service": "0", **more}


def tally(office):
    (found,) = office.rows(SurveyTally, holder_id=0)
    return found


def test_one_sheet_is_typed_in(budi, desk_office):
    service = desk_office.services["A"]
    budi.post(place(desk_office), **sheet(desk_office, service=str(service), q_usia="60+", q_comment="Baik"))

    loose = desk_office.row(LooseResponse)
    assert (loose.origin, loose.service_id, loose.profile) == ("paper", service, {"usia": "60+"})
    assert (tally(desk_office).origin, tally(desk_office).counts["waktu"]) == ("paper", {"3": 1})
    assert desk_office.row(SurveyImport).answers == 1
    assert desk_office.findings() == []


def test_on_paper_an_element_may_be_left_out(budi, desk_office):
    budi.post(place(desk_office), **sheet(desk_office, q_biaya=""))

    assert "biaya" not in desk_office.row(LooseResponse).answers


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"q_waktu": "5"}, "off its scale"),
        ({f"q_{key}": "" for key in ELEMENTS}, "off its scale or missing"),
        ({"day": "2999-01-01"}, "cannot lie in the future"),
        ({"day": "yesterday"}, "Give the day as a date"),
        ({"service": "9999"}, "There is a problem"),
        ({"number": "A999"}, "Leave the number empty"),
        ({"q_comment": "x" * 4_001}, "off its scale"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(budi, desk_office, wrong, words):
    page = budi.post(place(desk_office), **sheet(desk_office, **{"q_sarana": "4", **wrong}), status=422)

    assert words in page.said
    if "q_sarana" not in wrong:
        assert 'value="4"' in page.text
    assert desk_office.rows(LooseResponse) == []


def test_with_its_number_a_sheet_belongs_to_the_transaction(budi, desk_office):
    desk_office.sari.signs_on(1)
    desk_office.asks_with("skm2017")
    desk_office.arrives("A")
    desk_office.sari.completes(desk_office.sari.serves())
    budi.post(place(desk_office), **sheet(desk_office, number="a001"))

    assert (desk_office.row(ResponseRow).channel, desk_office.row(InvitationRow).state) == ("paper", "answered")
    assert desk_office.rows(LooseResponse) == []
    page = budi.post(place(desk_office), **sheet(desk_office, number="A001"), status=422)
    assert "Leave the number empty" in page.said


class TestFile:
    def send(self, budi, office, rows, status=303, **more):
        body = {"rows": rows, "day": office.today.isoformat(), "service": "0", **more}
        return budi.post(place(office, "/file"), status=status, **body)

    def test_days_and_services_of_the_file_go_before(self, budi, desk_office):
        rows = f"{HEAD}\n{GOOD},L,2026-01-31,Lelang\n{GOOD},P,,\n"
        self.send(budi, desk_office, rows)

        first, second = sorted(desk_office.rows(LooseResponse), key=lambda row: row.day)
        assert (first.day.isoformat(), first.service_id) == ("2026-01-31", desk_office.services["A"])
        assert (second.day, second.service_id) == (desk_office.today, None)
        assert {row.origin for row in desk_office.rows(SurveyTally)} == {"import"}
        assert desk_office.findings() == []

    def test_bad_lines_keep_all_of_it_out_until_the_person_says_so(self, budi, desk_office):
        rows = f"{HEAD}\n{GOOD},L,,\n{GOOD.replace('3', '7', 1)},L,,\n{GOOD},P,31/31/2025,\n"
        page = self.send(budi, desk_office, rows, status=422)

        assert "2 lines were refused" in page.said and "1 respondent is good" in page.said
        assert "an answer is 1, 2, 3 or 4" in page.said and "this is not a date" in page.said
        assert desk_office.rows(LooseResponse) == []
        self.send(budi, desk_office, rows, keep="y")
        assert len(desk_office.rows(LooseResponse)) == 1

    @pytest.mark.parametrize(
        ("rows", "words"),
        [("", "the file is empty"), ("a,b\n1,2", "no column is named"), ("u1,u2\n1,2", "by number"),
         ("waktu\n1", "this element has no column")],
    )  # fmt: skip
    def test_columns_that_are_wrong_refuse_it_whole(self, budi, desk_office, rows, words):
        assert words in self.send(budi, desk_office, rows, status=422, keep="y").said

    def test_the_same_file_twice(self, budi, desk_office):
        rows = f"{HEAD}\n{GOOD},L,,\n"
        self.send(budi, desk_office, rows)

        assert "taken over already" in self.send(budi, desk_office, rows, status=422).said
        (batch,) = desk_office.rows(SurveyImport)
        budi.post(place(desk_office, f"/{batch.id}/back"))
        self.send(budi, desk_office, rows)
        assert len(desk_office.rows(LooseResponse)) == 1


def test_a_batch_is_taken_back_with_all_it_counted(budi, desk_office):
    budi.post(place(desk_office), **sheet(desk_office))
    batch = desk_office.row(SurveyImport)
    budi.post(place(desk_office, f"/{batch.id}/back"))

    assert desk_office.rows(LooseResponse) == [] and desk_office.rows(SurveyTally) == []
    assert desk_office.row(SurveyImport).undone_at is not None
    assert desk_office.findings() == []
    budi.post(place(desk_office, f"/{batch.id}/back"), status=409)
    budi.post(place(desk_office, "/12345/back"), status=404)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("code", SHIPPED)
def test_every_questionnaire_can_be_typed_in(web, desk_office, code, language):
    budi = web.as_("Budi")
    budi.speak(language)
    page = budi.get(place(desk_office, f"?questionnaire={code}"))

    assert SHIPPED[code].questions[0].text.in_language(language) in page.said
