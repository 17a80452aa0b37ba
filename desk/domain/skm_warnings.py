"""What should be looked at before a survey is published: each kind was met in a published report.

Warnings are typed values; what they say in words stands with whoever shows them. `CONTRADICTIONS` are those in which a
report and its own answers cannot both be right.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from desk.domain.skm_elements import Instrument, Letter, band_of, half_up
from desk.domain.skm_index import Index, Tallied, index_of_means
from desk.domain.skm_period import Period
from desk.domain.skm_sample import Sample

FEWEST_TO_PUBLISH: Final = 5  # as in the other reports: fewer are recognized by their answers


class WarningKind(StrEnum):
    """What may be wrong."""

    NOT_OVER = "not_over"
    TOO_FEW_TO_PUBLISH = "too_few_to_publish"
    BELOW_SAMPLE = "below_sample"
    MORE_THAN_SERVED = "more_than_served"
    ANSWERS_MISSING = "answers_missing"
    ELEMENT_UNANSWERED = "element_unanswered"
    PERIOD_COPIED = "period_copied"
    NOT_COMPARED = "not_compared"
    FEW_SINCE_PUBLISHED = "few_since_published"
    INDEX_DIFFERS = "index_differs"
    LETTER_DIFFERS = "letter_differs"
    WEIGHT_DIFFERS = "weight_differs"
    TREND_DIFFERS = "trend_differs"


CONTRADICTIONS: Final = frozenset(
    {WarningKind.INDEX_DIFFERS, WarningKind.LETTER_DIFFERS, WarningKind.WEIGHT_DIFFERS, WarningKind.TREND_DIFFERS}
)


class Trend(StrEnum):
    """How an index stands to that of the period before."""

    RISE = "rise"
    FALL = "fall"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class ReportWarning:
    """One thing to look at; `details` fill its sentence."""

    kind: WarningKind
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """What a report says of itself, each None where it does not.

    The index has as many decimals as printed; the weight is named as in `Instrument.weights`.
    """

    index: Decimal | None = None
    letter: Letter | None = None
    weight: str | None = None
    trend: Trend | None = None


def warn_of_answers(tallied: Tallied, sample: Sample | None = None) -> list[ReportWarning]:
    """Return what the answers themselves give reason to say: too few of them, or some elements left out."""
    warnings = _warn_of_count(tallied.respondents, sample)
    everybody = tallied.respondents
    answers = {key: tallied.tallies[key].answers for key in tallied.instrument.keys}
    partly = [f"{key} {count}/{everybody}" for key, count in answers.items() if 0 < count < everybody]
    never = [key for key, count in answers.items() if not count]
    for kind, keys in ((WarningKind.ANSWERS_MISSING, partly), (WarningKind.ELEMENT_UNANSWERED, never)):
        if keys:
            warnings.append(ReportWarning(kind, {"elements": ", ".join(keys)}))
    return warnings


def _warn_of_count(respondents: int, sample: Sample | None) -> list[ReportWarning]:
    warnings = []
    if respondents < FEWEST_TO_PUBLISH:
        details = {"received": str(respondents), "fewest": str(FEWEST_TO_PUBLISH)}
        warnings.append(ReportWarning(WarningKind.TOO_FEW_TO_PUBLISH, details))
    if sample is None:
        return warnings
    details = {name: str(getattr(sample, name)) for name in ("received", "needed", "population")}
    if sample.received > sample.population:
        warnings.append(ReportWarning(WarningKind.MORE_THAN_SERVED, details))
    if not sample.suffices:
        warnings.append(ReportWarning(WarningKind.BELOW_SAMPLE, details))
    return warnings


def warn_of_copies(tallied: Tallied, others: Mapping[str, Tallied]) -> list[ReportWarning]:
    """Return a warning for each other period (by its name) in which every element has the same mean."""
    same = [
        name
        for name, other in others.items()
        if other.instrument.regulation is tallied.instrument.regulation and other.means == tallied.means
    ]
    is_told = any(mean is not None for mean in tallied.means.values())
    return [ReportWarning(WarningKind.PERIOD_COPIED, {"period": name}) for name in same if is_told]


def warn_of_mixed(periods: Iterable[str]) -> list[ReportWarning]:
    """Return a warning for each other period that is left out, as its services follow different regulations."""
    return [ReportWarning(WarningKind.NOT_COMPARED, {"period": each}) for each in periods]


def warn_of_running(period: Period, today: date) -> list[ReportWarning]:
    """Return the warning that a period is not over: what is told of it are answers until `today`."""
    if today not in period or today == period.last:
        return []
    return [ReportWarning(WarningKind.NOT_OVER, {"day": today.isoformat(), "last": period.last.isoformat()})]


def warn_of_few_since(period: str, day: str) -> ReportWarning:
    """Return the warning that what changed since a period was published on a day is of few people, and not counted."""
    return ReportWarning(
        WarningKind.FEW_SINCE_PUBLISHED, {"period": period, "day": day, "fewest": str(FEWEST_TO_PUBLISH)}
    )


def weights_that_give(instrument: Instrument, means: Mapping[str, Fraction | None], published: Decimal) -> list[str]:
    """Return the weights in use under which mean scores give a published index, at the decimals it was printed with.

    Whole numbers hide the weight: 100 is 0.111 as well as the exact one.
    """
    decimals = max(0, -int(published.as_tuple().exponent))
    found = [(each.name, index_of_means(instrument, means, each)) for each in instrument.weights]
    return [name for name, value in found if value is not None and half_up(value, decimals) == published]


def trend_of(before: Fraction, now: Fraction) -> Trend:
    """Return how an index stands to the one before, both as shown, with two decimals."""
    earlier, later = half_up(before), half_up(now)
    if earlier == later:
        return Trend.SAME
    return Trend.RISE if later > earlier else Trend.FALL


def warn_of_published(
    tallied: Tallied, index: Index, published: Published, *, before: Fraction | None = None
) -> list[ReportWarning]:
    """Return where a report contradicts its answers (`index` is worked out of them) or the index before it.

    What the report prints is judged by what it prints: its letter by its own index, its weight by the weights that give
    its index. Only where it prints no index is the one worked out taken instead.
    """
    given: Iterable[ReportWarning | None] = (
        _index_differs(tallied, index, published),
        _letter_differs(tallied.instrument, index, published),
        _weight_differs(tallied, index, published),
        _trend_differs(index, published, before),
    )
    return [each for each in given if each is not None]


def _index_differs(tallied: Tallied, index: Index, published: Published) -> ReportWarning | None:
    if published.index is None or index.value is None or _weights_used(tallied, published.index):
        return None
    details = {"published": str(published.index), "computed": str(index.shown)}
    return ReportWarning(WarningKind.INDEX_DIFFERS, details)


def _letter_differs(instrument: Instrument, index: Index, published: Published) -> ReportWarning | None:
    value = index.value if published.index is None else Fraction(published.index)
    if published.letter is None or value is None:
        return None
    letter = band_of(instrument, value).letter
    details = {"published": published.letter.value, "letter": letter.value, "index": str(half_up(value))}
    return None if letter is published.letter else ReportWarning(WarningKind.LETTER_DIFFERS, details)


def _weight_differs(tallied: Tallied, index: Index, published: Published) -> ReportWarning | None:
    """Judge the weight in the text, or without one the weight chosen beside the index that is printed.

    Where no weight in use gives the published index, that is said already.
    """
    used = [index.weight.name] if published.index is None else _weights_used(tallied, published.index)
    said = published.weight or index.weight.name
    if not used or said in used:
        return None
    return ReportWarning(WarningKind.WEIGHT_DIFFERS, {"published": said, "used": ", ".join(used)})


def _weights_used(tallied: Tallied, published: Decimal) -> list[str]:
    return weights_that_give(tallied.instrument, tallied.means, published)


def _trend_differs(index: Index, published: Published, before: Fraction | None) -> ReportWarning | None:
    if published.trend is None or before is None or index.value is None:
        return None
    trend = trend_of(before, index.value)
    details = {
        "published": published.trend.value,
        "trend": trend.value,
        "before": str(half_up(before)),
        "now": str(index.shown),
    }
    return None if trend is published.trend else ReportWarning(WarningKind.TREND_DIFFERS, details)
