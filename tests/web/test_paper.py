"""Answers on paper and from files: taken over whole, refused line by line, tied to a number, taken back."""

import json
import re
from io import BytesIO
from typing import ClassVar

import pytest
from sqlalchemy import delete, update

from desk.domain.facts import EventName
from desk.domain.refusals import Reason
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.tallies import Origin
from desk.models import (
    ImportRow,
    InvitationRow,
    LooseResponse,
    Office,
    Person,
    ResponseRow,
    Service,
    SurveyImport,
    SurveyTally,
    Visit,
)
from desk.operations.survey.taking_over import Sheet, take_over
from tests.fixtures.office import OPENING

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


def enters(browser, office, **more):
    """Type a sheet with a number in, and confirm the matter that is shown."""
    return browser.send(browser.post(place(office), status=200, **sheet(office, **more)), action(office))


def action(office):
    return place(office, "?questionnaire=skm2017")


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
        ({"q_waktu": "5"}, "off the scale of 1 to 4"),
        ({f"q_{key}": "" for key in ELEMENTS}, "There is no answer on the sheet"),
        ({"day": "2999-01-01"}, "cannot lie in the future"),
        ({"day": "1999-12-31"}, "The day lies before 2000"),
        ({"day": "yesterday"}, "Give the day as a date"),
        ({"service": "9999"}, "There is a problem"),
        ({"number": "A999"}, "Leave the number empty"),
        ({"q_comment": "x" * 4_001}, "Use at most 4,000 characters; these are 4,001."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(budi, desk_office, wrong, words):
    page = budi.post(place(desk_office), **sheet(desk_office, **{"q_sarana": "4", **wrong}), status=422)

    assert words in page.said
    if "q_sarana" not in wrong:
        assert 'value="4"' in page.text
    assert desk_office.rows(LooseResponse) == []


def test_what_is_off_the_scale_is_marked_at_its_field(budi, desk_office):
    page = budi.post(place(desk_office), **sheet(desk_office, q_waktu="5"), status=422)

    (field,) = re.findall(r"<input[^>]*name=\"q_waktu\"[^>]*>", page.text)
    assert 'aria-invalid="true"' in field
    assert page.text.count('aria-invalid="true"') == 1
    assert page.text.index("data-error-summary") < page.text.index("<h1")
    assert 'href="#paper-q_waktu"' in page.text


def test_with_its_number_a_sheet_belongs_to_the_transaction(budi, desk_office):
    desk_office.sari.signs_on(1)
    desk_office.asks_with("skm2017")
    desk_office.arrives("A")
    desk_office.sari.completes(desk_office.sari.serves())
    enters(budi, desk_office, number="a001")

    assert (desk_office.row(ResponseRow).channel, desk_office.row(InvitationRow).state) == ("paper", "answered")
    assert desk_office.rows(LooseResponse) == []
    page = budi.post(place(desk_office), **sheet(desk_office, number="A001"), status=422)
    assert "Leave the number empty" in page.said


class TestConfirmed:
    """A sheet with a number cannot be taken back, so its matter is shown before anything is saved."""

    TYPED: ClassVar = {"number": "a001", "q_sarana": "4", "q_usia": "60+", "q_comment": 'Baik & "rapi"\r\n<cepat>'}

    @pytest.fixture(autouse=True)
    def served_by_sari(self, desk_office):
        desk_office.asks_with("skm2017")
        desk_office.sari.signs_on(1)
        self.serve(desk_office)

    def serve(self, office):
        office.arrives("A")
        office.sari.completes(office.sari.serves())

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", ["Is this the matter of the sheet?", "A001", "Counter 1", "cannot be taken back"]),
            ("id", ["Apakah ini urusan pada lembar itu?", "A001", "Loket 1", "tidak dapat ditarik kembali"]),
        ],
    )
    def test_the_matter_is_named_and_nothing_is_saved_yet(self, budi, desk_office, language, words):
        budi.speak(language)
        page = budi.post(place(desk_office), status=200, **sheet(desk_office, **self.TYPED))

        assert [each for each in words if each not in page.said] == []
        service = desk_office.row(Service, id=desk_office.services["A"])
        assert getattr(service, f"name_{language}") in page.said
        assert "<time" in page.text
        assert (desk_office.row(InvitationRow).state, desk_office.rows(LooseResponse)) == ("open", [])

    def test_what_was_typed_is_kept_and_saved_after_the_yes(self, budi, desk_office):
        page = budi.post(place(desk_office), status=200, **sheet(desk_office, **self.TYPED))
        budi.send(page, action(desk_office))

        response = desk_office.row(ResponseRow)
        assert (response.channel, response.answers["sarana"]) == ("paper", 4)
        assert "cannot" not in budi.follow(budi.send(page, action(desk_office))).said, "sent twice it is one answer"
        assert len(desk_office.rows(ResponseRow)) == 1

    def test_after_a_no_the_form_has_what_was_typed(self, budi, desk_office):
        page = budi.post(place(desk_office), status=200, **sheet(desk_office, **self.TYPED))
        again = budi.send(page, action(desk_office), status=200, step="change")

        fields = again.form(action(desk_office))
        assert {name: fields[name] for name in ("number", "q_sarana", "q_usia")} == {
            "number": "a001", "q_sarana": "4", "q_usia": "60+",
        }  # fmt: skip
        assert fields["q_comment"].split() == ["Baik", "&", '"rapi"', "<cepat>"]
        assert fields["matter"] == ""
        assert desk_office.row(InvitationRow).state == "open"
        self.serve(desk_office)
        other = budi.send(again, action(desk_office), status=200, number="A002")
        assert "A002" in other.said

    def test_a_yes_holds_for_the_matter_that_was_shown(self, budi, desk_office):
        page = budi.post(place(desk_office), status=200, **sheet(desk_office, **self.TYPED))
        self.serve(desk_office)
        refused = budi.send(page, action(desk_office), status=422, number="A002")

        assert "Nobody with this number" in refused.said
        assert {row.state for row in desk_office.rows(InvitationRow)} == {"open"}

    def test_what_does_not_fit_is_said_before(self, budi, desk_office):
        page = budi.post(place(desk_office), status=422, **sheet(desk_office, **self.TYPED, q_biaya=""))
        assert "With a queue number, this question must be answered." in page.said


