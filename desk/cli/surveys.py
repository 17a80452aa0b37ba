"""`desk survey import`: answers to the satisfaction survey, taken over from files. `ikm` is in `survey_index`."""

import json
from pathlib import Path

import click

from desk.cli.opening import read_settings
from desk.cli.refusing import DOES_NOT_HOLD, Trouble, say
from desk.cli.survey_index import ikm_command
from desk.cli.survey_options import (
    AS_JSON,
    FILE,
    KEEP_GOOD,
    OFFICE,
    SERVICE_OPTION,
    as_period,
    may_be_taken,
    read_and_tell,
    tell_refusals_of_office,
)
from desk.cli.survey_words import refusal_object, warning_in_words, warning_object
from desk.domain.skm_period import Period
from desk.domain.skm_sheet import Sheet
from desk.domain.skm_warnings import ReportWarning, warn_of_copies, warn_of_mixed
from desk.reports.survey_files import Place, SurveyFileFault, keep, list_others


@click.group()
def survey() -> None:
    """Take over answers to the satisfaction survey (SKM), and work out its index (IKM)."""


survey.add_command(ikm_command)


@survey.command("import")
@click.argument("file", type=FILE)
@click.option("--period", metavar="PERIOD", required=True, callback=as_period,
              help="Of which period: 2025-S1, 2025-Q1, 2025-03 or 2025.")  # fmt: skip
@SERVICE_OPTION
@OFFICE
@KEEP_GOOD
@click.option("--replace", is_flag=True, help="Take the place of what is kept of this period and service.")
@AS_JSON
def import_command(
    file: Path,
    period: Period,
    service: str | None,
    *,
    office: str | None,
    keep_good: bool,
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
    --replace. A period is kept as a whole, or service by service.

    With --office the answers count beside those of the visitors of this desk, on their own days (without one, on the
    last of the period), and --service is the letter of a service; the column layanan, a letter or a name, goes before.
    Rows that were taken over before are known again and not counted twice. A page of the office takes a batch back.
    """
    if office is not None:
        _import_into(office, file, period, service, keep_good=keep_good, as_json=as_json)
        return
    data = read_settings().data
    if not data.is_dir():
        raise Trouble(f"There is no data folder {data} yet. Make one with `desk up` or `desk db upgrade`.")
    sheet = read_and_tell(file, period)
    kept, warnings = None, list[ReportWarning]()
    if may_be_taken(sheet, keep_good=keep_good):
        kept, warnings = _keep(data, Place(period, service), sheet, replace=replace)
    if as_json:
        say(json.dumps(_as_object(sheet, Place(period, service), kept, warnings)))
    else:
        for warning in warnings:
            click.echo(f"warning: {warning_in_words(warning)}", err=True)
        said = f"{len(sheet.answers)} of {sheet.rows} respondents are kept in {kept}."
        click.echo(said if kept else "Nothing was kept.", err=kept is None)
    if kept is None:
        raise SystemExit(DOES_NOT_HOLD)


def _import_into(
    office: str, file: Path, period: Period, service: str | None, *, keep_good: bool, as_json: bool
) -> None:
    """Take a file over into an office's database."""
    from desk.cli.survey_office import keep_in_office

    sheet, taken = read_and_tell(file, period), None
    if may_be_taken(sheet, keep_good=keep_good):
        kept = keep_in_office(office, period, service, sheet, file, keep_good=keep_good)
        sheet, taken = tell_refusals_of_office(sheet, kept.refusals), kept.rows
    if as_json:
        told = {**_as_object(sheet, Place(period, service), None, []), "office": office, "kept": taken or 0}
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


def _as_object(sheet: Sheet, place: Place, kept: Path | None, warnings: list[ReportWarning]) -> dict[str, object]:
    return {
        "period": str(place.period),
        "service": place.service,
        "regulation": None if sheet.instrument is None else sheet.instrument.title,
        "rows": sheet.rows,
        "kept": 0 if kept is None else len(sheet.answers),
        "file": None if kept is None else str(kept),
        "refused": [refusal_object(each) for each in sheet.refusals],
        "left_out": list(sheet.left_out),
        "warnings": [warning_object(each) for each in warnings],
    }
