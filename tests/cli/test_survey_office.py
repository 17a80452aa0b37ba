"""`desk survey … --office`: answers in the database, by value and letter as the published reports say."""

import pytest

from tests.cli.test_survey import HEAD, answers_of
from tests.domain.surveys import PUBLISHED

WITHIN = ("--period", "2025-Q1", "--office", "jakarta")


@pytest.fixture
def file(tmp_path):
    """Write a file of answers."""

    def write(*lines):
        path = tmp_path / "answers.csv"
        path.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
        return path

    return write


NINE = [case for case in PUBLISHED.values() if len(case.get("sums") or ()) == 9]


@pytest.mark.parametrize("case", NINE, ids=lambda case: case["id"])
def test_a_published_case_out_of_the_database(demo_desk, file, case):
    demo_desk.does("survey", "import", file(*answers_of(case)), *WITHIN)
    found = demo_desk.reads("survey", "ikm", *WITHIN)

    assert found["respondents"] == case["n"]
    assert sorted(each["sum"] for each in found["elements"]) == sorted(case["sums"].values())


def test_the_same_file_is_refused_and_nobody_is_counted_twice(demo_desk, file):
    path = file(",".join("3" * 9))
    demo_desk.does("survey", "import", path, *WITHIN)
    again = demo_desk.type("survey", "import", path, *WITHIN)

    assert again.exit_code != 0
    assert "taken over already" in again.stderr
    assert demo_desk.reads("survey", "ikm", *WITHIN)["respondents"] == 1


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
