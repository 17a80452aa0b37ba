"""`desk survey ikm`: the satisfaction index of a file, or of what was imported of a period."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from desk.cli.opening import read_settings
from desk.cli.refusing import DOES_NOT_HOLD, Trouble, say
from desk.cli.survey_options import (
    AS_JSON,
    FILE,
    KEEP_GOOD,
    OFFICE,
    REGULATIONS,
    SERVICE_OPTION,
    WEIGHTS,
    as_index,
    as_period,
    as_weight,
    may_be_taken,
    read_and_tell,
    trouble_told,
)
from desk.cli.survey_words import (
    Figures,
    HiddenProfile,
    figures_lines,
    figures_object,
    refusal_object,
    warning_in_words,
    warning_object,
)
from desk.domain.refusals import Refused
from desk.domain.skm_elements import EXACT, INSTRUMENTS, Instrument, Letter, Weight, weight_of
from desk.domain.skm_index import Tallied, hiding, index_of
from desk.domain.skm_period import Period
from desk.domain.skm_profile import ProfileCount, count_profiles
from desk.domain.skm_sample import sample
from desk.domain.skm_sheet import Refusal, Sheet
from desk.domain.skm_warnings import (
    CONTRADICTIONS,
    Published,
    ReportWarning,
    Trend,
    warn_of_answers,
    warn_of_copies,
    warn_of_mixed,
    warn_of_published,
)
from desk.domain.tallies import Tally
from desk.reports.survey_files import Place, SurveyFileFault, find_survey, list_others, list_places, survey_of


@dataclass(frozen=True, slots=True)
class _Found:
    """The survey to work with, beside those of other periods."""

    tallied: Tallied
    tally: Tally
    profiles: tuple[ProfileCount, ...] | tuple[HiddenProfile, ...]
    place: Place | None = None
    others: Mapping[Period, Tallied] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    served: int | None = None
    mixed: tuple[Period, ...] = ()  # other periods that cannot be compared
    hidden: frozenset[str] = frozenset()  # elements that may not be told
    held: tuple[ReportWarning, ...] = ()  # what is not counted in yet, or still to come


@click.command("ikm")
@click.argument("file", type=FILE, required=False)
@click.option(
    "--period",
    metavar="PERIOD",
    callback=as_period,
    help="Instead of FILE: what was imported of 2025-S1, 2025-Q1, 2025-03 …",
)
@SERVICE_OPTION
@OFFICE
@click.option("--regulation", type=click.Choice(REGULATIONS), help="With --office: answers under this rule; else under"
              " the one that most follow.")  # fmt: skip
@click.option("--weight", type=click.Choice(WEIGHTS), default=EXACT, show_default=True,
              help="What each element counts for; exact is 1/9 (1/14 under the rule of 2004).")  # fmt: skip
@click.option("--population", type=click.IntRange(0), help="How many were served: tells how many had to answer.")
@KEEP_GOOD
@click.option("--published-ikm", metavar="FIGURE", callback=as_index, help="The index that a report prints, 86,63.")
@click.option("--published-letter", type=click.Choice([each.value for each in Letter]), help="The letter it prints.")
@click.option(
    "--published-weight", metavar="WEIGHT", callback=as_weight, help="The weight its text names: 0,111 or 1/9."
)
@click.option("--published-trend", type=click.Choice([each.value for each in Trend]),
              help="How it calls the change since the period before.")  # fmt: skip
@AS_JSON
def ikm_command(
    file: Path | None,
    *,
    period: Period | None,
    service: str | None,
    office: str | None,
    keep_good: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    """Work out the satisfaction index (IKM) of FILE (see `desk survey import`), or of an imported --period.

    For each element the mean score (NRR), the mean times the weight, and the mean times 25; then their weighted sum
    times 25, from 25 to 100, rounded once, half up, and its letter. The weight 0.11 of many offices loses exactly 1 %
    beside 1/9, so the weight used is always said, and what the exact one gives. An element that somebody left out
    divides by its own answers. Services that were imported one by one are pooled over respondents. With --office it is
    what the visitors of this desk answered, together with what was taken over into its database.

    The --published options compare with what a report says of the same answers. Warnings stand on standard error, with
    --json in the answer. Exit code 1 when a row is refused (unless --keep-good), when there is no index, and when the
    report contradicts the answers.
    """
    _require_meant(file, period, office, service, asked)
    with trouble_told(as_json=as_json, ikm=None):
        _work_out(file, period, service, office, keep_good=keep_good, as_json=as_json, asked=asked)


def _work_out(
    file: Path | None,
    period: Period | None,
    service: str | None,
    office: str | None,
    *,
    keep_good: bool,
    as_json: bool,
    asked: Mapping[str, Any],
) -> None:
    """Tell the index, with what should be looked at; end with the exit code 1 where something does not hold."""
    if period is None:
        found = _examined(file, keep_good=keep_good, as_json=as_json)
    else:
        place = Place(period, service)
        found = _imported(place) if office is None else _answered(office, place, asked["regulation"])
    population = found.served if asked["population"] is None else asked["population"]
    figures = _figures(found, weight=asked["weight"], population=population)
    warnings = _warnings(found, figures, asked)
    if as_json:
        named = service.upper() if service and office else service  # an office's letter, or the code of a file
        head = {"period": None if period is None else str(period), "service": named}
        refused = [refusal_object(each) for each in found.refusals]
        told = [warning_object(each) for each in warnings]
        say(json.dumps({**head, **figures_object(figures), "warnings": told, "refused": refused}))
    else:
        for warning in warnings:
            click.echo(f"warning: {warning_in_words(warning)}", err=True)
        say(*figures_lines(figures))
    if figures.index.value is None or any(each.kind in CONTRADICTIONS for each in warnings):
        raise SystemExit(DOES_NOT_HOLD)


def _require_meant(
    file: Path | None, period: Period | None, office: str | None, service: str | None, asked: Mapping[str, Any]
) -> None:
    """Raise `click.UsageError` for options that do not go together."""
    if (file is None) == (period is None):
        raise click.UsageError("Give either a FILE or --period.")
    if file is not None and (service or office or asked["published_trend"]):
        raise click.UsageError("--service, --office and --published-trend go with --period.")
    if asked["regulation"] and not office:
        raise click.UsageError("--regulation goes with --office; what was imported of a file follows one regulation.")


def _examined(file: Path | None, *, keep_good: bool, as_json: bool) -> _Found:
    """Return the survey in a file; end with the exit code 1 where rows are refused."""
    sheet = read_and_tell(file) if file is not None else Sheet(None)
    survey = survey_of(sheet)
    if survey is not None and may_be_taken(sheet, keep_good=keep_good):
        return _Found(survey.tallied, survey.tally, count_profiles(survey.profiles), refusals=sheet.refusals)
    if as_json:
        say(json.dumps({"ikm": None, "refused": [refusal_object(each) for each in sheet.refusals]}))
    click.echo("Nothing was worked out.", err=True)
    raise SystemExit(DOES_NOT_HOLD)


def _imported(place: Place) -> _Found:
    """Return what was imported of a period; raise `Trouble` where there is nothing, or it cannot be read."""
    data = read_settings().data
    try:
        survey, (others, mixed) = find_survey(data, place), list_others(data, place)
    except SurveyFileFault as fault:
        raise Trouble(str(fault)) from fault
    if survey is None:
        known = ", ".join(map(str, list_places(data))) or "nothing"
        raise Trouble(f"Nothing was imported of {place}. There is: {known}.")
    tallies = {period: other.tallied for period, other in others.items()}
    profiles = count_profiles(survey.profiles)
    return _Found(survey.tallied, survey.tally, profiles, place, tallies, mixed=tuple(mixed))


def _answered(office: str, place: Place, regulation: str | None) -> _Found:
    """Return what was answered in an office; raise `Trouble` where nobody did."""
    from desk.cli.survey_office import read_office

    survey = read_office(office, place.period, place.service, REGULATIONS[regulation] if regulation else None)
    for other, answers in survey.left_out.items():
        year = next(name for name, each in REGULATIONS.items() if each is other)
        click.echo(
            f"note: these are the answers under {survey.tallied.instrument.title}; {answers} more follow"
            f" {INSTRUMENTS[other].title} and are not among them (--regulation {year})",
            err=True,
        )
    return _Found(
        survey.tallied,
        survey.tally,
        survey.profiles,
        place,
        survey.others,
        served=survey.served,
        hidden=survey.hidden,
        held=tuple(survey.held),
    )


def _figures(found: _Found, *, weight: str, population: int | None) -> Figures:
    from desk.reports.score_intervals import index_interval

    tallied = found.tallied
    drawn = None if population is None else sample(population, tallied.respondents)
    index = hiding(index_of(tallied, _weight(tallied.instrument, weight)), found.hidden)
    return Figures(tallied, index, index_interval(index, found.tally), drawn, found.profiles)


def _weight(instrument: Instrument, name: str) -> Weight:
    try:
        return weight_of(instrument, name)
    except Refused as refused:
        known = ", ".join(each.name for each in instrument.weights)
        raise Trouble(f"Under {instrument.title} the weights in use are {known}.") from refused


def _warnings(found: _Found, figures: Figures, asked: Mapping[str, Any]) -> list[ReportWarning]:
    """Return what should be looked at: in the answers, beside other periods, and in what the report says of them."""
    tallied = figures.tallied
    if found.hidden:
        return [*found.held, *warn_of_answers(tallied, figures.sample)]  # the others would tell of what is hidden
    copies = warn_of_copies(tallied, {str(period): other for period, other in found.others.items()})
    published = _published(tallied.instrument, asked)
    before = _before(found, figures.index.weight) if published.trend else None
    told = warn_of_published(tallied, figures.index, published, before=before)
    mixed = warn_of_mixed(map(str, found.mixed))
    return [*found.held, *warn_of_answers(tallied, figures.sample), *copies, *mixed, *told]


def _published(instrument: Instrument, asked: Mapping[str, Any]) -> Published:
    """Return what a report says of itself, as it was typed."""
    letter, weight, trend = (asked[f"published_{name}"] for name in ("letter", "weight", "trend"))
    if weight == f"1/{len(instrument.elements)}":
        weight = EXACT
    return Published(asked["published_ikm"], letter and Letter(letter), weight, trend and Trend(trend))


def _before(found: _Found, weight: Weight) -> Fraction | None:
    """Return the index of the period before under the same weight; raise `Trouble` where there is none to compare."""
    if found.place is None:
        return None
    period = found.place.period.before
    earlier = found.others.get(period)
    if period in found.mixed:
        raise Trouble(f"The services of {period} follow different regulations; name one of them with --service.")
    if earlier is None:
        raise Trouble(f"Nothing was imported of {period}, the period before.")
    if earlier.instrument != found.tallied.instrument:
        raise Trouble(f"{period} follows another regulation; the two are never compared.")
    return index_of(earlier, weight).value