class TestOwnCase:
    """Whoever had a hand in a matter does not say what its visitor thought of it."""

    @pytest.fixture(autouse=True)
    def served_by_budi(self, desk_office):
        desk_office.asks_with("skm2017")
        desk_office.budi.signs_on(1)
        self.serve(desk_office)

    def serve(self, office):
        office.arrives("A")
        office.budi.completes(office.budi.serves())

    @pytest.mark.parametrize(
        ("language", "words"),
        [("id", "harus diketik oleh orang lain"), ("en", "somebody else must type its sheet in")],
    )
    def test_somebody_else_types_the_sheet_in(self, web, budi, desk_office, language, words):
        budi.speak(language)
        page = budi.post(place(desk_office), **sheet(desk_office, number="A001"), status=422)

        assert words in page.said
        assert (desk_office.row(InvitationRow).state, desk_office.rows(LooseResponse)) == ("open", [])
        enters(web.as_("Agus"), desk_office, number="A001")
        assert desk_office.row(ResponseRow).standing == "visitor"

    @pytest.mark.parametrize(
        ("language", "words"),
        [("id", "tanpa nomor antrean lembar ini bisa saja"), ("en", "without its queue number this sheet could be")],
    )
    def test_nor_is_one_without_a_number(self, web, budi, desk_office, language, words):
        budi.speak(language)
        page = budi.post(place(desk_office), **sheet(desk_office, q_sarana="4"), status=422)

        assert words in page.said
        assert 'value="4"' in page.text
        assert desk_office.rows(LooseResponse) == []
        web.as_("Agus").post(place(desk_office), **sheet(desk_office))
        assert desk_office.row(LooseResponse).origin == "paper"

    @pytest.mark.parametrize(
        ("language", "words", "what"),
        [
            ("id", "lembar ini disimpan terpisah", "tidak dihitung"),
            ("en", "the sheet is kept apart", "From or about staff: not counted"),
        ],
    )
    def test_without_a_number_it_is_kept_apart_where_nobody_else_is_there(
        self, budi, desk_office, language, words, what
    ):
        with desk_office.streams.setting_up() as connection:
            connection.execute(update(Person).where(Person.id == desk_office.agus.id).values(disabled_at=OPENING))
        budi.speak(language)
        page = budi.follow(budi.post(place(desk_office), **sheet(desk_office)))

        assert words in page.said and what in page.said
        assert (desk_office.row(LooseResponse).origin, tally(desk_office).origin) == ("staff", "staff")

    @pytest.mark.parametrize("privacy", ["linked", "confidential", "anonymous"])
    def test_where_nobody_else_is_there_it_is_kept_apart(self, budi, desk_office, privacy):
        with desk_office.streams.setting_up() as connection:
            connection.execute(update(Office).values(survey_privacy=privacy))
            connection.execute(update(Person).where(Person.id == desk_office.agus.id).values(disabled_at=OPENING))
        self.serve(desk_office)
        page = budi.follow(enters(budi, desk_office, number="A002"))

        assert "the answer is kept apart" in page.text
        loose, invitation = desk_office.row(LooseResponse), desk_office.rows(InvitationRow)[-1]
        assert (loose.origin, loose.channel, loose.import_id) == ("staff", None, None)
        (event,) = desk_office.rows_of_event(EventName.ANSWER_KEPT_APART)
        assert json.loads(event.payload) == {"invitation": invitation.id, "why": "own_case"}
        assert (event.actor_id, invitation.state) == (desk_office.budi.id, "open")
        assert {row.origin for row in desk_office.rows(SurveyTally)} == {"staff"}
        desk_office.says(invitation.id, **dict.fromkeys(ELEMENTS, "1"))
        assert desk_office.row(InvitationRow, id=invitation.id).state == "answered"
        assert desk_office.findings() == []

    def test_what_does_not_fit_is_refused_there_too(self, budi, desk_office):
        with desk_office.streams.setting_up() as connection:
            connection.execute(update(Person).where(Person.id == desk_office.agus.id).values(disabled_at=OPENING))
        budi.post(place(desk_office), **sheet(desk_office, number="A001", q_waktu="5"), status=422)

        assert desk_office.rows(LooseResponse) == []

    def test_a_matter_of_somebody_else_is_not_their_own(self, budi, desk_office):
        desk_office.sari.signs_on(2)
        desk_office.arrives("B")
        desk_office.sari.completes(desk_office.sari.serves(counter=2))
        label = desk_office.rows(Visit)[-1].label
        enters(budi, desk_office, number=label)

        assert desk_office.row(ResponseRow).channel == "paper"


