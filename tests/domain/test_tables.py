"""Tables in files: what is written is read again, whatever stands in it; what cannot be read is refused in words."""

import csv
import io
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from desk.domain.tables import MOST_ROWS, CellFault, FileFault, FileRefused, guarded, read_csv, unguarded
from desk.domain.texts import several_lines
from desk.reports.table_files import LARGEST_FILE, read_table, write_csv, write_xlsx
from desk.wording.tables import CELL_FAULTS, FILE_FAULTS

COLUMNS = ("key", "words", "more")
CELLS = st.one_of(
    st.text(max_size=40).map(several_lines), st.from_regex(r"'{0,3}[-=+@][a-z0-9(),!|']{0,8}", fullmatch=True)
)
ROWS = st.lists(
    st.fixed_dictionaries({"key": CELLS.filter(bool), "words": CELLS, "more": CELLS}), min_size=1, max_size=6
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read(data, needed=("key",)):
    return read_table(data, known=COLUMNS, needed=needed)


@given(ROWS)
def test_what_is_written_is_read_again(rows):
    for data in (write_csv(COLUMNS, rows), write_xlsx(COLUMNS, rows, "rows")):
        assert [dict(line.cells) for line in read(data).lines] == rows
    cells = [cell for row in csv.reader(io.StringIO(write_csv(COLUMNS, rows).decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(FORMULA)]


@given(st.text())
def test_a_guarded_cell_is_no_formula_and_comes_back(text):
    assert not guarded(text).startswith(FORMULA)
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("windows-1252", "Windows-1252")],
)
def test_encodings_and_separators_are_recognized(encoding, named, separator):
    lines = ["Key, Words ,more", "A,Kafé – “pagi”,1", "", "B,,2"]
    table = read("\r\n".join(line.replace(",", separator) for line in lines).encode(encoding))
    assert table.encoding == named
    assert [(line.line, *line.cells.values()) for line in table.lines] == [
        (2, "A", "Kafé – “pagi”", "1"),
        (4, "B", "", "2"),
    ]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b"\xef\xbb\xbf\r\n \r\n", FileFault.EMPTY),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", FileFault.ENCODING),
        (b"k\x00e\x00y\x00\n\x00A\x00", FileFault.ENCODING),  # UTF-16 that does not say so
        (b"\xff\xfek\x00e", FileFault.ENCODING),
        (b"key,words\nA,\x81\x8d\n", FileFault.ENCODING),
        ("key,words\nA,café\n".encode() + "B,café\n".encode("windows-1252"), FileFault.MIXED),
        ("key,words\nA,“x”\n".encode() + b"B,\x93x\x94\n", FileFault.MIXED),
        (b"name,telp\nA,1\n", FileFault.NO_HEAD),
        (b"key,telp\nA,1\n", FileFault.UNKNOWN_COLUMNS),
        (b"words,more\nA,1\n", FileFault.NO_COLUMNS),
        (b"key,words,key\nA,1,2\n", FileFault.TWO_COLUMNS),
        (b'key,words\nA,"open\nB,x\n', FileFault.QUOTES),
        (b"key\n" + b"A\n" * (MOST_ROWS + 1), FileFault.TOO_MANY_ROWS),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFault.WORKBOOK),
        (b"PK\x03\x04 no zip at all", FileFault.WORKBOOK),
        (b"key\n" + b"A" * LARGEST_FILE, FileFault.TOO_LARGE),
    ],
)
def test_what_cannot_be_read_is_refused(data, fault):
    with pytest.raises(FileRefused) as refused:
        read(data)
    assert refused.value.fault is fault
    assert FILE_FAULTS[fault] % refused.value.details


def test_a_workbook_that_grows_is_not_unpacked():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (65 << 20))
    assert written.tell() < 100_000
    with pytest.raises(FileRefused) as refused:
        read(written.getvalue())
    assert refused.value.fault is FileFault.TOO_LARGE


def test_a_workbook_of_another_program():
    book = Workbook()
    midnight = datetime.combine(date(2027, 3, 9), time(0))
    for row in (["key", "words", "more"], [7, date(2027, 3, 9), 1.5], [2.0, midnight, "=1+1"], [None] * 3):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    first, second = read(written.getvalue()).lines
    assert tuple(first.cells.values()) == ("7", "2027-03-09", "1.5")
    assert tuple(second.cells.values()) == ("2", "2027-03-09", "")
    assert (second.fault.fault, second.fault.column) == (CellFault.FORMULA, "more")


def test_rows_that_do_not_fit_are_told_by_themselves():
    table = read_csv(b"key,words\nA,1\nB,1,2\nC\n", known=COLUMNS, needed=("key",))
    assert [line.fault and line.fault.fault for line in table.lines] == [None, CellFault.TOO_MANY_CELLS, None]
    assert table.lines[2].cells == {"key": "C", "words": ""}
    assert set(CELL_FAULTS) == set(CellFault)
    assert set(FILE_FAULTS) == set(FileFault)
