"""What changed since periods were published, read once for all that tells live figures beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from desk.domain.elements_together import still_public
from desk.domain.publication import Counts
from desk.domain.questionnaires import Measure
from desk.domain.since_published import Change, Key, Snapshot, Split, as_json, from_json, split, without
from desk.domain.skm_period import Period
from desk.domain.tallies import OFFICIAL, Tally, merged
from desk.models import SurveyPublication
from desk.reads.improvements import Publication, list_publications
from desk.reads.reader import Reader
from desk.reports.survey_cells import REGULATIONS, Cell, instrument_of, load_live, tallied_of

PUBLICATIONS: Any = SurveyPublication.__table__
FEWEST: Final = 5  # as in `desk.reports.telling`


@dataclass(frozen=True, slots=True)
class Unknown:
    """A published period that differs from what is counted now, nobody knows in which month or service.

    `enough` tells whether at least five people are in the difference, in all and of each element.
    """

    period: Period
    enough: bool

    def told(self, period: Period, group: tuple[int, ...] = ()) -> bool:
        """Tell whether figures may be shown beside it: those of the same period, if enough, and what lies apart."""
        if period == self.period and not group:
            return self.enough
        return not _overlap(period, self.period)


@dataclass(frozen=True, slots=True)
class Since:
    """What is counted now beside what was published: parted, and `held` of it what is not counted in yet."""

    split: Split
    snapshots: Mapping[int, Period]  # what was published, by the number of the snapshot
    held: Sequence[Change]
    unknown: Sequence[Unknown]
    at: Mapping[int, datetime]  # when each snapshot was published, by its number
    profiles: Mapping[Period, Counts]  # what was published of who answered, in the newest version of each period
    days: Mapping[Period, datetime]  # when that was

    @property
    def published(self) -> frozenset[Period]:
        """The periods that were published."""
        return frozenset(self.snapshots.values())

    @property
    def counted(self) -> list[Change]:
        """The changes that are counted in."""
        return [each for each in self.split.changes if each not in self.held]

    def held_in(self, period: Period) -> list[tuple[Period, datetime]]:
        """Return the published periods, and when, since when something of this period is not counted in yet."""
        found = {
            each.lacking.period: self.at[each.lacking.number]
            for each in self.held
            if any(month in period for month, _, _ in each.tallies)
        }
        return sorted(found.items(), key=lambda pair: (pair[0].first, -pair[0].months))


def load_since(
    reader: Reader, office_id: int, measure: Measure, days: tuple[date, date], cells: Iterable[Cell] | None = None
) -> Since | None:
    """Return what is to be known beside the published periods of these whole years; None where nothing is published.

    `cells` are what is counted now in these years (`load_live`), where that was read already.
    """
    instrument = instrument_of(measure)
    published = [
        each
        for each in list_publications(reader, office_id)
        if each.is_public and each.figures.tallied.instrument is instrument and each.period.first >= days[0]
    ]
    published = [each for each in published if each.period.last <= days[1]]
    if not published:
        return None
    live = live_tallies(load_live(reader, office_id, *days, measure) if cells is None else cells, measure)
    kept = _kept(reader, office_id, [each.id for each in published])
    snapshots, unknown = [], []
    for each in sorted(published, key=lambda each: each.id):
        known = kept.get(each.id)
        if known is not None:
            snapshots.append(Snapshot(each.id, each.period, from_json(known)))
        elif (found := _unknown(each, measure, live)) is not None:
            unknown.append(found)
        else:
            snapshots.append(Snapshot(each.id, each.period, _within(live, each.period)))
    parted = split(live, snapshots)
    held = [each for each in parted.changes if each.is_last and each.is_few(instrument.keys, FEWEST)]
    at = {each.id: each.at for each in published}
    newest = {each.period: each for each in sorted(published, key=lambda each: each.id)}
    return Since(
        parted,
        {each.number: each.period for each in snapshots},
        held,
        unknown,
        at,
        {period: each.figures.profile for period, each in newest.items()},
        {period: each.at for period, each in newest.items()},
    )


def counted_cells(cells: Sequence[Cell], measure: Measure, since: Since | None) -> list[Cell]:
    """Return what is counted by a measure without what is held back; profiles stay as they are now."""
    if since is None or not since.held:
        return list(cells)
    kept = without(live_tallies(cells, measure), since.held)
    found = []
    for each in cells:
        tally = kept.pop(_key(each), None) if _counts(each, measure) else each.tally
        if tally is not None:
            found.append(replace(each, tally=replace(tally, profile=each.tally.profile)))
    return [*found, *(Cell(month, service, measure, origin, each) for (month, service, origin), each in kept.items())]


def snapshot_of(cells: Iterable[Cell], measure: Measure, period: Period) -> list[Any]:
    """Return what is counted of a period as it is kept beside what is published of it."""
    return as_json(_within(live_tallies(cells, measure), period))


def find_counted(reader: Reader, office_id: int, publication: Publication) -> Tally | None:
    """Return what was counted into published figures; None where it was not kept, or these say something else."""
    kept = _kept(reader, office_id, [publication.id]).get(publication.id)
    if kept is None:
        return None
    whole, figures = merged(from_json(kept).values()), publication.figures
    return whole if tallied_of(figures.tallied.instrument, whole) == figures.tallied else None


def live_tallies(cells: Iterable[Cell], measure: Measure) -> dict[Key, Tally]:
    """Return what counts into the index by a measure, by month, service and class."""
    return {_key(each): each.tally for each in cells if _counts(each, measure)}


def is_official(measure: Measure) -> bool:
    """Tell whether periods are published of a measure."""
    return measure in REGULATIONS


def _counts(cell: Cell, measure: Measure) -> bool:
    return cell.measure == measure and cell.origin in OFFICIAL


def _key(cell: Cell) -> Key:
    return cell.month, cell.service_id, cell.origin


def _within(tallies: Mapping[Key, Tally], period: Period) -> dict[Key, Tally]:
    return {key: each for key, each in tallies.items() if key[0] in period}


def _kept(reader: Reader, office_id: int, ids: Sequence[int]) -> dict[int, Any]:
    query = select(PUBLICATIONS.c.id, PUBLICATIONS.c.cells).where(
        PUBLICATIONS.c.office_id == office_id, PUBLICATIONS.c.id.in_(ids), PUBLICATIONS.c.cells.is_not(None)
    )
    return dict(reader.execute(query).tuples().all())


def _unknown(publication: Publication, measure: Measure, live: Mapping[Key, Tally]) -> Unknown | None:
    """Return what is not known of a period published before its cells were kept; None where it has not changed."""
    whole = Tally()
    for each in _within(live, publication.period).values():
        whole.merge(each)
    now = tallied_of(instrument_of(measure), whole)
    if now == publication.figures.tallied:
        return None
    is_far, _ = still_public([publication.figures, replace(publication.figures, tallied=now)])
    return Unknown(publication.period, is_far)


def _overlap(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last
