"""Files of answers, judged row by row; their columns, periods and profiles."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.refusals import Reason, Refused
from desk.domain.skm_elements import INSTRUMENTS
from desk.domain.skm_header import BadHeader, HeaderFault, element_heads, read_header
from desk.domain.skm_period import Period, read_period
from desk.domain.skm_profile import HEADS, count_profiles, value_of
from desk.domain.skm_sheet import RowFault, read_sheet
from tests.domain.surveys import RULE_2004, RULE_2017, with_gaps

HEAD = ",".join(RULE_2017.keys)
GOOD = ",".join("3" * 9)


def sheet(*lines, head=HEAD, ending="\n", encoding="utf-8", **options):
    return read_sheet(ending.join([head, *lines]).encode(encoding), **options)


def faults(found):
    return [(each.line, each.fault, each.column) for each in found.refusals]


class TestColumns:
    def test_by_key_or_by_name_in_any_order(self):
        names = [each.name for each in RULE_2017.elements[:5]] + [each.english for each in RULE_2017.elements[5:]]
        head = ",".join(f'"{name}"' for name in reversed(names))
        found = sheet("1,2,3,4,1,2,3,4,1", head=head)

        assert found.refusals == ()
        assert found.answers[0].scores == dict(zip(reversed(RULE_2017.keys), [1, 2, 3, 4, 1, 2, 3, 4, 1], strict=True))

    def test_the_fourteen_of_2004(self):
        found = sheet(",".join("4" * 14), head=",".join(RULE_2004.keys))

        assert (found.instrument, len(found.answers)) == (RULE_2004, 1)

    def test_no_name_means_two_things(self):
        known = [*element_heads(RULE_2017), *element_heads(RULE_2004), *HEADS]

        assert len(known) == len(set(known))

    @pytest.mark.parametrize(
        ("head", "expected"),
        [
            ("nama,umur", [(HeaderFault.NO_ELEMENTS, "")]),
            ("3,3,3,3,3,3,3,3,3", [(HeaderFault.NO_ELEMENTS, "")]),
            ("U1,U2,U3,U4,U5,U6,U7,U8,U9", [(HeaderFault.NUMBERED, "U1, U2, U3, U4, U5, U6, U7, U8, U9")]),
            (HEAD.replace(",pengaduan", ""), [(HeaderFault.ELEMENT_MISSING, "pengaduan")]),
            (HEAD + ",biaya", [(HeaderFault.COLUMN_TWICE, "biaya")]),
            (HEAD + ",Fees and charges", [(HeaderFault.COLUMN_TWICE, "biaya")]),
            (HEAD + ",kewajaran_biaya", [(HeaderFault.RULES_MIXED, "")]),
        ],
        ids=["none", "no names", "numbered", "missing", "twice", "by another name", "mixed"],
    )  # fmt: skip
    def test_columns_that_are_refused_refuse_the_file(self, head, expected):
        found = sheet(GOOD, head=head)

        assert [(each.fault, each.column) for each in found.refusals] == expected
        assert (found.instrument, found.answers, found.tallied) == (None, (), None)

    @pytest.mark.parametrize("data", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
    def test_an_empty_file(self, data):
        assert faults(read_sheet(data)) == [(1, HeaderFault.EMPTY_FILE, "")]

    def test_what_is_not_known_is_left_out_and_said(self):
        found = sheet(f"Budi,{GOOD},lama sekali", head=f"Nama,{HEAD},Saran")

        assert (found.left_out, found.refusals) == (("Nama", "Saran"), ())
        assert "Budi" not in repr(found) and "lama" not in repr(found)

    @given(st.lists(st.text(max_size=12), max_size=20))
    def test_any_names_are_judged(self, names):
        found = read_header(names)

        assert isinstance(found, BadHeader) or set(found.instrument.keys) <= set(found.columns)


class TestRows:
    @pytest.mark.parametrize(
        ("row", "fault", "column"),
        [
            ("3,3,5,3,3,3,3,3,3", RowFault.OFF_SCALE, "waktu"),
            ("0,3,3,3,3,3,3,3,3", RowFault.OFF_SCALE, "persyaratan"),
            ("3,3,3.5,3,3,3,3,3,3", RowFault.OFF_SCALE, "waktu"),
            ("3,3,baik,3,3,3,3,3,3", RowFault.OFF_SCALE, "waktu"),
            ("3,3,-3,3,3,3,3,3,3", RowFault.OFF_SCALE, "waktu"),
            ("3,3,٣,3,3,3,3,3,3", RowFault.OFF_SCALE, "waktu"),
            (",,,,,,,,", RowFault.NO_ANSWER, ""),
            ("-,-,-,,,,,,", RowFault.NO_ANSWER, ""),
            ("3,3,3,3,3,3,3,3", RowFault.COLUMNS, ""),
            ("3,3,3,3,3,3,3,3,3,3", RowFault.COLUMNS, ""),
            ("3;3;3;3;3;3;3;3;3", RowFault.COLUMNS, ""),
            ('"3"x,3,3,3,3,3,3,3,3', RowFault.QUOTES, ""),
        ],
    )
    def test_one_that_is_refused_spoils_no_other(self, row, fault, column):
        found = sheet(GOOD, row, GOOD)

        assert faults(found) == [(3, fault, column)]
        assert (len(found.answers), found.rows, found.rows_refused) == (2, 3, 1)

    def test_everything_wrong_in_a_row_is_told_and_the_row_counts_once(self):
        found = sheet("5,3,6,3,3,3,3,3,3,besok", head=f"{HEAD},tanggal")

        assert [each[2] for each in faults(found)] == ["persyaratan", "waktu", "tanggal"]
        assert (found.rows, found.rows_refused) == (1, 1)

    def test_gaps_and_blanks_are_no_answers(self):
        (answer,) = sheet("4, ,-,3 ,,,,,", "", "   ").answers

        assert answer.scores == {"persyaratan": 4, "biaya": 3}

    def test_empty_cells_beyond_the_columns_do_no_harm(self):
        assert len(sheet(f"{GOOD},,").answers) == 1

    def test_a_respondent_counts_once(self):
        head = f"Responden,{HEAD}"
        found = sheet(f"7,{GOOD}", f"8,{GOOD}", f"7,{GOOD}", f",{GOOD}", f",{GOOD}", head=head)

        assert faults(found) == [(4, RowFault.RESPONDENT_TWICE, "responden")]
        assert (len(found.answers), "responden" in found.answers[0].profile) == (4, False)

    def test_a_row_refused_for_something_else_may_be_corrected_further_down(self):
        found = sheet(f"7,9{GOOD[1:]}", f"7,{GOOD}", head=f"responden,{HEAD}")

        assert (faults(found), len(found.answers)) == ([(2, RowFault.OFF_SCALE, "persyaratan")], 1)

    def test_cells_over_several_lines_keep_the_count_of_lines(self):
        found = sheet(f'{GOOD},"lama,\nsekali"', f"9{GOOD[1:]},baik", head=f"{HEAD},saran")

        assert (len(found.answers), faults(found)) == (1, [(4, RowFault.OFF_SCALE, "persyaratan")])

    def test_a_quotation_mark_that_is_never_closed(self):
        found = sheet(f'{GOOD},"lama', f"{GOOD},baik", head=f"{HEAD},saran")

        assert (faults(found), found.answers) == ([(2, RowFault.QUOTES, "")], ())


class TestWriting:
    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("separator", [",", ";"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_encodings_separators_and_line_ends(self, ending, separator, encoding):
        lines = [f"{line},Café" for line in (GOOD, GOOD)]
        text = ending.join([f"{HEAD},layanan", *lines]).replace(",", separator)
        found = read_sheet(text.encode(encoding))

        assert found.refusals == ()
        assert [each.profile for each in found.answers] == [{"layanan": "Café"}] * 2

    def test_names_with_commas_in_a_file_with_semicolons(self):
        head = ";".join(each.name for each in RULE_2017.elements)

        assert len(sheet(GOOD.replace(",", ";"), head=head).answers) == 1

    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_lines_in_another_encoding_than_the_file(self, mark):
        head = f"{HEAD},layanan\n".encode()
        mixed = [f"{GOOD},Café\n".encode(), f"{GOOD},Café\n".encode("cp1252"), f"{GOOD},biasa\n".encode()]
        found = read_sheet(mark + head + b"".join(mixed))

        assert (faults(found), len(found.answers)) == ([(3, RowFault.ENCODING, "")], 2)

    def test_bytes_that_windows_does_not_know(self):
        found = read_sheet(f"{HEAD},layanan\n{GOOD},".encode() + b"\x81\n")

        assert faults(found) == [(2, RowFault.ENCODING, "")]

    @given(st.binary(max_size=200))
    def test_any_bytes_are_judged(self, data):
        found = read_sheet(f"{HEAD},responden,tanggal\n".encode() + data)

        assert found.rows == len(found.answers) + found.rows_refused
        assert (found.rows_refused == 0) is (found.refusals == ())

    @given(with_gaps())
    def test_what_is_written_is_read(self, survey):
        instrument, rows = survey
        rows = [row for row in rows if row]
        text = io.StringIO()
        writer = csv.DictWriter(text, instrument.keys, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
        found = read_sheet(text.getvalue().encode())

        assert (found.refusals, [each.scores for each in found.answers]) == ((), rows)


class TestProfiles:
    @pytest.mark.parametrize(
        ("column", "text", "value"),
        [
            ("jenis_kelamin", "Laki-laki", "L"), ("jenis_kelamin", "p", "P"), ("jenis_kelamin", "Wanita", "P"),
            ("pendidikan", "D-III", "DIII"), ("pendidikan", "d3", "DIII"), ("pendidikan", "SLTA", "SMA"),
            ("pendidikan", "D4", "D4"), ("pekerjaan", "swasta", "Swasta"), ("pekerjaan", "Nelayan", "Nelayan"),
            ("layanan", "Sewa BMN", "Sewa BMN"),
        ],
    )  # fmt: skip
    def test_values_as_the_rule_writes_them_others_as_they_stand(self, column, text, value):
        assert value_of(column, text) == value

    def test_counts_with_those_that_are_missing_and_those_not_listed(self):
        found = sheet(
            f"{GOOD},Pria,D4,2025-03-01", f"{GOOD},L,SMA,", f"{GOOD},,S1,", head=f"{HEAD},sex,education,tanggal"
        )
        sex, education = count_profiles([each.profile for each in found.answers])

        assert (sex.column, sex.counts, sex.missing, sex.unlisted) == ("jenis_kelamin", {"L": 2}, 1, ())
        assert (list(education.counts), education.unlisted) == (["SMA", "S1", "D4"], ("D4",))

    @pytest.mark.parametrize("value", ["=1+1", "+62", "@x", "-x", "x" * 61])
    def test_values_that_cannot_be_kept(self, value):
        assert faults(sheet(f"{GOOD},{value}", head=f"{HEAD},usia")) == [(2, RowFault.PROFILE, "usia")]

    @pytest.mark.parametrize(
        ("text", "kept"),
        [("2025-03-31", "2025-03-31"), ("31/03/2025", "2025-03-31"), ("1/1/2025 08.15", "2025-01-01"), ("", None)],
    )
    def test_dates(self, text, kept):
        (answer,) = sheet(f"{GOOD},{text}", head=f"{HEAD},tanggal", period=read_period("2025-Q1")).answers

        assert answer.profile.get("tanggal") == kept

    @pytest.mark.parametrize(("text", "fault"), [("2025-04-01", RowFault.OUTSIDE_PERIOD), ("Maret", RowFault.DATE)])
    def test_dates_that_are_refused(self, text, fault):
        found = sheet(f"{GOOD},{text}", head=f"{HEAD},tanggal", period=read_period("2025-Q1"))

        assert faults(found) == [(2, fault, "tanggal")]


class TestPeriods:
    @pytest.mark.parametrize(
        ("text", "first", "last", "before"),
        [
            ("2025", date(2025, 1, 1), date(2025, 12, 31), "2024"),
            ("2025-S1", date(2025, 1, 1), date(2025, 6, 30), "2024-S2"),
            ("2025-s2", date(2025, 7, 1), date(2025, 12, 31), "2025-S1"),
            ("2025-Q1", date(2025, 1, 1), date(2025, 3, 31), "2024-Q4"),
            ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024-01"),
            ("2025-01", date(2025, 1, 1), date(2025, 1, 31), "2024-12"),
        ],
    )
    def test_as_they_are_written(self, text, first, last, before):
        period = read_period(text)

        assert (str(period), period.first, period.last) == (text.upper(), first, last)
        assert (str(period.before), period.before.after) == (before, period)
        assert first in period and last in period and last + timedelta(days=1) not in period

    @pytest.mark.parametrize("text", ["", "25", "2025-S3", "2025-Q5", "2025-13", "2025-1", "1999", "2025-Q1.x", "../x"])
    def test_what_is_none(self, text):
        with pytest.raises(Refused) as caught:
            read_period(text)
        assert (caught.value.reason, caught.value.details) == (Reason.INVALID, {"field": "period"})

    @given(st.sampled_from([12, 6, 3, 1]), st.integers(2000, 2098), st.data())
    def test_one_follows_the_other_without_gap(self, months, year, data):
        period = Period(year, months, data.draw(st.integers(1, 12 // months)))

        assert period.after.first - period.last == timedelta(days=1)
        assert read_period(str(period)) == period


def test_every_regulation_can_be_read():
    for instrument in INSTRUMENTS.values():
        assert sheet(head=";".join(instrument.keys)).instrument is instrument
