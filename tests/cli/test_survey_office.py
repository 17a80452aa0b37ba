"""`desk survey … --office`: answers in the database, by value and letter as the published reports say."""

from datetime import date

import pytest
from sqlalchemy import func, select

from desk.domain.access import Actor, Role
from desk.domain.questionnaires import Measure
from desk.domain.skm_period import read_period
from desk.models import Office, Person
from desk.operations.requests import Request
from desk.operations.survey.publishing import publish_survey
from desk.reports.skm_findings import Question, find
from tests.cli.test_survey import HEAD, answers_of
from tests.domain.surveys import PUBLISHED, RULE_2004

WITHIN = ("--period", "2025-Q1", "--office", "jakarta")


@pytest.fixture
def file(tmp_path):
    """Write a file of answers."""

    def write(*lines, head=HEAD):
        path = tmp_path / "answers.csv"
        path.write_text("\n".join([head, *lines]), encoding="utf-8")
        return path

    return write


NINE = [case for case in PUBLISHED.values() if len(case.get("sums") or ()) == 9]


@pytest.mark.parametrize("case", NINE, ids=lambda case: case["id"])
def test_a_published_case_out_of_the_database(demo_desk, file, case):
    demo_desk.does("survey", "import", file(*answers_of(case)), *WITHIN)
    if case["n"] < 5:
        assert "Too few to tell" in demo_desk.type("survey", "ikm", *WITHIN).stderr
        refused = demo_desk.reads("survey", "ikm", *WITHIN)
        assert (refused["ikm"], "Too few to tell" in refused["trouble"]) == (None, True)
        return
    found = demo_desk.reads("survey", "ikm", *WITHIN)

    assert found["respondents"] == case["n"]
    assert sorted(each["sum"] for each in found["elements"]) == sorted(case["sums"].values())
    of_file = demo_desk.reads("survey", "ikm", file(*answers_of(case)))
    assert found["ikm_interval"] == of_file["ikm_interval"] is not None


def test_the_same_file_is_refused_and_nobody_is_counted_twice(demo_desk, file):
    path = file(*[",".join("3" * 9)] * 5)
    demo_desk.does("survey", "import", path, *WITHIN)
    again = demo_desk.type("survey", "import", path, *WITHIN)

    assert again.exit_code != 0
    assert "taken over already" in again.stderr
    assert demo_desk.reads("survey", "ikm", *WITHIN)["respondents"] == 5


def test_after_it_was_mended_only_what_is_new_counts(demo_desk, file):
    good, bad = ",".join("3" * 9), ",".join("7" + "3" * 8)
    demo_desk.does("survey", "import", file(*[good] * 5, bad), *WITHIN, "--keep-good")
    mended = file(*[good] * 5, ",".join("4" * 9), "")
    refused = demo_desk.type("survey", "import", mended, *WITHIN)
    assert refused.exit_code == 1
    assert "line 2: this row was taken over already, and counts (batch of " in refused.stderr
    assert "5 of 6 rows refused by the office." in refused.stderr

    demo_desk.does("survey", "import", mended, *WITHIN, "--keep-good")
    assert demo_desk.reads("survey", "ikm", *WITHIN)["respondents"] == 6


def test_what_came_after_it_was_published_waits_for_five(demo_desk, file):
    demo_desk.does("survey", "import", file(*[",".join("3" * 9)] * 20), *WITHIN)
    streams = demo_desk.streams()
    with streams.reading() as connection:
        office = connection.execute(select(Office.id).where(Office.code == "jakarta")).scalar_one()
        person = connection.execute(select(func.min(Person.id))).scalar_one()
    question = Question(office, read_period("2025-Q1"), Measure.SKM_2017, "exact", today=date(2026, 1, 5))
    with streams.reading() as connection:
        seen = find(connection, question).ready.figures.seen
    request = Request(Actor.staff(person, Role.SUPERVISOR), "publish", {})
    publish_survey(
        streams, office, request, lambda reader: find(reader, question).ready, seen=seen, confirmed=True, reason=None
    )
    streams.engine.dispose()
    demo_desk.does("survey", "import", file(",".join("1" * 9)), *WITHIN)
    found = demo_desk.reads("survey", "ikm", *WITHIN)

    assert (found["respondents"], found["ikm"]) == (20, "75.00")
    assert next(each["kind"] for each in found["warnings"]) == "few_since_published"
    demo_desk.does("survey", "import", file(*(",".join(each * 9) for each in "2244")), *WITHIN, "--count-again")
    assert demo_desk.reads("survey", "ikm", *WITHIN)["respondents"] == 25


