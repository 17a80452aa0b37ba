"""Who answered: how often each value of the profile was given, without what would tell of single people.

Which numbers may be told together is decided in `desk.domain.told_profiles`. Profiles may be erased, so nothing of them
is kept beside what was published but the published numbers: where these are not those of now, the published ones are
shown of that period, and none of what overlaps it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from desk.domain.publication import UNTOLD, Counts
from desk.domain.questionnaires import Measure
from desk.domain.skm_period import Period
from desk.domain.skm_profile import VALUES
from desk.domain.tallies import Tally
from desk.domain.told_profiles import ALL_SERVICES, Number, ProfileTelling, Row
from desk.domain.told_together import QUARTER, Stretch
from desk.reports.since_published import Since, live_tallies
from desk.reports.survey_cells import Cell
from desk.reports.telling import ALL, FEWEST, Group, Telling

# Whose values are few and listed by the regulation; what people write freely is published nowhere.
TOLD: Final = ("jenis_kelamin", "pendidikan", "pekerjaan")


@dataclass(frozen=True, slots=True)
class Profile:
    """How often each value was given, "" for those who did not say; None for what would tell of single people.

    `as_published` says when these numbers were published, where other ones are counted now; `is_hidden` tells that
    none are shown though people said something, since beside published ones they would tell of a few.
    """

    counts: Counts = field(default_factory=dict)
    as_published: datetime | None = None
    is_hidden: bool = False


def profile_of(
    cells: Sequence[Cell], telling: Telling, measure: Measure, period: Period, group: Group = ALL, *, anew: bool = False
) -> Profile:
    """Return the profile of a period; `anew` as it would be published now, beside what else was published.

    `cells` are all of this measure in the whole year, `telling` what may be told of them.
    """
    since = telling.since
    changed = set(_changed(cells, measure, since))
    mine = since.profiles.get(period) if since else None
    if since and anew and not since.held_in(period):
        changed.discard(period)
    if since and mine is not None and period in changed and group == ALL:
        return Profile(mine, since.days[period])
    if any(_overlap(each, period) for each in changed):
        return Profile(is_hidden=True)
    if period.months < QUARTER:
        return Profile()
    return Profile(dict(_told(cells, telling, measure, period, group, changed)))


def given(tally: Tally, column: str) -> dict[str, int]:
    """Return how often each listed value was given, in the order of the regulation; UNTOLD for everybody else.

    Values that the regulation does not list count as not told, as they may be anything that somebody wrote.
    """
    said = tally.profile.get(column, {})
    counts = {value: said[value] for value in VALUES[column] if said.get(value)}
    untold = tally.answers - sum(counts.values())
    return {**counts, UNTOLD: untold} if untold else counts


def _told(
    cells: Iterable[Cell], telling: Telling, measure: Measure, period: Period, group: Group, changed: set[Period]
) -> Iterable[tuple[str, dict[str, int | None]]]:
    """Yield each characteristic of which somebody said something."""
    tallies: dict[Row, Tally] = {}
    for (month, service_id, _), tally in live_tallies(cells, measure).items():
        if month.year == period.year and not any(month in each for each in changed):
            tallies.setdefault((service_id, month.month), Tally()).merge(tally)
    whole = Tally()
    for (service_id, month_number), tally in tallies.items():
        if period.first.month <= month_number <= period.last.month and group in (ALL, (service_id,)):
            whole.merge(tally)

    def allowed(stretch: Stretch, service_id: int) -> bool:
        other = _period(period.year, stretch)
        is_apart = not any(_overlap(other, each) for each in changed)
        return is_apart and telling.told(other, (service_id,) if service_id else ALL)

    asked = period.first.month, period.last.month
    for column in TOLD:
        counts = given(whole, column)
        if set(counts) - {UNTOLD}:
            rows = {row: given(each, column) for row, each in tallies.items()}
            already = _already(telling.since, period.year, column, changed)
            told = ProfileTelling(rows, FEWEST, allowed, already).told(asked, *group)
            yield column, {value: count if value in told else None for value, count in counts.items()}


def _changed(cells: Iterable[Cell], measure: Measure, since: Since | None) -> Iterable[Period]:
    """Yield the published periods of whose profile other numbers are counted now, or may be."""
    if since is None:
        return
    live = live_tallies(cells, measure)
    unknown = {each.period for each in since.unknown}
    for period, published in since.profiles.items():
        whole = Tally()
        for (month, _, _), tally in live.items():
            if month in period:
                whole.merge(tally)
        is_same = all(
            count in (None, given(whole, column).get(value, 0))
            for column, counts in published.items()
            for value, count in counts.items()
        )
        if not is_same or period in unknown or since.held_in(period):
            yield period
    yield from unknown - set(since.profiles)


def _already(since: Since | None, year: int, column: str, changed: set[Period]) -> set[Number]:
    """Return the numbers of a year that were published and are still those of now."""
    return {
        ((period.first.month, period.last.month), ALL_SERVICES, value)
        for period, published in (since.profiles if since else {}).items()
        if period.year == year and period not in changed
        for value, count in published.get(column, {}).items()
        if count
    }


def _period(year: int, stretch: Stretch) -> Period:
    months = stretch[1] - stretch[0] + 1
    return Period(year, months, stretch[1] // months)


def _overlap(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last