class Sending:
    def send(self, budi, office, rows, status=303, **more):
        body = {"rows": rows, "day": office.today.isoformat(), "service": "0", **more}
        return budi.post(place(office, "/file"), status=status, **body)


class TestLargeFile(Sending):
    def test_a_file_of_a_megabyte_is_taken_over(self, budi, desk_office):
        rows = f"{HEAD},saran\n" + f"{GOOD},L,,,{'x' * 100_000}\n" * 12
        self.send(budi, desk_office, rows)

        assert len(desk_office.rows(LooseResponse)) == 12

    @pytest.mark.parametrize(("language", "words"), [("id", "Satu berkas paling besar 10 MB"), ("en", "at most 10 MB")])
    def test_ten_megabytes_are_the_most(self, budi, desk_office, language, words):
        budi.speak(language)
        page = self.send(budi, desk_office, "x" * (10 << 20), status=413)
        assert words in page.said and f'html lang="{language}"' in page.text

        other = budi.post(place(desk_office), status=413, comment="x" * 300_000)
        assert "10 MB" not in other.said

    @pytest.mark.parametrize(
        ("language", "words"),
        [("id", "10.001 responden; paling banyak 10.000"), ("en", "10,001 respondents; at most 10,000")],
    )
    def test_of_more_than_the_queue_can_wait_for_it_says_so(self, budi, desk_office, language, words):
        budi.speak(language)
        page = self.send(budi, desk_office, f"{HEAD}\n" + f"{GOOD},L,,\n" * 10_001, status=422)

        assert words in page.said
        assert desk_office.rows(LooseResponse) == []

    def test_a_refused_one_is_chosen_again(self, budi, desk_office):
        rows = f"{HEAD},saran\n" + f"{GOOD},L,,,{'x' * 100_000}\n" * 11 + f"7{GOOD[1:]},L,,,\n"
        page = self.send(budi, desk_office, rows, status=422)

        assert "choose it again" in page.said and len(page.text) < 200_000

    @pytest.mark.parametrize(
        ("language", "words"), [("id", "lebih dari 131.072 karakter"), ("en", "more than 131,072 characters")]
    )
    def test_a_cell_that_is_too_long_is_called_so(self, budi, desk_office, language, words):
        budi.speak(language)
        page = self.send(budi, desk_office, f"{HEAD},saran\n{GOOD},L,,,{'x' * 131_073}\n", status=422)

        assert words in page.said


