"""The satisfaction of the demo day: the groups and the scores together tell of no few people, and still of some."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from desk.domain.skm_period import Period
from desk.reports.associations import load_answered
from desk.reports.telling_groups import EVERYBODY
from desk.reports.telling_services import load_telling
from tests.reports.test_telling_groups import World, few_of


def test_groups_and_scores_of_the_demo_day_tell_of_no_few(played_desk):
    at = datetime.now(UTC)
    today = at.astimezone(ZoneInfo("Asia/Jakarta")).date()
    year = Period(today.year)
    streams = played_desk.streams()
    with streams.reading() as connection:
        found = load_answered(connection, 1, year, 0, at=at, today=today)
        telling = load_telling(connection, 1, (year.first, year.last), today, found.linked.measure)
    streams.engine.dispose()
    world = World(found.linked, year.year)

    assert found.told(EVERYBODY)
    assert few_of([*world.scores(telling), *world.groups(found.telling)], world.months.size) == []
