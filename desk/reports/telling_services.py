"""Which figures of services may be told, also where something changed since periods were published."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from desk.domain.questionnaires import Measure
from desk.domain.since_published import Key
from desk.domain.tallies import OFFICIAL, Tally
from desk.reads.reader import Reader
from desk.reports.since_published import Since, counted_cells, is_official, live_tallies, load_since
from desk.reports.survey_cells import TALLIES, Cell, load_live
from desk.reports.telling import Counted, Telling, counted_by_month
from desk.reports.telling_beside import Beside


def load_telling(
    reader: Reader, office_id: int, days: tuple[date, date], today: date, measure: Measure | None = None
) -> Telling:
    """Return what may be told of the services of an office, by one measure or all together: groups are (service,)."""
    if measure is not None and is_official(measure):
        whole = date(days[0].year, 1, 1), date(days[1].year, 12, 31)
        if (since := load_since(reader, office_id, measure, whole)) is not None:
            cells = counted_cells(load_live(reader, office_id, *whole, measure), measure, since)
            return telling_of(cells, measure, since, today)
    origins = TALLIES.c.origin.in_([each.value for each in OFFICIAL])
    where = (TALLIES.c.holder_id == 0, origins, *((TALLIES.c.measure == measure.value,) if measure else ()))
    return Telling(counted_by_month(reader, TALLIES, office_id, days, (TALLIES.c.service_id,), where), today)


def telling_of(
    cells: Iterable[Cell], measure: Measure, since: Since | None, today: date, element: str | None = None
) -> Telling:
    """Return what may be told of the services by a measure, or of those who answered one of its elements."""
    found = list(_people(live_tallies(cells, measure), element))
    if since is None or not (since.counted or since.held or since.unknown):
        return Telling(found, today, published=since.published if since else (), since=since)
    now = Telling(found, today, published=since.published)
    return Telling(found, today, parted=[now, Beside(now, since, element), *since.unknown], since=since)


def _people(tallies: Mapping[Key, Tally], element: str | None) -> Iterator[Counted]:
    for (month, service_id, _), tally in tallies.items():
        count = tally.answers if element is None else sum(tally.counts.get(element, {}).values())
        yield month, (service_id,), count