class TestFile(Sending):
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

    def test_a_day_to_come_is_refused_by_its_line(self, budi, desk_office):
        rows = f"{HEAD}\n{GOOD},L,2999-01-31,\n{GOOD},P,1999-12-31,\n{GOOD},P,,\n"
        page = self.send(budi, desk_office, rows, status=422)

        assert "2 lines were refused" in page.said and "1 respondent is good" in page.said
        assert "2 tanggal 2999-01-31 the day lies before 2000 or in the future" in page.said
        self.send(budi, desk_office, rows, keep="y")
        assert len(desk_office.rows(LooseResponse)) == 1

    def test_the_form_s_own_day_does_not_lie_ahead(self, budi, desk_office):
        page = self.send(budi, desk_office, f"{HEAD}\n{GOOD},L,,\n", status=422, day="2999-01-01")

        assert "cannot lie in the future" in page.said
        assert desk_office.rows(LooseResponse) == []

    @pytest.mark.parametrize("name", ["Lelang", "LELANG", "a", "A"])
    def test_a_service_is_known_by_letter_or_name(self, budi, desk_office, name):
        self.send(budi, desk_office, f"{HEAD}\n{GOOD},L,,{name}\n", service=str(desk_office.services["B"]))

        row = desk_office.row(LooseResponse)
        assert (row.service_id, row.profile) == (desk_office.services["A"], {"jenis_kelamin": "L"})

    def test_a_service_that_is_not_there_is_refused_by_its_line(self, budi, desk_office):
        page = self.send(budi, desk_office, f"{HEAD}\n{GOOD},L,,Paspor\n", status=422)

        assert "2 layanan Paspor no service of this office has this letter or name" in page.said

    def test_columns_that_are_not_taken_over_are_named(self, budi, desk_office):
        rows = f"{HEAD},saran,comment\n{GOOD},L,,,Bagus,Baik\n"
        page = self.send(budi, desk_office, f"{rows}{GOOD},L\n", status=422)
        assert "Not taken over are these columns: saran, comment." in page.said

        done = self.send(budi, desk_office, rows)
        assert "Not taken over are these columns: saran, comment." in budi.follow(done).said

    def test_what_cannot_be_read_is_refused_by_its_line_also_when_it_is_sent_again(self, budi, desk_office):
        good, nul, other = f"{GOOD},L,,".encode(), f"{GOOD},L\0,,".encode(), f"{GOOD},L\xe9,,".encode("latin-1")
        marked = f"{GOOD},Pé,,".encode()
        data = b"\n".join([HEAD.encode(), good, nul, other, marked])
        page = budi.post(
            place(desk_office, "/file"), status=422,
            file=(BytesIO(data), "answers.csv"), day=desk_office.today.isoformat(), service="0",
        )  # fmt: skip

        assert "2 lines were refused" in page.said
        assert page.said.count("the line is not in the encoding of the file") == 2
        again = self.send(budi, desk_office, data.decode("utf-8", "replace").replace("\0", "\ufffd"), status=422)
        assert "2 lines were refused" in again.said

    def test_what_is_wrong_is_said_on_top_with_the_way_to_it(self, budi, desk_office):
        page = self.send(budi, desk_office, f"{HEAD}\n{GOOD},L\n", status=422)

        summary = page.text.index("data-error-summary")
        assert summary < page.text.index("<h1") < page.text.index("<textarea")
        assert 'href="#file-rows"' in page.text

    def test_the_same_file_twice(self, budi, desk_office):
        rows = f"{HEAD}\n{GOOD},L,,\n"
        self.send(budi, desk_office, rows)

        page = self.send(budi, desk_office, rows, status=422)
        assert "2 – – this row was taken over already, and counts (batch of 2 Mar 2026, 08:" in page.said
        (batch,) = desk_office.rows(SurveyImport)
        budi.post(place(desk_office, f"/{batch.id}/back"))
        self.send(budi, desk_office, rows)
        assert len(desk_office.rows(LooseResponse)) == 1


