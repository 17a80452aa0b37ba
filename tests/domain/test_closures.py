"""Files of dates, judged line by line; and hours as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.closures import RowFault, read_rows
from desk.domain.refusals import Reason, Refused
from desk.domain.typed_hours import read_hours, read_week, write_hours

TODAY = date(2026, 11, 25)


def judged(data, closed=()):
    rows = read_rows(data, closed=closed, today=TODAY)
    return [(row.line, row.fault or (row.day.isoformat(), row.name)) for row in rows]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"2027-03-09,Cuti Bersama Idul Fitri", ("2027-03-09", "Cuti Bersama Idul Fitri")),
        (b"09/03/2027;Cuti Bersama", ("2027-03-09", "Cuti Bersama")),
        (b"\xef\xbb\xbf9-3-2027, Cuti  Bersama ,,", ("2027-03-09", "Cuti Bersama")),
        ("2027-03-09,Nyepi – Çaka".encode("utf-16"), ("2027-03-09", "Nyepi – Çaka")),
        (b'2027-03-09,"Cuti, bersama"', ("2027-03-09", "Cuti, bersama")),
        (b"2027-02-30,Cuti", RowFault.DATE),
        (b"besok,Cuti", RowFault.DATE),
        (b"2927-03-09,Cuti", RowFault.YEAR),
        (b"2027-03-09,", RowFault.NAME),
        (b"2027-03-09," + b"x" * 201, RowFault.NAME),
        (b"2027-03-09,Cuti,lebih", RowFault.COLUMNS),
        (b"2027-03-09,Caf\xe9", RowFault.ENCODING),
        (b"2027-12-25,Natal", RowFault.CLOSED_ALREADY),
    ],
)
def test_one_line(data, expected):
    assert judged(data, {date(2027, 12, 25)}) == [(1, expected)]


def test_a_bad_line_spoils_no_other_and_keeps_its_number():
    data = b"tanggal,nama\n2027-03-09,A\n\n2027-03-09,B\r\nkacau\n2027-03-10,\xffC\n2027-03-11,D\n"

    assert judged(data) == [
        (2, ("2027-03-09", "A")), (4, RowFault.TWICE), (5, RowFault.NAME), (6, RowFault.ENCODING),
        (7, ("2027-03-11", "D")),
    ]  # fmt: skip


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(data):
    rows = read_rows(data, closed=(), today=TODAY)

    assert all((row.day is None) == (row.fault is not None) for row in rows)
    good = [row.day for row in rows if row.day]
    assert len(good) == len(set(good))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", ()),
        ("08.00-12.15, 13.00-16.00", ((480, 735), (780, 960))),
        ("8:00 – 16:00", ((480, 960),)),
        ("00.00-24.00", ((0, 1440),)),
        ("08.00-10.00;10.00-11.00", ((480, 600), (600, 660))),
    ],
)
def test_hours_that_can_be_read(text, hours):
    assert read_hours(text) == hours
    assert read_hours(write_hours(hours)) == hours


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("pagi", Reason.HOURS_UNREADABLE),
        ("08.00", Reason.HOURS_UNREADABLE),
        ("08.61-09.00", Reason.HOURS_UNREADABLE),
        ("08.00-25.00", Reason.HOURS_UNREADABLE),
        ("16.00-08.00", Reason.HOURS_REVERSED),
        ("08.00-08.00", Reason.HOURS_REVERSED),
        ("08.00-12.00, 11.00-13.00", Reason.HOURS_OVERLAP),
        ("13.00-16.00, 08.00-12.00", Reason.HOURS_OVERLAP),
    ],
)
def test_hours_that_make_no_sense(text, reason):
    with pytest.raises(Refused) as caught:
        read_hours(text)
    assert caught.value.reason is reason


def test_a_week_without_open_hours_is_refused():
    with pytest.raises(Refused) as caught:
        read_week([""] * 7)
    assert caught.value.reason is Reason.NO_OPEN_HOURS