def test_further_people_who_say_the_same_count_where_it_is_said(demo_desk, file):
    row = ",".join("3" * 9)
    demo_desk.does("survey", "import", file(*[row] * 5), *WITHIN)
    refused = demo_desk.type("survey", "import", file(*[row] * 2), *WITHIN, "--keep-good")
    assert refused.exit_code == 1
    assert "2 rows say exactly the same as rows taken over before. If they are other people" in refused.stderr
    assert "would count everybody twice" in refused.stderr

    counted = demo_desk.type("survey", "import", file(*[row] * 2), *WITHIN, "--count-again")
    assert counted.exit_code == 0 and "2 rows say exactly the same" in counted.stderr
    assert demo_desk.reads("survey", "ikm", *WITHIN)["respondents"] == 7
    assert demo_desk.type("survey", "import", file(row), "--period", "2025-Q1", "--count-again").exit_code == 2


def test_the_service_of_a_row_goes_before_and_one_that_is_not_there_is_refused(demo_desk, file):
    row, head = ",".join("3" * 9), f"{HEAD},layanan"
    demo_desk.does("survey", "import", file(*[f"{row},b"] * 5, *[f"{row},"] * 5, head=head), *WITHIN, "--service", "A")
    assert demo_desk.reads("survey", "ikm", *WITHIN, "--service", "B")["respondents"] == 5

    result = demo_desk.type("survey", "import", file(f"{row},Paspor", head=head), *WITHIN)
    assert result.exit_code == 1
    assert "line 2, layanan: 'Paspor': no service of this office has this letter or name" in result.stderr


def test_a_period_that_has_not_begun(demo_desk, file):
    result = demo_desk.type("survey", "import", file(",".join("3" * 9)), "--period", "2098", "--office", "jakarta")
    assert result.exit_code != 0 and "has not begun" in result.stderr


def test_of_fewer_than_five_nothing_is_told_and_small_numbers_of_the_profile_are_not(demo_desk, file):
    row, head = ",".join("3" * 9), f"{HEAD},pendidikan"
    few = file(*[f"{row},S1"] * 4, head=head)
    demo_desk.does("survey", "import", few, *WITHIN)
    refused = demo_desk.type("survey", "ikm", *WITHIN)
    assert refused.exit_code != 0 and "too few to tell" in refused.stderr.lower()
    assert "IKM" not in refused.stdout

    other = ",".join("4" * 9)  # the same rows again would be known again
    more = file(*[f"{other},S1"] * 10, f"{other},SD", f"{other},SD", head=head)
    demo_desk.does("survey", "import", more, *WITHIN)
    told = demo_desk.type("survey", "ikm", *WITHIN)
    assert "SD too few to tell, S1 too few to tell" in told.stdout
    assert demo_desk.reads("survey", "ikm", *WITHIN)["profile"] == {
        "pendidikan": {"counts": {"SD": None, "S1": None}, "not_given": 0}
    }


def test_a_longer_period_of_hardly_more_than_a_quarter_that_is_told(demo_desk, file):
    row = ",".join("3" * 9)
    demo_desk.does("survey", "import", file(*[row] * 6), *WITHIN)
    demo_desk.does("survey", "import", file(*[row] * 2), "--period", "2025-Q2", "--office", "jakarta")

    assert demo_desk.reads("survey", "ikm", *WITHIN)["respondents"] == 6
    refused = demo_desk.type("survey", "ikm", "--period", "2025-S1", "--office", "jakarta")
    assert refused.exit_code != 0 and "Hidden: beside other periods within 2025-S1" in refused.stderr


def test_two_regulations_are_said_and_chosen(demo_desk, file):
    demo_desk.does("survey", "import", file(*[",".join("3" * 9)] * 7), *WITHIN)
    demo_desk.does("survey", "import", file(*[",".join("4" * 14)] * 5, head=",".join(RULE_2004.keys)), *WITHIN)
    result = demo_desk.type("survey", "ikm", *WITHIN)

    assert "7 respondents" in result.stdout
    assert "5 more follow KEP/25/M.PAN/2/2004" in result.stderr and "--regulation 2004" in result.stderr
    other = demo_desk.reads("survey", "ikm", *WITHIN, "--regulation", "2004")
    assert (other["respondents"], other["ikm"]) == (5, "100.00")
    assert demo_desk.type("survey", "ikm", "--period", "2025-Q1", "--regulation", "2004").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--period", "2024-Q1", "--office", "jakarta"), "Nobody answered"),
        (("--period", "2025-Q1", "--office", "nowhere"), "There is no office"),
        ((*WITHIN, "--service", "x"), "There is no service"),
    ],
)
def test_what_is_not_there_is_said(demo_desk, arguments, words):
    result = demo_desk.type("survey", "ikm", *arguments)

    assert result.exit_code != 0
    assert words in result.stderr
