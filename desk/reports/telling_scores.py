"""What the scores tell by a questionnaire, for all that stands beside them and is not to part the same people anew."""

from collections.abc import Collection
from datetime import date

from desk.domain.questionnaires import Measure
from desk.domain.skm_period import Period
from desk.reads.reader import Reader
from desk.reports.satisfaction import REGULATIONS, instrument_of, load_survey
from desk.reports.since_published import Since
from desk.reports.telling_elements import element_telling, whole_years
from desk.reports.telling_groups import Told, quarter_of
from desk.reports.telling_services import load_telling


def load_scores_telling(
    reader: Reader, office_id: int, period: Period, measure: Measure, today: date
) -> tuple[Told, Collection[int]]:
    """Return what the scores tell by a questionnaire, and the quarters that changed after they were published."""
    days = whole_years(period.first, period.last)
    if measure not in REGULATIONS:
        return load_telling(reader, office_id, days, today, measure), ()
    cells, telling = load_survey(reader, office_id, days, today, measure)
    found = element_telling(cells, telling, instrument_of(measure), today)
    return found, () if telling.since is None else changed_quarters(telling.since)


def changed_quarters(since: Since) -> set[int]:
    """Return the quarters in which something was published before something came in or was corrected."""
    months = {month.month for change in since.split.changes for month, _, _ in change.tallies}
    months |= {month for each in since.unknown for month in range(each.period.first.month, each.period.last.month + 1)}
    return {quarter_of(month) for month in months}
