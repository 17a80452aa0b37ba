"""What `desk survey` says: refusals and warnings in words, the figures as lines and as one JSON object."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from desk.domain.skm_elements import DECIMALS, EXACT, Band, half_up, weight_of
from desk.domain.skm_index import ElementFigures, Index, Tallied, index_of_means
from desk.domain.skm_profile import ProfileCount
from desk.domain.skm_sample import Sample
from desk.domain.skm_sheet import Refusal, Sheet
from desk.domain.skm_warnings import ReportWarning, WarningKind
from desk.operations.survey.placing_rows import Same
from desk.wording.skm import FAULTS, INTERVALS

if TYPE_CHECKING:
    from desk.reports.score_intervals import IndexInterval

MEAN_DECIMALS: Final = 4  # as the bounds of the letters are printed
CONFIDENCE: Final = "0.95"  # of intervals, as `desk.reports.statistics` works them out

WARNINGS: Final[Mapping[WarningKind, str]] = {
    WarningKind.NOT_OVER: "the period is not over: answers until {day}, and it goes on until {last}",
    WarningKind.TOO_FEW_TO_PUBLISH: "respondents: {received}; with fewer than {fewest}, do not publish the index",
    WarningKind.BELOW_SAMPLE: "respondents: {received}, needed: {needed} of {population} served",
    WarningKind.MORE_THAN_SERVED: "respondents: {received}, but only {population} were served",
    WarningKind.ANSWERS_MISSING: "not everybody answered every element; each divides by its own answers: {elements}",
    WarningKind.ELEMENT_UNANSWERED: "nobody answered {elements}, so there is no index",
    WarningKind.PERIOD_COPIED: "every element has the same mean as in {period}: was it copied?",
    WarningKind.NOT_COMPARED: "not compared with {period}: its services follow different regulations",
    WarningKind.FEW_SINCE_PUBLISHED: "as published on {day} ({period}): what came in or changed since is of fewer than"
    " {fewest} people, and is counted in once it is of {fewest}",
    WarningKind.INDEX_DIFFERS: "the report says {published}, which no weight in use gives; the answers give {computed}",
    WarningKind.LETTER_DIFFERS: "the report says {published}, but {index} is {letter}",
    WarningKind.WEIGHT_DIFFERS: "the figure that the report prints comes from the weight {used}, not from {published}",
    WarningKind.TREND_DIFFERS: "the report says {published}, but from {before} to {now} is: {trend}",
}


@dataclass(frozen=True, slots=True)
class HiddenProfile:
    """How often each value of the profile was given in an office: None where that would tell of single people.

    Those who did not say stand under "".
    """

    column: str
    counts: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is answered about a survey."""

    tallied: Tallied
    index: Index
    interval: "IndexInterval | None"  # of the index; None where that is not told
    sample: Sample | None
    profiles: tuple[ProfileCount, ...] | tuple[HiddenProfile, ...]

    @property
    def with_exact_weight(self) -> str | None:
        """The index under the exact weight, as shown."""
        if self.index.hidden:
            return None
        instrument = self.tallied.instrument
        return _shown(index_of_means(instrument, self.tallied.means, weight_of(instrument, EXACT)), DECIMALS)


def alike_in_words(alike: int, same: Same, *, is_kept: bool) -> str | None:
    """Return what is to be known of rows that say exactly the same as rows taken over before; None where none do."""
    if not alike:
        return None
    if same is Same.AGAIN:
        return (
            f"{alike} rows say exactly the same as rows taken over before. If they are other people who gave the same"
            " answers, --count-again counts them. If this file, or one it was mended from, was taken over before, it"
            " would count everybody twice"
        )
    verb = "count" if is_kept else "would count"
    return f"{alike} rows say exactly the same as rows taken over before, and {verb} as further people"


def refusal_in_words(refusal: Refusal) -> str:
    """Return where a file is wrong, and in what way."""
    place = ", ".join(each for each in (f"line {refusal.line}", refusal.column) if each)
    value = f" {refusal.value!r}:" if refusal.value else ""
    taken = f" (batch of {refusal.taken_at:%Y-%m-%d %H:%M})" if refusal.taken_at else ""
    return f"{place}:{value} {FAULTS[refusal.fault]}{taken}"


def warning_in_words(warning: ReportWarning) -> str:
    """Return a warning with its figures."""
    return WARNINGS[warning.kind].format_map(warning.details)


def notes_of(sheet: Sheet, counts: tuple[ProfileCount, ...]) -> list[str]:
    """Return what is no fault of a file but should be known."""
    notes = [f"{each.column}: the rule does not list {', '.join(each.unlisted)}" for each in counts if each.unlisted]
    return [f"columns left out: {', '.join(sheet.left_out)}", *notes] if sheet.left_out else notes


