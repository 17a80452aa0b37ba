"""The rules of retention by many at once, and beside what is taken back: nothing fails, nothing counts wrongly."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from desk.domain.access import SYSTEM
from desk.domain.facts import EventName
from desk.domain.following_up import FollowUpStep
from desk.domain.retention import Track
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.tallies import Origin
from desk.models import FollowUpRow, ImportProfile, LooseResponse, RetentionMark, SurveyTally
from desk.operations.complaints import following_up
from desk.operations.keeping.retaining import count_due, expire
from desk.operations.requests import Request
from desk.operations.stream import Streams
from desk.operations.survey import taking_over
from desk.operations.survey.taking_over import Sheet
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import BACK_OFFICE, Clock, DeskOffice, furnish, prepare_office
from tests.fixtures.real_server import RealServer
from tests.operations.racing import CALLERS, Press, Race, ready
from tests.operations.test_privacy import closes, complains, expires, served, statistics, traces

SEVERAL = 12
YEARS = timedelta(days=1_900)


@pytest.fixture
def office(desk_office):
    """Sari at counter 1; the regulation's questionnaire."""
    desk_office.sari.signs_on(1)
    desk_office.asks_with("skm2017")
    return desk_office


class TestABatchWhoseProfilesWent:
    """Taking it back takes out what it counted for, and nothing of anybody else."""

    @staticmethod
    def takes_over(office, *profiles, service="A", days_ago=0):
        sheets = [
            Sheet({"waktu": 3}, profile, office.today - timedelta(days=days_ago), office.services[service])
            for profile in profiles
        ]
        done = taking_over.take_over(
            office.streams, office.id, office.budi.asks("take_over", sheets=str(sheets)),
            questionnaire=SHIPPED["skm2017"], origin=Origin.IMPORT, sheets=sheets,
        )  # fmt: skip
        return done.facts["import"]

    @staticmethod
    def takes_back(office, batch):
        request = office.budi.asks("take_back", batch=batch)
        return taking_over.take_back(office.streams, office.id, batch, request)

    def test_on_a_day_that_others_share(self, office):
        man, woman, old = {"jenis_kelamin": "L"}, {"jenis_kelamin": "P"}, {"jenis_kelamin": "P", "usia": "60+"}
        self.takes_over(office, man, old)
        untouched = statistics(office)
        wrong = self.takes_over(office, man, woman, {}, days_ago=0)
        elsewhere = self.takes_over(office, woman, service="B", days_ago=30)
        office.clock.now += timedelta(days=1_096)
        assert expires(office, Track.LOOSE, now=True, limit=2) == 5
        assert {str(row.profile) for row in office.rows(LooseResponse)} == {"{}"}
        assert office.findings() == []

        self.takes_back(office, wrong)
        assert office.findings() == []
        self.takes_back(office, elsewhere)

        assert statistics(office) == untouched
        assert office.findings() == []
        assert len(office.rows(ImportProfile)) == 1, "of the batch that stays"

    def test_half_of_which_were_still_there(self, office):
        batch = self.takes_over(office, {"usia": "60+"}, {"usia": "60+"})
        other = self.takes_over(office, {"usia": "60+"})
        office.clock.now += timedelta(days=1_096)
        expire(office.streams, office.id, Request(SYSTEM, "expire_data"), track=Track.LOOSE, now=True, limit=1)
        assert office.findings() == []

        self.takes_back(office, batch)
        assert office.row(SurveyTally, holder_id=0).profile == {"usia": {"60+": 1}}
        self.takes_back(office, other)
        assert office.rows(SurveyTally) == office.rows(ImportProfile) == []

    def test_the_doctor_notes_profiles_that_are_nobodys(self, office):
        self.takes_over(office, {"usia": "60+"})
        for profile in ({"usia": {"60+": 1, "<20": 1}}, {"usia": {"60+": 2}}, {}):
            with office.streams.engine.begin() as connection:
                connection.execute(update(SurveyTally).values(profile=profile))
            assert [each.message for each in office.findings()] == ["its profiles are not those of its answers"]
        with office.streams.engine.begin() as connection:
            connection.execute(update(SurveyTally).values(profile={"usia": {"60+": 1}}))