class TestAgain(Sending):
    """A file that comes again: what counts already is not counted twice."""

    def test_after_the_bad_lines_were_mended(self, budi, desk_office):
        bad = GOOD.replace("3", "7", 1)
        self.send(budi, desk_office, f"{HEAD}\n{GOOD},L,,\n{bad},L,,\n{GOOD},L,,\n", keep="y")
        assert len(desk_office.rows(LooseResponse)) == 2
        mended = f"{HEAD}\n{GOOD},L,,\n{GOOD},L,,\n{GOOD},L,,\n"
        page = self.send(budi, desk_office, mended, status=422)
        assert "2 lines were refused" in page.said and "1 respondent is good" in page.said

        self.send(budi, desk_office, mended, keep="y")
        assert (len(desk_office.rows(LooseResponse)), tally(desk_office).answers) == (3, 3)
        assert "No line is good" in self.send(budi, desk_office, mended, status=422, keep="y").said
        assert desk_office.findings() == []

    @pytest.mark.parametrize(
        ("first", "again"),
        [
            (f"{HEAD}\n{GOOD},L,,\n", f"{HEAD}\n{GOOD},L,,\n\n"),
            (f"{HEAD},saran\n{GOOD},L,,,Baik\n", f"{HEAD},saran\n{GOOD},L,,,Bagus\n"),
            (f"{HEAD}\n{GOOD},L,,\n", f"{HEAD}\n{GOOD},Laki-laki,,\n".replace(",", ";")),
            (f"{HEAD}\n{GOOD},L,2026-01-31,A\n", f"{HEAD}\n{GOOD},L,31/01/2026,Lelang\n"),
            (f"responden,{HEAD}\n7,{GOOD},L,,\n", f"responden,{HEAD}\n7,{GOOD.replace('3', '4', 1)},L,,\n"),
        ],
        ids=["newline", "left-out column", "spelling", "date and service", "respondent"],
    )
    def test_written_otherwise_it_is_the_same(self, budi, desk_office, first, again):
        self.send(budi, desk_office, first)

        assert "taken over already" in self.send(budi, desk_office, again, status=422).said
        assert len(desk_office.rows(LooseResponse)) == 1

    @pytest.mark.parametrize(
        ("first", "other"),
        [
            (f"{HEAD}\n{GOOD},L,2026-01-30,\n", f"{HEAD}\n{GOOD},L,2026-01-31,\n"),
            (f"{HEAD}\n{GOOD},L,,A\n", f"{HEAD}\n{GOOD},L,,B\n"),
            (f"responden,{HEAD}\n7,{GOOD},L,,\n", f"responden,{HEAD}\n8,{GOOD},L,,\n"),
            (f"{HEAD}\n{GOOD},L,,\n", f"{HEAD}\n{GOOD},P,,\n"),
        ],
        ids=["day", "service", "respondent", "profile"],
    )
    def test_another_respondent_counts(self, budi, desk_office, first, other):
        self.send(budi, desk_office, first)
        self.send(budi, desk_office, other)

        assert len(desk_office.rows(LooseResponse)) == 2

    def test_who_says_the_very_same_in_one_file_counts_each(self, budi, desk_office):
        self.send(budi, desk_office, f"{HEAD}\n" + f"{GOOD},L,,\n" * 3)

        assert len(desk_office.rows(LooseResponse)) == 3

    def test_rows_of_another_file_that_say_the_same_are_further_people_only_where_somebody_says_so(
        self, budi, desk_office
    ):
        self.send(budi, desk_office, f"{HEAD}\n" + f"{GOOD},L,,\n" * 3)
        other = f"{HEAD}\n" + f"{GOOD},L,,\n" * 2 + f"{GOOD},P,,\n"
        page = self.send(budi, desk_office, other, status=422)
        assert "These 2 lines say exactly the same as rows already taken over" in page.said
        assert "everybody in it would count twice" in page.said
        (tick,) = [each for each in page.tree.named("input") if each.get("name") == "further"]
        assert tick.get("checked") is None

        self.send(budi, desk_office, other, further="y")
        assert len(desk_office.rows(LooseResponse)) == tally(desk_office).answers == 6
        event = desk_office.rows_of_event(EventName.ANSWERS_TAKEN_OVER)[-1]
        assert (json.loads(event.payload)["alike"], event.actor_id) == (2, desk_office.budi.id)
        assert "3 (2 said the same as rows before)" in budi.get(place(desk_office)).said
        assert desk_office.findings() == []

    def test_a_file_that_comes_again_is_known_unless_ticked_also_after_it_counted_twice(self, budi, desk_office):
        rows = f"{HEAD}\n" + f"{GOOD},L,,\n" * 2
        self.send(budi, desk_office, rows)
        for _ in range(2):
            assert "2 lines were refused" in self.send(budi, desk_office, rows, status=422).said
            assert "No line is good" in self.send(budi, desk_office, rows, status=422, keep="y").said
            self.send(budi, desk_office, rows, further="y")

        assert len(desk_office.rows(LooseResponse)) == 6
        newest = max(batch.id for batch in desk_office.rows(SurveyImport))
        budi.post(place(desk_office, f"/{newest}/back"))
        assert len(desk_office.rows(LooseResponse)) == 4
        self.send(budi, desk_office, f"{HEAD}\n" + f"{GOOD},L,,\n" * 5, status=422)
        self.send(budi, desk_office, f"{HEAD}\n" + f"{GOOD},L,,\n" * 5, keep="y")
        assert len(desk_office.rows(LooseResponse)) == 5, "four of the five are there"

    def test_a_respondent_by_number_counts_once_whatever_is_ticked(self, budi, desk_office):
        rows = f"responden,{HEAD}\n7,{GOOD},L,,\n"
        self.send(budi, desk_office, rows)
        page = self.send(budi, desk_office, rows, status=422, further="y")

        assert "taken over already" in page.said and "say exactly the same" not in page.said.replace(
            "Lines that say exactly the same", ""
        )
        assert len(desk_office.rows(LooseResponse)) == 1

    def test_what_is_ticked_says_nothing_of_other_refused_lines(self, budi, desk_office):
        self.send(budi, desk_office, f"{HEAD}\n{GOOD},L,,\n")
        bad = GOOD.replace("3", "7", 1)
        rows = f"{HEAD}\n{GOOD},L,,\n{bad},L,,\n"

        page = self.send(budi, desk_office, rows, status=422, further="y")
        assert "1 line was refused" in page.said
        self.send(budi, desk_office, rows, further="y", keep="y")
        assert len(desk_office.rows(LooseResponse)) == 2

    def test_the_same_form_sent_twice_counts_further_people_once(self, budi, desk_office):
        rows = f"{HEAD}\n{GOOD},L,,\n"
        self.send(budi, desk_office, rows)
        for _ in range(2):
            self.send(budi, desk_office, rows, further="y", key="sent twice by a double click")

        assert len(desk_office.rows(LooseResponse)) == 2

    def test_a_file_of_before_is_known_as_a_whole(self, budi, desk_office):
        rows = f"{HEAD}\n{GOOD},L,,\n"
        self.send(budi, desk_office, rows)
        with desk_office.streams.engine.begin() as connection:
            connection.execute(delete(ImportRow))

        assert "This very file was taken over already" in self.send(budi, desk_office, rows, status=422).said

    def test_two_at_once_are_one(self, desk_office):
        at = desk_office.today
        sheet = Sheet(dict.fromkeys(ELEMENTS, 3), {}, at, digest="0" * 32)

        def take(number):
            request = desk_office.budi.asks("import", key=f"at once {number}")
            take_over(
                desk_office.streams, desk_office.id, request,
                questionnaire=SHIPPED["skm2017"], origin=Origin.IMPORT, sheets=[sheet],
            )  # fmt: skip

        take(1)
        with desk_office.refuses(Reason.ALREADY_DONE):
            take(2)
        assert len(desk_office.rows(LooseResponse)) == 1

    def test_what_says_who_answered_is_in_no_row_as_it_is(self, budi, desk_office):
        self.send(budi, desk_office, f"{HEAD}\n{GOOD},L,,\n")

        (row,) = desk_office.rows(ImportRow)
        assert re.fullmatch(r"[0-9a-f]{32}", row.digest)


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
