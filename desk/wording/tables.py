"""Tables of services, staff and calendars in words: what they are, what becomes of a row, why a file is refused."""

from typing import Final

from desk.domain.tables import CellFault, FileFault, Verdict
from desk.wording import N_

TABLES: Final[dict[str, str]] = {
    "calendars": N_("Calendars"),
    "services": N_("Services"),
    "staff": N_("Staff"),
}
ABOUT: Final[dict[str, str]] = {
    "calendars": N_("A row for each week of hours, closed date and special opening; known by calendar and date."),
    "services": N_("A row for each service in use; known by the letter of its numbers."),
    "staff": N_("A row for each person; known by the user name. Whoever is new has no password and is invited then."),
}
VERDICTS: Final[dict[Verdict, str]] = {
    Verdict.NEW: N_("New"),
    Verdict.CHANGED: N_("Changed"),
    Verdict.UNCHANGED: N_("Unchanged"),
    Verdict.REFUSED: N_("Refused"),
}
TONES: Final[dict[Verdict, str]] = {
    Verdict.NEW: "good",
    Verdict.CHANGED: "serving",
    Verdict.UNCHANGED: "left",
    Verdict.REFUSED: "bad",
}
FILE_FAULTS: Final[dict[FileFault, str]] = {
    FileFault.EMPTY: N_("The file is empty. Choose a file with a line of column names and a row for each entry."),
    FileFault.ENCODING: N_("The characters of this file cannot be read. Save it as CSV in UTF-8, or as XLSX."),
    FileFault.MIXED: N_(
        "Lines of this file are written in different encodings, so some letters would come out wrong. Open it in a "
        "spreadsheet, look at the letters with accents, and save it as CSV in UTF-8, or as XLSX."
    ),
    FileFault.NO_HEAD: N_("The first line names no column. Begin it with: %(columns)s."),
    FileFault.NO_COLUMNS: N_("These columns are missing: %(columns)s. Export a file to see how it is laid out."),
    FileFault.UNKNOWN_COLUMNS: N_("These columns are not known: %(columns)s. Known are: %(known)s."),
    FileFault.TWO_COLUMNS: N_("A column stands in the file twice. Keep one of the two."),
    FileFault.QUOTES: N_("A quotation mark is not closed, or closed too early. Save the file as CSV or XLSX anew."),
    FileFault.TOO_MANY_ROWS: N_("The file has %(rows)s rows; at most %(most)s are read. Split it."),
    FileFault.WORKBOOK: N_("This workbook cannot be read. Save it as XLSX or CSV; an old XLS is not read."),
    FileFault.TOO_LARGE: N_("The file is too large; at most %(most)s MB are read. Split it."),
}
CELL_FAULTS: Final[dict[CellFault, str]] = {
    CellFault.MISSING: N_("Nothing stands here. Fill it in."),
    CellFault.TOO_LONG: N_("This is too long: at most %(most)s characters."),
    CellFault.TOO_MANY_CELLS: N_("The row has more cells than the file has columns. Is a separator or a quote wrong?"),
    CellFault.FORMULA: N_("A formula is not read. Put its value there."),
    CellFault.TWICE: N_("The same stands in line %(line)s already. Keep one of the two."),
    CellFault.DATE: N_("This is no date. Write 2027-03-09, or 09/03/2027: day, month, year."),
    CellFault.NUMBER: N_("This number cannot be. Give a whole number within bounds."),
    CellFault.CHOICE: N_("This cannot be chosen. Possible are: %(choices)s."),
    CellFault.STEPS: N_("These steps cannot be. Write objects=working days, each more than before: 10=3; 50=5."),
    CellFault.CALENDAR: N_("There is no calendar “%(name)s”. Import or make it first."),
    CellFault.PERSON: N_("Nobody has the user name “%(name)s”. Import or enroll them first."),
    CellFault.FIXED: N_("This is not changed by a file. Put the kept value back, or leave the column out."),
    CellFault.NOT_HERE: N_("This user name belongs to somebody who does not work here now. Use the page of the staff."),
    CellFault.EMAIL: N_("This is no e-mail address. Write one like sari@kantor.go.id, or leave it empty."),
    CellFault.PHONE: N_(
        "This is no phone number. Write one like 0812 3456 7890 or +62 812 3456 7890, or leave it empty."
    ),
    CellFault.FIRST_WEEK: N_("There is no such calendar yet. Put a week of it in a row above."),
}