def prepare_years(url: str) -> None:
    """An office with a dozen visitors of each kind of whom something is kept, all of it due by now."""
    prepare_office(url)
    office = DeskOffice(url)
    remember(office)
    office.engine.dispose()


def remember(office: DeskOffice) -> None:
    """Let a dozen visitors be served, answer and complain; type a dozen sheets of paper in."""
    office.sari.signs_on(1)
    office.joko.signs_on(BACK_OFFICE)
    office.asks_with("skm2017")
    for number in range(SEVERAL):
        served(office, email=f"{number}@example.id", phone=None)
        closes(office, complains(office, email=f"{number}@example.id"))
        resolves(office, office.rows(FollowUpRow)[-1].id)
        office.takes_over_paper(profile={"jenis_kelamin": "LP"[number % 2]}, waktu=1 + number % 4)
        office.budi.tells("Rapat pukul 15.00")
        office.clock.tick(60)
    with office.streams.engine.begin() as connection:
        connection.execute(text("UPDATE deliveries SET state = 'sent', sent_at = due_at"))


def resolves(office: DeskOffice, follow_up: int) -> None:
    """Budi closes a follow-up with a note."""
    request = office.budi.asks("resolve", follow_up=follow_up)
    step = FollowUpStep.RESOLVED
    following_up.take_step(office.streams, follow_up, request, step=step, note="Sudah ditelepon")


def erased_by(office: DeskOffice) -> Counter[str]:
    """Return how much the events say was erased, by track."""
    found = Counter[str]()
    for row in office.rows_of_event(EventName.PERSONAL_DATA_EXPIRED):
        (track,) = re.findall(r'"track":"(\w+)"', row.payload)
        found[track] += sum(map(int, re.findall(r'":(\d+)', row.payload)))
    return found


@pytest.fixture(scope="module")
def race() -> Iterator[Race]:
    with ready() as processes:
        yield processes


@pytest.mark.slow
@pytest.mark.xdist_group("races")
def test_many_at_once_erase_everything_once(race: Race, fresh_database: FreshDatabase) -> None:
    office = DeskOffice(fresh_database(prepare_years))
    before, calm = statistics(office), DeskOffice(fresh_database(prepare_years))
    for each in (office, calm):
        each.clock.now += YEARS
    expires(calm, now=True)
    at = office.clock.now.isoformat()

    got = race.run(office.url, [Press("expire", (office.id, at, 1 + caller % 3)) for caller in range(CALLERS)])

    told = Counter[str]()
    for caller in got:
        for track, facts in caller:
            told[track] += facts["erased"]
    assert {track: count for track, count in told.items() if count} == erased_by(office) == erased_by(calm)
    assert len(erased_by(office)) == len(Track)
    assert [count_due(office.streams, office.id, track) for track in Track] == [0] * len(Track)
    assert {row.track for row in office.rows(RetentionMark)} == {track.value for track in Track}
    assert traces(office) == traces(calm) == []
    assert statistics(office) == before
    assert office.findings() == []
    for each in (office, calm):
        each.engine.dispose()


@pytest.mark.slow
def test_the_command_several_times_at_once(real_server: RealServer) -> None:
    """What was kept for years goes once, whoever looks: a cron job on two machines, and the worker."""
    there, clock = real_server.streams(), Clock(datetime.now(UTC) - YEARS)
    streams = Streams(there.engine, there.keys, clock=clock)
    office = DeskOffice(real_server.database_url, furnish(streams), clock=clock, engine=streams.engine)
    office.streams = streams
    remember(office)

    commands = [real_server.begin("privacy", "expire", "--now") for _ in range(3)]

    said = [command.communicate(timeout=120) for command in commands]
    assert [command.returncode for command in commands] == [0] * 3, said
    erased = Counter[str]()
    for out, err in said:
        assert err == ""
        for track, count in re.findall(r"^(\w+) \(after \d+ days\): (\d+) erased$", out, re.MULTILINE):
            erased[track] += int(count)
    assert erased == erased_by(office)
    office.engine.dispose()
