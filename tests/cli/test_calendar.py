"""Closing dates from the command line: the holidays of a year, and files whose refused lines are told one by one."""

import pytest

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
ALWAYS = ("--office", "jakarta")


def closed(desk, like="2028-%"):
    return desk.rows("SELECT day, kind FROM calendar_closures WHERE day LIKE :like AND calendar_id = 1", like=like)


def version(desk):
    ((found,),) = desk.rows("SELECT version FROM calendars WHERE id = 1")
    return found


def test_holidays_are_shown_and_taken_over_only_when_asked(demo_desk):
    shown = demo_desk.does("calendar", "holidays", "--year", 2028, *ALWAYS)
    assert "Hari Kemerdekaan" in shown and "Public holiday" in shown and "2028-08-17" in shown
    assert closed(demo_desk) == []

    demo_desk.does("calendar", "holidays", "--year", 2028, *ALWAYS, "--apply")
    assert ("2028-08-17", "national") in [tuple(map(str, row)) for row in closed(demo_desk)]
    again = demo_desk.does("calendar", "holidays", "--year", 2028, *ALWAYS, "--apply")
    assert "in the calendar already" in again and "nothing to take over" in again
    assert version(demo_desk) == 2
    assert demo_desk.findings() == []


def test_refused_lines_are_told_and_change_nothing_unless_good_ones_are_kept(demo_desk, tmp_path):
    file = tmp_path / "cuti.csv"
    file.write_bytes(b"tanggal,nama\n2028-01-03,Cuti Bersama\nbesok,Libur\n2028-01-04,Caf\xe9\n")
    result = demo_desk.type("calendar", "import", file, *ALWAYS)

    assert (result.exit_code, closed(demo_desk)) == (1, [])
    assert "line 3: 'besok,Libur'" in result.stderr and "line 4:" in result.stderr
    demo_desk.does("calendar", "import", file, *ALWAYS, "--keep-good")
    assert [tuple(map(str, row)) for row in closed(demo_desk)] == [("2028-01-03", "collective")]


def test_an_empty_file_and_an_unknown_calendar(demo_desk, tmp_path):
    file = tmp_path / "empty.csv"
    file.write_bytes(b"")
    assert "nothing to take over" in demo_desk.does("calendar", "import", file, *ALWAYS)

    result = demo_desk.type("calendar", "import", file, *ALWAYS, "--calendar", "Tidak ada")
    assert result.exit_code == 3 and "Selalu buka" in result.output
