"""`desk survey import`: answers to the satisfaction survey, taken over from files. `ikm` is in `survey_index`."""

import json
from pathlib import Path

import click

from desk.cli.opening import OWNER_ONLY, read_settings
from desk.cli.refusing import DOES_NOT_HOLD, Trouble, say
from desk.cli.survey_index import ikm_command
from desk.cli.survey_options import (
    AS_JSON,
    COUNT_AGAIN,
    FILE,
    KEEP_GOOD,
    OFFICE,
    SERVICE_OPTION,
    as_period,
    may_be_taken,
    period_of,
    read_and_tell,
    tell_refusals_of_office,
    trouble_told,
)
from desk.cli.survey_words import alike_in_words, refusal_object, warning_in_words, warning_object
from desk.domain.skm_period import Period
from desk.domain.skm_sheet import Sheet
from desk.domain.skm_warnings import ReportWarning, warn_of_copies, warn_of_mixed
from desk.operations.survey.placing_rows import Same
from desk.reports.survey_files import Place, SurveyFileFault, keep, list_others


@click.group()
def survey() -> None:
    """Take over answers to the satisfaction survey (SKM), and work out its index (IKM)."""


survey.add_command(ikm_command)


@survey.command("import")
@click.argument("file", type=FILE)
@click.option("--period", metavar="PERIOD", callback=as_period,
              help="Of which period: 2025-S1, 2025-Q1, 2025-03 or 2025; else that of the dates.")  # fmt: skip
@SERVICE_OPTION
@OFFICE
@KEEP_GOOD
@COUNT_AGAIN
@click.option("--replace", is_flag=True, help="Take the place of what is kept of this period and service.")
@AS_JSON
def import_command(
    file: Path,
    period: Period | None,
    service: str | None,
    *,
    office: str | None,
    keep_good: bool,
    count_again: bool,
    replace: bool,
    as_json: bool,
) -> None:
    """Check FILE, answers to the survey as CSV, and keep a clean copy in the data folder (--office: in the database).

    The first line names the columns, in any order: the nine elements of the rule of 2017 (persyaratan, prosedur, waktu,
    biaya, produk, kompetensi, perilaku, pengaduan, sarana) or the fourteen of 2004 (docs/survey.md); and, where there
    are any, responden (whoever has the same twice is refused), jenis_kelamin, usia, pendidikan, pekerjaan, layanan,
    tanggal, jam. Every other line is one respondent: 1, 2, 3, 4 or nothing for each element. Other columns are left
    out, and responden is not kept.

    Commas or semicolons; UTF-8, or Windows-1252 throughout. What is refused is told on standard error, line by line.
    Then nothing is kept and the exit code is 1, unless --keep-good is given. What is kept already is replaced only with
    --replace. A period is kept as a whole, or service by service. Without --period it is the quarter, half year or year
    in which the dates of all respondents lie.

    With --office the answers count beside those of the visitors of this desk, on their own days (without one, on the
    last of the period), and --service is the letter of a service; the column layanan, a letter or a name, goes before.
    Rows that were taken over before are known again and not counted twice, though two people can give the very same
    answers (--count-again). A page of the office takes a batch back.
    """
    if count_again and office is None:
        raise click.UsageError("--count-again goes with --office; what the data folder keeps is replaced as a whole.")
    with trouble_told(as_json=as_json, kept=0):
        if office is not None:
            same = Same.FURTHER if count_again else Same.AGAIN
            _import_into(office, file, period, service, same, keep_good=keep_good, as_json=as_json)
        else:
            _import_here(file, period, service, keep_good=keep_good, replace=replace, as_json=as_json)


def _import_here(
    file: Path, period: Period | None, service: str | None, *, keep_good: bool, replace: bool, as_json: bool
) -> None:
    """Keep a clean copy of a file in the data folder, which is made where there is none."""
    data = read_settings().data
    sheet = read_and_tell(file, period)
    kept, warnings = None, list[ReportWarning]()
    if may_be_taken(sheet, keep_good=keep_good):
        period = period or period_of(sheet)
        data.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
        kept, warnings = _keep(data, Place(period, service), sheet, replace=replace)
    if as_json:
        say(json.dumps(_as_object(sheet, period, service, kept, warnings)))
    else:
        for warning in warnings:
            click.echo(f"warning: {warning_in_words(warning)}", err=True)
        said = f"{len(sheet.answers)} of {sheet.rows} respondents are kept in {kept}."
        click.echo(said if kept else "Nothing was kept.", err=kept is None)
    if kept is None:
        raise SystemExit(DOES_NOT_HOLD)


def _import_into(
    office: str, file: Path, period: Period | None, service: str | None, same: Same, *, keep_good: bool, as_json: bool
) -> None:
    """Take a file over into an office's database."""
    from desk.cli.survey_office import keep_in_office

    sheet, taken, alike, before = read_and_tell(file, period), None, 0, 0
    if may_be_taken(sheet, keep_good=keep_good):
        period = period or period_of(sheet)
        kept = keep_in_office(office, period, service, sheet, file, same=same, keep_good=keep_good)
        sheet, taken = tell_refusals_of_office(sheet, kept.refusals), kept.rows
        alike, before = kept.alike, kept.before
        if before:
            click.echo(f"note: {before} respondents are kept since this file was interrupted", err=True)
        if note := alike_in_words(alike, same, is_kept=taken is not None):
            click.echo(f"note: {note}", err=True)
    if as_json:
        told = {
            **_as_object(sheet, period, service, None, []),
            "office": office,
            "kept": taken or 0,
            "alike": alike,
            "before": before,
        }
        say(json.dumps(told))
    else:
        said = f"{taken} of {sheet.rows} respondents are kept in {office}."
        click.echo(said if taken else "Nothing was kept.", err=taken is None)
    if taken is None:
        raise SystemExit(DOES_NOT_HOLD)


def _keep(data: Path, place: Place, sheet: Sheet, *, replace: bool) -> tuple[Path, list[ReportWarning]]:
    """Keep the good rows; return where, and what to look at. Raises `Trouble` where they cannot be kept."""
    try:
        others, mixed = list_others(data, place)
        kept = keep(data, place, sheet, replace=replace)
    except SurveyFileFault as fault:
        raise Trouble(str(fault)) from fault
    tallied = {str(period): other.tallied for period, other in others.items()}
    copies = [] if sheet.tallied is None else warn_of_copies(sheet.tallied, tallied)
    return kept, [*copies, *warn_of_mixed(map(str, mixed))]


def _as_object(
    sheet: Sheet, period: Period | None, service: str | None, kept: Path | None, warnings: list[ReportWarning]
) -> dict[str, object]:
    return {
        "period": None if period is None else str(period),
        "service": service,
        "regulation": None if sheet.instrument is None else sheet.instrument.title,
        "rows": sheet.rows,
        "kept": 0 if kept is None else len(sheet.answers),
        "file": None if kept is None else str(kept),
        "refused": [refusal_object(each) for each in sheet.refusals],
        "left_out": list(sheet.left_out),
        "warnings": [warning_object(each) for each in warnings],
    }
