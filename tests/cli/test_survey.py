"""The satisfaction survey from the command line: files that are checked and kept, and the index with its warnings."""

import json
import re
import stat
from math import sqrt
from pathlib import Path
from random import Random
from statistics import mean, stdev

import pytest

from desk.reports.statistics import student, wilson
from tests.cli.conftest import Installation
from tests.domain.surveys import PUBLISHED, RULE_2004, RULE_2017

HEAD = ",".join(RULE_2017.keys)
ROW = ",".join("3" * 9)
WITHIN = ("--period", "2025-Q1")


@pytest.fixture
def desk(tmp_path):
    """A data folder; the survey asks for no database."""
    (tmp_path / "var").mkdir()
    return Installation(tmp_path / "var", "")


@pytest.fixture
def file(tmp_path):
    """Write a file of answers."""

    def write(*lines, head=HEAD, encoding="utf-8"):
        path = tmp_path / "answers.csv"
        path.write_bytes("\n".join([head, *lines]).encode(encoding))
        return path

    return write


def answers_of(case):
    """Return answers with the sums of a published case, as lines of a file."""
    count, sums = case["n"], [case["sums"][f"u{number}"] for number in range(1, 10)]
    columns = [[total // count + (place < total % count) for place in range(count)] for total in sums]
    return [",".join(map(str, row)) for row in zip(*columns, strict=True)]


def kept(desk, name="2025-Q1.csv"):
    return desk.data / "survey-imports" / name


class TestImport:
    def test_a_clean_copy_that_only_its_owner_reads(self, desk, file):
        path = file(
            f"7;Budi;{ROW.replace(',', ';')};Pria;31/03/2025;Café", head=f"No;Nama;{HEAD};sex;tanggal;layanan".replace(
                ",", ";"), encoding="cp1252",
        )  # fmt: skip
        result = desk.type("survey", "import", path, *WITHIN)

        assert result.exit_code == 0
        assert f"1 of 1 respondents are kept in {kept(desk)}." in result.stdout
        assert "columns left out: No, Nama" in result.stderr
        assert kept(desk).read_text(encoding="utf-8").splitlines() == [
            f"{HEAD},jenis_kelamin,layanan,tanggal", f"{ROW},L,Café,2025-03-31",
        ]  # fmt: skip
        assert stat.S_IMODE(kept(desk).stat().st_mode) == 0o600
        assert stat.S_IMODE(kept(desk).parent.stat().st_mode) == 0o700
        assert [each.name for each in kept(desk).parent.iterdir()] == ["2025-Q1.csv"], "no draft is left"

    def test_refused_rows_are_told_and_nothing_is_kept(self, desk, file):
        path = file(f"1,{ROW}", f"2,5{ROW[1:]}", f"1,{ROW}", f"4{',' * 9}", f"5,{ROW},3", head=f"responden,{HEAD}")
        result = desk.type("survey", "import", path, *WITHIN)

        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.splitlines() == [
            "line 3, persyaratan: '5': an answer is 1, 2, 3 or 4, or empty",
            "line 4, responden: '1': this respondent stands in the file already, further up",
            "line 5: the row has no answer to any element",
            "line 6: '11/10': the row has not as many cells as the first line (cells/columns)",
            "4 of 5 rows refused.",
            "Nothing was kept.",
        ]
        assert not kept(desk).parent.exists()

    def test_good_rows_are_kept_where_that_is_asked(self, desk, file):
        path = file(ROW, f"5{ROW[1:]}")
        said = desk.does("survey", "import", path, *WITHIN, "--keep-good")

        assert "1 of 2 respondents are kept" in said
        assert kept(desk).read_text() == f"{HEAD}\n{ROW}\n"

    @pytest.mark.parametrize(
        ("head", "words"),
        [
            ("", "no column is named"),
            ("u1,u2,u3", "columns are named by element"),
            (HEAD.replace("biaya,", ""), "line 1, biaya: this element has no column"),
            (f"{HEAD},kepastian_biaya", "they are never mixed"),
            (f"{HEAD},sarana", "line 1, sarana: two columns have this name"),
        ],
    )
    @pytest.mark.parametrize("more", [(), ("--keep-good",)])
    def test_wrong_columns_refuse_the_file_whole(self, desk, file, head, words, more):
        result = desk.type("survey", "import", file(ROW, head=head), *WITHIN, *more)

        assert (result.exit_code, kept(desk).exists()) == (1, False)
        assert words in result.stderr

    def test_a_file_without_respondents(self, desk, file):
        result = desk.type("survey", "import", file(), *WITHIN)

        assert (result.exit_code, kept(desk).exists()) == (1, False)
        assert "There is no respondent" in result.stderr

    def test_what_is_kept_is_not_replaced_unless_asked(self, desk, file):
        desk.does("survey", "import", file(ROW), *WITHIN)
        again = desk.type("survey", "import", file(ROW, ROW), *WITHIN)
        assert again.exit_code == 3 and "--replace" in again.stderr
        assert kept(desk).read_text().count("\n") == 2

        desk.does("survey", "import", file(ROW, ROW), *WITHIN, "--replace")
        assert kept(desk).read_text().count("\n") == 3
        assert stat.S_IMODE(kept(desk).stat().st_mode) == 0o600
        assert len(list(kept(desk).parent.iterdir())) == 1

    def test_a_period_is_kept_as_a_whole_or_by_services(self, desk, file):
        desk.does("survey", "import", file(ROW), *WITHIN, "--service", "sewa")
        whole = desk.type("survey", "import", file(ROW), *WITHIN, "--replace")

        assert whole.exit_code == 3 and "counted twice" in whole.stderr
        assert kept(desk, "2025-Q1.sewa.csv").exists() and not kept(desk).exists()

    @pytest.mark.parametrize(
        "arguments",
        [(), ("--period", "2025-Q5"), ("--period", "../x"), (*WITHIN, "--service", "../x"), (*WITHIN, "--service", "")],
    )
    def test_what_is_no_period_or_service_is_not_understood(self, desk, file, arguments):
        assert desk.type("survey", "import", file(ROW), *arguments).exit_code == 2
        assert not kept(desk).parent.exists()

    def test_a_date_outside_the_period(self, desk, file):
        result = desk.type("survey", "import", file(f"{ROW},2025-04-01", head=f"{HEAD},tanggal"), *WITHIN)

        assert result.exit_code == 1 and "does not lie in the period" in result.stderr

    def test_a_copied_quarter_is_warned_of(self, desk, file):
        desk.does("survey", "import", file(ROW), "--period", "2024-Q4")
        result = desk.type("survey", "import", file(ROW), *WITHIN)

        assert result.exit_code == 0
        assert "warning: every element has the same mean as in 2024-Q4" in result.stderr

    def test_values_that_the_rule_does_not_list_are_kept_and_said(self, desk, file):
        result = desk.type("survey", "import", file(f"{ROW},D4", head=f"{HEAD},pendidikan"), *WITHIN)

        assert result.exit_code == 0
        assert "note: pendidikan: the rule does not list D4" in result.stderr

    def test_the_data_folder_is_made_where_there_is_none(self, tmp_path, file):
        desk = Installation(tmp_path / "new" / "folder", "")
        desk.does("survey", "import", file(ROW), *WITHIN)

        assert stat.S_IMODE(desk.data.stat().st_mode) == 0o700
        assert kept(desk).exists()

    @pytest.mark.parametrize(
        ("days", "period"),
        [
            (("2025-01-01", "31/03/2025"), "2025-Q1"), (("2025-08-17",), "2025-Q3"),
            (("2025-03-31", "2025-04-01"), "2025-S1"), (("2025-06-30", "2025-07-01"), "2025"),
        ],
    )  # fmt: skip
    def test_without_a_period_the_dates_tell(self, desk, file, days, period):
        path = file(*[f"{ROW},{day}" for day in days], head=f"{HEAD},tanggal")
        result = desk.type("survey", "import", path, "--json")

        assert (result.exit_code, json.loads(result.stdout)["period"]) == (0, period)
        assert f"lie in {period}" in result.stderr
        assert kept(desk, f"{period}.csv").exists()

    @pytest.mark.parametrize(
        ("days", "words"),
        [
            (("", ""), "No row has a date"), (("2025-01-01", ""), "1 of 2 rows have no date"),
            (("2024-12-31", "2025-01-01"), "over more than one year"),
        ],
    )  # fmt: skip
    def test_where_the_dates_do_not_tell_it_asks_for_the_period(self, desk, file, days, words):
        result = desk.type("survey", "import", file(*[f"{ROW},{day}" for day in days], head=f"{HEAD},tanggal"))

        assert result.exit_code == 2 and words in " ".join(result.stderr.split()) and "--period" in result.stderr
        assert not kept(desk).parent.exists()

    def test_a_cell_that_is_too_long_is_called_so(self, desk, file):
        result = desk.type("survey", "import", file(f"{ROW},{'x' * 131_073}", ROW + ",", head=f"{HEAD},saran"), *WITHIN)

        assert result.exit_code == 1 and "more than 131,072 characters" in result.stderr
        assert "quotation marks do not match" not in result.stderr

    def test_as_json(self, desk, file):
        refused = desk.reads("survey", "import", file(ROW, f"5{ROW[1:]}"), *WITHIN)
        assert (refused["rows"], refused["kept"], refused["file"]) == (2, 0, None)
        assert refused["refused"] == [
            {"line": 3, "fault": "off_scale", "column": "persyaratan", "value": "5",
             "message": "an answer is 1, 2, 3 or 4, or empty"}
        ]  # fmt: skip

        answer = desk.reads("survey", "import", file(ROW), *WITHIN)
        assert (answer["kept"], answer["file"], answer["refused"]) == (1, str(kept(desk)), [])
        assert (answer["period"], answer["regulation"]) == ("2025-Q1", "Permenpan RB 14/2017")


class TestIndex:
    @pytest.mark.parametrize(
        ("name", "weight", "ikm", "letter", "exact"),
        [
            ("serang_disparpora_2025q1", "0.11", "86.63", "B", "87.50"),
            ("gaspul_kemenag_sulsel_tw3", "0.11", "90.56", "A", "91.48"),
            ("tubaba_disdukcapil_2023s1", "0.111", "99.90", "A", "100.00"),
        ],
    )
    def test_of_a_file_as_published(self, desk, file, name, weight, ikm, letter, exact):
        case = PUBLISHED[name]
        path = file(*answers_of(case), head=",".join(case["element_order"]))
        answer = desk.reads("survey", "ikm", path, "--weight", weight)

        assert (answer["ikm"], answer["mutu"], answer["ikm_exact_weight"]) == (ikm, letter, exact)
        assert (answer["respondents"], answer["weight"]) == (case["n"], weight)
        sums = {each["key"]: each["sum"] for each in answer["elements"]}
        assert [sums[key] for key in case["element_order"]] == list(case["sums"].values())

    def test_in_words(self, desk, file):
        case = PUBLISHED["serang_disparpora_2025q1"]
        path = file(*(f"{row},{'LP'[n % 3 == 0]}" for n, row in enumerate(answers_of(case))),
                    head=f"{','.join(case['element_order'])},jenis_kelamin")  # fmt: skip
        said = desk.does("survey", "ikm", path, "--weight", "0.11", "--population", 40).splitlines()

        assert said[:2] == [
            "Permenpan RB 14/2017, 30 respondents",
            "IKM 86.63  B Baik (Good), weight 0.11; the exact weight gives 87.50",
        ]
        assert "waktu                                 30      97   3.2333    0.3557   80.83  B" in said
        assert said[-4:] == [
            "apart: biaya 3.7667, pengaduan 3.2667",
            "lowest: waktu, pengaduan, sarana",
            "sample: 30 received, 36 needed of 40",
            "jenis_kelamin: L 20, P 10",
        ]

    @pytest.mark.parametrize("weight", ["exact", "0.11"])
    def test_how_sure_it_is_worked_out_from_the_people(self, desk, file, weight):
        rows = answers_of(PUBLISHED["serang_disparpora_2025q1"])
        own = [sum(map(int, row.split(","))) * 25 * (1 / 9 if weight == "exact" else 0.11) for row in rows]
        half = student(len(own) - 1) * stdev(own) / sqrt(len(own))
        path = file(*rows)
        found = desk.reads("survey", "ikm", path, "--weight", weight)["ikm_interval"]

        assert (found["confidence"], found["method"]) == ("0.95", "student_of_respondents")
        bounds = [float(found[name]) for name in ("low", "high")]
        assert bounds == pytest.approx([mean(own) - half, mean(own) + half], abs=0.02)
        assert desk.does("survey", "ikm", path, "--weight", weight).splitlines()[2] == (
            f"between {found['low']} and {found['high']} with 95% confidence: Student's interval of the respondents'"
            " own indices"
        )

    @pytest.mark.parametrize("columns", [RULE_2017.keys, RULE_2004.keys])
    def test_how_sure_it_is_where_elements_were_left_out_or_all_said_the_same(self, desk, file, columns):
        head, places = ",".join(columns), len(columns)
        chance = Random(places)
        given = [[chance.randint(1, 4) for _ in range(places)] for _ in range(12)]
        given[4][1] = None
        rows = [",".join("" if each is None else str(each) for each in row) for row in given]
        found = desk.reads("survey", "ikm", file(*rows, head=head))["ikm_interval"]
        said = [[each for each in column if each is not None] for column in zip(*given, strict=True)]
        half = student(10) * sum(stdev(each) / sqrt(len(each)) for each in said) * 25 / places
        middle = sum(map(mean, said)) * 25 / places
        bounds = [float(found[name]) for name in ("low", "high")]
        assert bounds == pytest.approx([max(25, middle - half), min(100, middle + half)], abs=0.01)
        assert found["method"] == "student_of_elements"

        alike = desk.reads("survey", "ikm", file(*[",".join("3" * places)] * 4, head=head))["ikm_interval"]
        others = 1 - wilson(4, 4).low
        assert [float(alike[name]) for name in ("low", "high")] == pytest.approx(
            [75 - others * 50, 75 + others * 25], abs=0.01
        )
        assert alike["method"] == "wilson_of_alike"

    def test_services_that_are_pooled_have_the_interval_of_all(self, desk, file):
        rows = answers_of(PUBLISHED["serang_disparpora_2025q1"])
        whole = desk.reads("survey", "ikm", file(*rows))["ikm_interval"]
        for service, part in (("sewa", rows[:11]), ("lelang", rows[11:])):
            desk.does("survey", "import", file(*part), *WITHIN, "--service", service)

        assert desk.reads("survey", "ikm", *WITHIN)["ikm_interval"] == whole

    def test_nothing_is_said_of_how_sure_where_nobody_knows(self, desk, file):
        for path in (file(ROW), file(f"{ROW[:-1]}", f"{ROW[:-1]}")):
            assert desk.reads("survey", "ikm", path)["ikm_interval"] is None
            assert "confidence" not in desk.type("survey", "ikm", path).stdout

    def test_the_exact_weight_says_itself(self, desk, file):
        assert "IKM 75.00  C Kurang baik (Below standard), weight exact = 1/9" in desk.does("survey", "ikm", file(ROW))
        path = file(",".join("3" * 14), head=",".join(RULE_2004.keys))
        assert "IKM 75.00  B Baik (Good), weight exact = 1/14" in desk.does("survey", "ikm", path)

    def test_of_what_was_imported(self, desk, file):
        desk.does("survey", "import", file(ROW, ROW.replace("3", "4")), *WITHIN)
        answer = desk.reads("survey", "ikm", *WITHIN)

        assert (answer["ikm"], answer["period"], answer["service"]) == ("87.50", "2025-Q1", None)

    def test_services_are_pooled_over_respondents(self, desk, file):
        desk.does("survey", "import", file(*[ROW.replace("3", "4")] * 3), *WITHIN, "--service", "sewa")
        desk.does("survey", "import", file(ROW.replace("3", "2")), *WITHIN, "--service", "lelang")

        assert desk.reads("survey", "ikm", *WITHIN)["ikm"] == "87.50"
        assert desk.reads("survey", "ikm", *WITHIN, "--service", "lelang")["ikm"] == "50.00"

    def test_services_of_two_rules_are_not_pooled(self, desk, file):
        desk.does("survey", "import", file(ROW), *WITHIN, "--service", "sewa")
        path = file(",".join("3" * 14), head=",".join(RULE_2004.keys))
        desk.does("survey", "import", path, *WITHIN, "--service", "lelang")

        result = desk.type("survey", "ikm", *WITHIN)
        assert result.exit_code == 3 and "different regulations" in result.stderr

    def test_a_period_that_was_not_imported(self, desk, file):
        desk.does("survey", "import", file(ROW), "--period", "2024-S2")
        result = desk.type("survey", "ikm", *WITHIN)

        assert result.exit_code == 3
        assert "Nothing was imported of 2025-Q1. There is: 2024-S2." in result.stderr

    def test_what_is_kept_and_was_changed(self, desk, file):
        desk.does("survey", "import", file(ROW), *WITHIN)
        kept(desk).write_text(f"{HEAD}\n9{ROW[1:]}\n")
        result = desk.type("survey", "ikm", *WITHIN)

        assert result.exit_code == 3 and "was changed" in result.stderr

    def test_refused_rows_end_it_unless_good_ones_are_enough(self, desk, file):
        path = file(ROW, f"9{ROW[1:]}")
        result = desk.type("survey", "ikm", path)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "line 3, persyaratan: '9'" in result.stderr
        assert desk.reads("survey", "ikm", path)["ikm"] is None

        good = desk.reads("survey", "ikm", path, "--keep-good")
        assert (good["ikm"], good["respondents"], len(good["refused"])) == ("75.00", 1, 1)

    def test_an_element_that_nobody_answered(self, desk, file):
        result = desk.type("survey", "ikm", file(f"{ROW[:-1]}"))

        assert result.exit_code == 1 and "IKM none" in result.stdout
        assert "nobody answered sarana" in result.stderr

    def test_one_respondent_is_warned_of(self, desk, file):
        result = desk.type("survey", "ikm", file(ROW), "--population", 10)

        assert result.exit_code == 0
        assert "do not publish" in result.stderr and "respondents: 1, needed: 10 of 10 served" in result.stderr

    @pytest.mark.parametrize(
        ("published", "kinds"),
        [
            (("--published-ikm", "86,63", "--published-letter", "B", "--published-weight", "0,11"), []),
            (("--published-ikm", "87.5", "--published-weight", "1/9"), []),
            (("--published-ikm", "86,63", "--published-weight", "0,1111"), ["weight_differs"]),
            (("--published-ikm", "87.50", "--published-weight", "1/14"), ["weight_differs"]),
            (("--published-ikm", "86.63"), ["weight_differs"]),
            (("--published-ikm", "86.63", "--weight", "0.11"), []),
            (("--published-ikm", "87.50", "--weight", "0.11"), ["weight_differs"]),
            (("--published-ikm", "86.62"), ["index_differs"]),
            (("--published-letter", "A"), ["letter_differs"]),
        ],
    )
    def test_beside_what_a_report_says(self, desk, file, published, kinds):
        path = file(*answers_of(PUBLISHED["serang_disparpora_2025q1"]))
        result = desk.type("survey", "ikm", path, *published, "--json")

        assert [each["kind"] for each in json.loads(result.stdout)["warnings"]] == kinds
        assert result.exit_code == (1 if kinds else 0)

    def test_a_rise_called_a_fall(self, desk, file):
        desk.does("survey", "import", file(*[ROW] * 5), "--period", "2024-Q4")
        desk.does("survey", "import", file(*[ROW.replace("3", "4")] * 5), *WITHIN)
        result = desk.type("survey", "ikm", *WITHIN, "--published-trend", "fall")

        assert result.exit_code == 1
        assert "warning: the report says fall, but from 75.00 to 100.00 is: rise" in result.stderr
        assert desk.type("survey", "ikm", *WITHIN, "--published-trend", "rise").exit_code == 0
        missing = desk.type("survey", "ikm", "--period", "2024-Q4", "--published-trend", "rise")
        assert missing.exit_code == 3 and "2024-Q3" in missing.stderr

    def test_two_rules_are_never_compared(self, desk, file):
        path = file(",".join("3" * 14), head=",".join(RULE_2004.keys))
        desk.does("survey", "import", path, "--period", "2024-Q4")
        desk.does("survey", "import", file(ROW), *WITHIN)

        assert desk.type("survey", "ikm", *WITHIN).exit_code == 0
        result = desk.type("survey", "ikm", *WITHIN, "--published-trend", "rise")
        assert result.exit_code == 3 and "another regulation" in result.stderr

    def test_a_period_under_both_rules_blocks_no_other(self, desk, file):
        old = file(",".join("3" * 14), head=",".join(RULE_2004.keys))
        desk.does("survey", "import", old, "--period", "2024-Q4", "--service", "sewa")
        desk.does("survey", "import", file(ROW), "--period", "2024-Q4", "--service", "LELANG")
        assert "not compared with 2024-Q4" in desk.type("survey", "import", file(*[ROW] * 6), *WITHIN).stderr

        result = desk.type("survey", "ikm", *WITHIN)
        assert result.exit_code == 0 and "IKM 75.00" in result.stdout
        assert "warning: not compared with 2024-Q4" in result.stderr
        trend = desk.type("survey", "ikm", *WITHIN, "--published-trend", "rise")
        assert trend.exit_code == 3 and "different regulations" in trend.stderr
        assert desk.type("survey", "ikm", "--period", "2024-Q4").exit_code == 3
        assert desk.type("survey", "ikm", "--period", "2024-Q4", "--service", "Lelang").exit_code == 0

    def test_a_weight_of_the_other_rule(self, desk, file):
        result = desk.type("survey", "ikm", file(ROW), "--weight", "0.071")

        assert result.exit_code == 3 and "exact, 0.11, 0.111, 0.1111" in result.stderr

    @pytest.mark.parametrize(
        "arguments",
        [
            (), ("FILE", *WITHIN), ("FILE", "--service", "sewa"), ("FILE", "--weight", "0.12"),
            ("FILE", "--published-trend", "rise"), ("FILE", "--published-ikm", "many"), ("FILE", "--population", "-1"),
            ("FILE", "--published-ikm", "101"), ("FILE", "--published-weight", "1/x"),
            ("FILE", "--published-ikm", "nan"), ("FILE", "--published-ikm", "1e99999999"), ("missing.csv",),
        ],
    )  # fmt: skip
    def test_what_is_not_understood(self, desk, file, arguments):
        path = file(ROW)

        assert desk.type("survey", "ikm", *(path if each == "FILE" else each for each in arguments)).exit_code == 2


def test_every_fault_and_warning_has_words():
    from desk.cli.survey_words import FAULTS, WARNINGS
    from desk.domain.skm_header import HeaderFault
    from desk.domain.skm_sheet import RowFault
    from desk.domain.skm_warnings import WarningKind

    assert set(FAULTS) == {*HeaderFault, *RowFault}
    assert set(WARNINGS) == set(WarningKind)


def test_what_cannot_be_done_is_json_too(desk, file):
    assert desk.reads("survey", "ikm", *WITHIN) == {
        "ikm": None, "trouble": "Nothing was imported of 2025-Q1. There is: nothing."
    }  # fmt: skip
    desk.does("survey", "import", file(ROW), *WITHIN)
    again = desk.reads("survey", "import", file(ROW), *WITHIN)
    assert (again["kept"], "--replace" in again["trouble"]) == (0, True)
    assert "There is no database" in desk.reads("survey", "ikm", *WITHIN, "--office", "x")["trouble"]


class TestDocumentedKeys:
    """Every key of the JSON answers stands in docs/survey.md, and nothing else does."""

    @staticmethod
    def documented(command):
        text = (Path(__file__).parents[2] / "docs" / "survey.md").read_text()
        table = text.partition(f"`desk survey {command}")[2].partition("|---|---|---|---|")[2].split("\n\n")[0]
        heads = [line.split("|")[1] for line in table.strip().splitlines()]
        return {name for head in heads for name in re.findall("`([^`]+)`", head)}

    @staticmethod
    def keys(found, before=""):
        """Yield every key, of lists as `refused[].line`, of the profile as `profile.*.counts`."""
        for key, value in found.items():
            name = before + key
            yield name
            if name == "profile":
                for column in value.values():
                    yield from (f"profile.*.{each}" for each in column)
            elif isinstance(value, dict):
                yield from TestDocumentedKeys.keys(value, f"{name}.")
            elif name in ("refused", "elements"):
                for each in value:
                    yield from TestDocumentedKeys.keys(each, f"{name}[].")

    def test_of_an_import(self, demo_desk, file):
        path = file(f"{ROW},A,L", f"5{ROW[1:]},B,P", head=f"{HEAD},nama,jenis_kelamin")
        found = demo_desk.reads("survey", "import", path, *WITHIN, "--office", "jakarta", "--keep-good")
        assert set(self.keys(found)) == self.documented("import FILE --json")
        here = demo_desk.reads("survey", "import", path, *WITHIN, "--keep-good")
        assert set(self.keys(here)) == self.documented("import FILE --json") - {"office", "alike", "before"}

    def test_of_an_index(self, desk, file):
        path = file(f"{ROW},L", f"{ROW},P", f"5{ROW[1:]},P", head=f"{HEAD},jenis_kelamin")
        found = desk.reads("survey", "ikm", path, "--population", "130", "--keep-good")
        told = {each for each in self.keys(found) if not each.startswith("refused[]")}
        assert told == self.documented("ikm … --json")
