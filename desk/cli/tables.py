"""`desk export` and `desk import`: services, staff and calendars as CSV or XLSX, with a dry run."""

from datetime import UTC, datetime
from pathlib import Path

import click

from desk.cli.opening import get_office, opened
from desk.cli.refusing import DOES_NOT_HOLD, Trouble, say
from desk.domain.access import SYSTEM
from desk.domain.refusals import Reason
from desk.domain.tables import CellFault, FileRefused, JudgedRow, RowFault, Table, Verdict
from desk.operations.keeping.looking import record_look
from desk.operations.requests import Request
from desk.operations.table_imports.carrying_out import Kind, Report, ShownAgain, carry_out, rehearse
from desk.operations.table_imports.kinds import KINDS
from desk.reads.office_day import get_day
from desk.reports.table_files import LARGEST_FILE, read_table, write_csv, write_xlsx
from desk.wording.refusals import SENTENCES, filled
from desk.wording.tables import CELL_FAULTS, FILE_FAULTS, VERDICTS

_KIND = click.argument("kind", type=click.Choice(sorted(KINDS)))
_OFFICE = click.option("--office", "code", metavar="CODE", help="Of which office; the first one unless given.")


@click.command("export")
@_KIND
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_OFFICE
def export_command(kind: str, file: Path, code: str | None) -> None:
    """Write services, staff or calendars to FILE, as a workbook where it ends in .xlsx, else as CSV."""
    found = KINDS[kind]
    with opened() as desk:
        with desk.streams.reading() as connection:
            office_id = get_office(connection, code).id
            rows = found.rows(connection, office_id, get_day(connection, office_id, at=datetime.now(UTC)).today)
        is_workbook = file.suffix.lower() == ".xlsx"
        file.write_bytes(
            write_xlsx(found.columns, rows, kind) if is_workbook else write_csv(found.columns, rows)
        )  # fmt: skip
        record_look(desk.streams, office_id, None, verb="exported", subject=f"table {kind}")
    say(f"{len(rows)} rows were written to {file}.")


@click.command("import")
@_KIND
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_OFFICE
@click.option("--dry-run", is_flag=True, help="Only tell, row by row, what the file would do.")
def import_command(kind: str, file: Path, code: str | None, *, dry_run: bool) -> None:
    """Take services, staff or calendars over from FILE, CSV or XLSX: all of it, or nothing.

    What becomes of each row is told; refused rows on standard error. Then nothing is changed and the exit code is 1.
    """
    found, table = KINDS[kind], _read(KINDS[kind], file)
    with opened() as desk:
        with desk.streams.reading() as connection:
            office_id = get_office(connection, code).id
        report = rehearse(desk.streams, office_id, found, table, Request(SYSTEM, "try_table"))
        _tell(report)
        if report.counts[Verdict.REFUSED]:
            click.echo("Nothing was changed.", err=True)
            raise SystemExit(DOES_NOT_HOLD)
        if dry_run or not report.is_ready:
            say("Nothing was changed.")
            return
        try:
            carry_out(desk.streams, office_id, found, table, Request(SYSTEM, "import_table"), seen=report.digest)
        except ShownAgain as again:
            raise Trouble("Something was changed meanwhile. Nothing was taken over; start anew.") from again
    say("Taken over.")


def _read(kind: Kind, file: Path) -> Table:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Trouble(f"{file} is too large: at most {LARGEST_FILE >> 20} MB are read.")
        return read_table(file.read_bytes(), known=kind.columns, needed=kind.needed)
    except FileRefused as refused:
        raise Trouble(FILE_FAULTS[refused.fault] % refused.details) from refused


def _tell(report: Report) -> None:
    for row in report.rows:
        if row.verdict is not Verdict.UNCHANGED:
            click.echo(_told(row), err=row.verdict is Verdict.REFUSED)
    say(", ".join(f"{count} {VERDICTS[verdict].lower()}" for verdict, count in report.counts.items()))


def _told(row: JudgedRow) -> str:
    head = f"line {row.line}: {row.key or '-'}: {row.verdict.value}"
    if row.fault is not None:
        return f"{head}: {row.fault.column + ': ' if row.fault.column else ''}{_why(row.fault)}"
    said = [f"{each.column} {each.before!r} -> {each.after!r}" for each in row.differences]
    if row.refused_then:  # by the numbers that `desk settings planned` has
        said.append(f"planned changes that would be refused then: {', '.join(map(str, row.refused_then))}")
    return f"{head}: {'; '.join(said)}"


def _why(fault: RowFault) -> str:
    if isinstance(fault.code, CellFault):
        return CELL_FAULTS[fault.code] % {**fault.details}
    code: Reason = fault.code
    return filled(SENTENCES[code].text, fault.details)