def refusal_object(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal for JSON."""
    return {
        "line": refusal.line,
        "fault": refusal.fault.value,
        "column": refusal.column or None,
        "value": refusal.value or None,
        "message": FAULTS[refusal.fault],
    }


def warning_object(warning: ReportWarning) -> dict[str, Any]:
    """Return a warning for JSON."""
    return {"kind": warning.kind.value, **warning.details, "message": warning_in_words(warning)}


def figures_object(figures: Figures) -> dict[str, Any]:
    """Return the figures for JSON: rounded ones as text, sums and numbers of answers to work them out anew."""
    index = figures.index
    return {
        "regulation": index.instrument.title,
        "respondents": index.respondents,
        "weight": index.weight.name,
        "weight_value": str(index.weight.value),
        "ikm": _shown(index.value, DECIMALS),
        "ikm_fraction": None if index.value is None else str(index.value),
        "ikm_exact_weight": figures.with_exact_weight,
        "ikm_interval": None if figures.interval is None else _interval_object(figures.interval),
        **_band_object(index.band),
        "elements": [_element_object(each) for each in index.elements],
        "apart": [each.element.key for each in index.apart],
        "hidden": [each.key for each in index.hidden],
        "lowest": [each.element.key for each in index.lowest()],
        "sample": None if figures.sample is None else asdict(figures.sample),
        "profile": {each.column: _profile_object(each) for each in figures.profiles},
    }


def _interval_object(interval: "IndexInterval") -> dict[str, Any]:
    return {
        "low": _bound(interval.low),
        "high": _bound(interval.high),
        "confidence": CONFIDENCE,
        "method": interval.method.value,
    }


def _bound(value: float) -> str:
    return f"{value:.{DECIMALS}f}"


def _profile_object(count: ProfileCount | HiddenProfile) -> dict[str, Any]:
    if isinstance(count, ProfileCount):
        return {"counts": dict(count.counts), "not_given": count.missing}
    counts = dict(count.counts)
    return {"counts": counts, "not_given": counts.pop("", 0)}


def _element_object(figures: ElementFigures) -> dict[str, Any]:
    return {
        "key": figures.element.key,
        "name": figures.element.name,
        "english": figures.element.english,
        "sum": None if figures.hidden else figures.tally.total,
        "answers": figures.tally.answers,
        "nrr": _shown(figures.mean, MEAN_DECIMALS),
        "weighted": _shown(figures.weighted, MEAN_DECIMALS),
        "converted": _shown(figures.converted, DECIMALS),
        **_band_object(figures.band),
    }


def _band_object(band: Band | None) -> dict[str, Any]:
    if band is None:
        return {"mutu": None, "kinerja": None, "performance": None}
    return {"mutu": band.letter.value, "kinerja": band.performance, "performance": band.english}


def _shown(value: Fraction | None, decimals: int) -> str | None:
    return None if value is None else str(half_up(value, decimals))


def figures_lines(figures: Figures) -> list[str]:
    """Return the figures as lines of text, the weight beside the index."""
    index = figures.index
    return [
        f"{index.instrument.title}, {index.respondents} respondents",
        _headline(figures),
        *_interval_lines(figures.interval),
        "",
        f"{'unsur':<32}{'answers':>8}{'sum':>8}{'NRR':>9}{'x weight':>10}{'x 25':>8}",
        *map(_element_line, index.elements),
        "",
        *_apart_lines(index),
        f"lowest: {', '.join(each.element.key for each in index.lowest()) or 'none'}",
        *_sample_lines(figures.sample),
        *map(_profile_line, figures.profiles),
    ]


def _headline(figures: Figures) -> str:
    index, weight = figures.index, figures.index.weight
    if index.value is None or index.band is None:
        return f"IKM {'too few to tell' if index.hidden else 'none'}, weight {weight.name}"
    is_exact = weight.name == EXACT
    beside = f" = {weight.value}" if is_exact else f"; the exact weight gives {figures.with_exact_weight}"
    band = index.band
    return f"IKM {index.shown}  {band.letter} {band.performance} ({band.english}), weight {weight.name}{beside}"


def _interval_lines(interval: "IndexInterval | None") -> list[str]:
    if interval is None:
        return []
    bounds = f"between {_bound(interval.low)} and {_bound(interval.high)} with 95% confidence"
    return [f"{bounds}: {INTERVALS[interval.method]}"]


def _element_line(figures: ElementFigures) -> str:
    mean, weighted = (_shown(each, MEAN_DECIMALS) or "none" for each in (figures.mean, figures.weighted))
    converted = _shown(figures.converted, DECIMALS) or "none"
    if figures.hidden:
        return f"{figures.element.key:<32}{figures.tally.answers:>8}  too few to tell"
    counts = f"{figures.tally.answers:>8}{figures.tally.total:>8}"
    letter = f"  {figures.band.letter}" if figures.band else ""
    return f"{figures.element.key:<32}{counts}{mean:>9}{weighted:>10}{converted:>8}{letter}"


def _apart_lines(index: Index) -> list[str]:
    shown = [f"{each.element.key} {_shown(each.mean, MEAN_DECIMALS) or 'none'}" for each in index.apart]
    return [f"apart: {', '.join(shown)}"] if shown else []


def _sample_lines(drawn: Sample | None) -> list[str]:
    return [] if drawn is None else [f"sample: {drawn.received} received, {drawn.needed} needed of {drawn.population}"]


def _profile_line(count: ProfileCount | HiddenProfile) -> str:
    told = _profile_object(count)
    given = ", ".join(f"{value} {_number(number)}" for value, number in told["counts"].items())
    missing = told["not_given"]
    return f"{count.column}: {given}" + ("" if missing == 0 else f", not given {_number(missing)}")


def _number(count: int | None) -> str:
    return "too few to tell" if count is None else str(count)
