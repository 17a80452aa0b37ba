"""What the commands of `desk survey` are told, and reading a file as all of them do."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import click

from desk.cli.refusing import Trouble, say, sentence
from desk.cli.survey_words import notes_of, refusal_in_words
from desk.domain.refusals import Refused
from desk.domain.skm_elements import EXACT, INSTRUMENTS, Regulation
from desk.domain.skm_period import Period, period_around, read_period
from desk.domain.skm_profile import DATE, count_profiles
from desk.domain.skm_sheet import Refusal, Sheet, read_sheet
from desk.reports.survey_files import SERVICE

WEIGHTS: Final = tuple(dict.fromkeys(weight.name for each in INSTRUMENTS.values() for weight in each.weights))
REGULATIONS: Final = {"2017": Regulation.RULE_2017, "2004": Regulation.RULE_2004}
_FRACTION: Final = re.compile(r"1/\d{1,3}", re.ASCII)


def as_period(_: click.Context, __: click.Parameter, given: str | None) -> Period | None:
    """Read a period; raise `click.BadParameter` for what is none."""
    try:
        return None if given is None else read_period(given)
    except Refused as refused:
        raise click.BadParameter("write 2025-S1, 2025-Q1, 2025-03 or 2025") from refused


def as_service(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    """Read the code of a service in either case; it is part of a file's name, in small letters there."""
    code = None if given is None else given.strip().lower()
    if code is not None and SERVICE.fullmatch(code) is None:
        raise click.BadParameter("it has letters, digits and hyphens, 39 at most")
    return code


def as_index(_: click.Context, __: click.Parameter, given: str | None) -> Decimal | None:
    """Read an index as it is printed, with a decimal point or comma, and keep its decimals."""
    figure = None if given is None else _decimal(given)
    if figure is not None and (not 0 <= figure <= 100 or len(figure.as_tuple().digits) > 12):
        raise click.BadParameter("an index lies between 0 and 100")
    return figure


def as_weight(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    """Read a weight as it is printed: 0,111 as 0.111; 1/9 and exact stay as they are."""
    if given is None or given == EXACT or _FRACTION.fullmatch(given):
        return given
    return format(_decimal(given).normalize(), "f")


def _decimal(given: str) -> Decimal:
    try:
        figure = Decimal(given.strip().replace(",", "."))
    except InvalidOperation as error:
        raise click.BadParameter("write a figure such as 86.63 or 86,63") from error
    if not figure.is_finite() or abs(figure.adjusted()) > 9:
        raise click.BadParameter("write a figure such as 86.63 or 86,63")
    return figure


FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
SERVICE_OPTION: Final = click.option(
    "--service", metavar="CODE", callback=as_service, help="Of one service; else of the whole office."
)
OFFICE: Final = click.option(
    "--office", metavar="CODE", help="In this office's database, beside what visitors answered, not in the data folder."
)
KEEP_GOOD: Final = click.option("--keep-good", is_flag=True, help="Take the good rows although others are refused.")
COUNT_AGAIN: Final = click.option(
    "--count-again",
    is_flag=True,
    help="With --office: rows that say exactly the same as rows taken over before, without a number of the respondent,"
    " are further people. Not for a file that comes again: everybody would count twice.",
)
AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")


def read_and_tell(file: Path, period: Period | None = None) -> Sheet:
    """Read a file of answers and tell on standard error what is refused, and what should be known of the others."""
    sheet = read_sheet(file.read_bytes(), period=period)
    for refusal in sheet.refusals:
        click.echo(refusal_in_words(refusal), err=True)
    for note in notes_of(sheet, count_profiles([each.profile for each in sheet.answers])):
        click.echo(f"note: {note}", err=True)
    if sheet.instrument is not None and not sheet.rows:
        click.echo("There is no respondent in the file.", err=True)
    if sheet.rows_refused:
        click.echo(f"{sheet.rows_refused} of {sheet.rows} rows refused.", err=True)
    return sheet


def period_of(sheet: Sheet) -> Period:
    """Return the period in which the dates of a file lie, and say which; raise `UsageError` where they do not tell."""
    days = sorted(each.profile[DATE] for each in sheet.answers if DATE in each.profile)
    if not days:
        raise click.UsageError(f"No row has a date ({DATE}), so say of which period the answers are: --period 2025-Q1.")
    without = len(sheet.answers) - len(days)
    if without:
        raise click.UsageError(
            f"{without} of {len(sheet.answers)} rows have no date ({DATE}), so say of which period they are:"
            " --period 2025-Q1."
        )
    found = period_around(date.fromisoformat(days[0]), date.fromisoformat(days[-1]))
    if found is None:
        raise click.UsageError(
            f"The dates go from {days[0]} to {days[-1]}, over more than one year: split the file, or name a period with"
            " --period and let the rows outside it be refused."
        )
    click.echo(f"note: no --period was given; all dates ({days[0]} to {days[-1]}) lie in {found}", err=True)
    return found


@contextmanager
def trouble_told(*, as_json: bool, **nothing: object) -> Iterator[None]:
    """Where JSON was asked for, answer with an object also when it cannot be done: `nothing`, and the sentence."""
    try:
        yield
    except (Refused, Trouble) as error:
        words = sentence(error) if isinstance(error, Refused) else error.message
        if as_json:
            say(json.dumps({**nothing, "trouble": words}))
        raise


def tell_refusals_of_office(sheet: Sheet, refusals: tuple[Refusal, ...]) -> Sheet:
    """Tell what an office refuses of the good rows, and return the file with these among its refused rows."""
    for refusal in refusals:
        click.echo(refusal_in_words(refusal), err=True)
    if refusals:
        click.echo(f"{len(refusals)} of {sheet.rows} rows refused by the office.", err=True)
    lines = {each.line for each in refusals}
    left = tuple(each for each in sheet.answers if each.line not in lines)
    return replace(sheet, answers=left, refusals=(*sheet.refusals, *refusals))


def may_be_taken(sheet: Sheet, *, keep_good: bool) -> bool:
    """Tell whether the good rows of a file are taken: there are some, and nothing is refused unless that is allowed."""
    return bool(sheet.answers) and (keep_good or not sheet.refusals)
