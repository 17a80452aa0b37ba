"""How long the screens that people work with take with many finished transactions behind them.

    python -m bench.screens [--past 1000000] [--database sqlite|postgres|both] [--runs 100]

The whole answer is timed (reading, judging, rendering), in this process and without a network, for an office at work:
41 officers on duty, 60 visitors waiting, 400 transactions on desks. Exit code 1 when a screen misses its time.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bench.office import BenchOffice
from bench.places import database, past_office
from desk.app import create_app
from desk.domain.access import KIOSK, Actor, Role
from desk.domain.lifecycle import Outcome
from desk.domain.tokens import TokenKind, derive
from desk.models import CustodySegment, InvitationRow, SurveyTally, TransactionRow
from desk.operations import calling, intake, serving
from desk.operations.intake import CheckIn
from desk.operations.opening import setting_up
from desk.operations.opening.setting_up import PersonPlan
from desk.operations.requests import Request
from desk.operations.stream import Streams
from desk.settings import Settings
from desk.web.accounts.sessions import COOKIE_KEY, begin_session

WAITING, ON_DESKS, INVITED = 60, 400, 20
PROMISED = 0.3  # seconds at p95
SUPERVISORS = (
    "floor",
    "floor/now",
    "gaps",
    "gaps/list",
    "today",
    "today/list",
    "trail",
    "access-log",
    "absences",
    "staff",
    "reports/ikm?period={year}",
    "reports/scores?period={year}",
    "reports/ikm/answers.xlsx?period={year}",
    "reports/ikm/report.pdf?period={year}",
    "reports/ikm/publication?period={year}",
    "reports/coverage",
    "reports/follow-ups",
    "reports/associations",
    "follow-up-plan",
    "survey-points",
    "answers",
    "messages",
    "follow-ups?view=open",
    "follow-ups?view=closed",
    "voices",
    "personal-data",
)
ADMINISTRATORS = ("questionnaires", "survey-settings", "facilities", "retention", "calendars")
OFFICERS = ("counter", "counter/queue", "shift/handover", "reception?q=A001", "my/compliments", "my/facilities")
EVERYBODYS = ("display/board", "satisfaction", "voice")
Path = Callable[[], str]


@dataclass(frozen=True)
class Result:
    """One line of the table, in seconds; `cpu` is this process's own time at p95, whatever else runs."""

    screen: str
    p50: float
    p95: float
    cpu: float

    @property
    def kept(self) -> bool:
        """Whether the promise is kept."""
        return self.p95 <= PROMISED


def main() -> int:
    """Run the benchmark and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--past", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--runs", type=int, default=100)
    wanted = parser.parse_args()
    results: list[Result] = []
    for kind in ("sqlite", "postgres") if wanted.database == "both" else (wanted.database,):
        with database(kind) as (data, url):
            settings, streams, office = past_office(data, url, wanted.past)
            results += measure(settings, streams, office, wanted.runs)
            streams.engine.dispose()
    return 0 if all(each.kept for each in results) else 1


def measure(settings: Settings, streams: Streams, office: BenchOffice, runs: int) -> list[Result]:
    """Fill the office with its present and print the time of each screen."""
    fill(streams, office)
    app = create_app(settings)
    print("| screen | p50 ms | p95 ms | of it CPU, p95 | promised ms |\n|---|---|---|---|---|", flush=True)
    results = []
    for screen, client, path in _screens(app, streams, office):
        client.get(path())  # what is loaded at first
        taken = [_fetch(client, path()) for _ in range(runs)]
        wall, busy = zip(*taken, strict=True)
        each = Result(screen, _rank(wall, 50), _rank(wall, 95), _rank(busy, 95))
        figures = " | ".join(f"{1000 * value:.0f}" for value in (each.p50, each.p95, each.cpu, PROMISED))
        print(f"| {screen} | {figures} |", flush=True)
        results.append(each)
    return results


def _screens(app: Flask, streams: Streams, office: BenchOffice) -> Iterator[tuple[str, FlaskClient, Path]]:
    """Yield each screen, the browser of somebody who looks at it, and what gives the next path."""
    chosen = random.Random(1)
    admin = setting_up.enroll(streams, office.id, PersonPlan("admin", "Admin", (Role.ADMIN,)))
    people = (office.head_id, office.officers[0], admin)
    head, officer, administrator = (_signed_in(app, streams, person) for person in people)
    start, links, anybody = f"/offices/{office.id}", streams.keys.links, app.test_client()
    year = _last_year_of_answers(streams)
    everyone = ((SUPERVISORS, head), (OFFICERS, officer), (ADMINISTRATORS, administrator), (EVERYBODYS, anybody))
    for paths, client in everyone:
        for path in paths:
            whole = path.format(year=year)
            yield whole, client, lambda whole=whole: f"{start}/{whole}"  # type: ignore[misc]
    waiting = _waiting(streams, office)
    yield "visitor's page", anybody, lambda: f"/v/{derive(links, TokenKind.STATUS, chosen.choice(waiting))}"
    invited = _invited(streams, office)
    yield "survey", anybody, lambda: f"/s/{derive(links, TokenKind.SURVEY, chosen.choice(invited))}"
    past = _handed_on(streams, office)
    yield "transaction file", head, lambda: f"{start}/transactions/{chosen.choice(past)}"
    yield "transaction file, PDF", head, lambda: f"{start}/transactions/{chosen.choice(past)}/file.pdf"


def _waiting(streams: Streams, office: BenchOffice) -> list[int]:
    """Return the visits that wait."""
    query = select(TransactionRow.visit_id).where(
        TransactionRow.office_id == office.id, TransactionRow.ended_at.is_(None), TransactionRow.state == "waiting"
    )
    with streams.reading() as connection:
        return list(connection.execute(query.limit(1_000)).scalars())


def _last_year_of_answers(streams: Streams) -> int:
    with streams.reading() as connection:
        return int(connection.execute(select(func.max(SurveyTally.day))).scalar_one().year)


def _invited(streams: Streams, office: BenchOffice) -> list[int]:
    """Let some visitors' matters end; returns their invitations."""
    with streams.reading() as connection:
        on_desks = select(TransactionRow.id, TransactionRow.holder_id).where(TransactionRow.state == "processing")
        ending = connection.execute(on_desks.limit(INVITED)).tuples().all()
    for transaction, holder in ending:
        asked = Request(Actor.staff(holder, Role.AGENT), "end")
        serving.complete(streams, transaction, asked, outcome=Outcome.FULFILLED)
    ended = [transaction for transaction, _ in ending]
    with streams.reading() as connection:
        invited = select(InvitationRow.id).where(
            InvitationRow.office_id == office.id,
            InvitationRow.transaction_id.in_(ended),
            InvitationRow.decision == "invited",
        )
        return list(connection.execute(invited).scalars())


def _handed_on(streams: Streams, office: BenchOffice) -> list[int]:
    """Return finished transactions that changed hands, from the whole past."""
    third = select(CustodySegment.transaction_id).where(
        CustodySegment.office_id == office.id, CustodySegment.ordinal == 3, CustodySegment.ended_at.is_not(None)
    )
    with streams.reading() as connection:
        found = list(connection.execute(third.limit(100_000)).scalars())
        ended = TransactionRow.state == "ended"
        some = select(TransactionRow.id).where(ended, TransactionRow.id.in_(found[:: max(1, len(found) // 200)]))
        return list(connection.execute(some).scalars())


def _signed_in(app: Flask, streams: Streams, person_id: int) -> FlaskClient:
    client = app.test_client()
    with app.test_request_context():
        secret = begin_session(streams.engine, person_id, at=datetime.now(UTC), hours=9)
    with client.session_transaction() as session:
        session[COOKIE_KEY] = secret
    return client


def fill(streams: Streams, office: BenchOffice) -> None:
    """Let people work on many things, serve some, and have more wait."""
    wish = CheckIn((office.services[0],))
    for index in range(ON_DESKS + len(office.officers) + WAITING):
        intake.check_in(streams, office.id, wish, Request(KIOSK, "check_in"))
        place = index % len(office.officers)
        if index < ON_DESKS + len(office.officers):
            asked = Request(Actor.staff(office.officers[place], Role.AGENT), "work")
            called = calling.call_next(streams, office.counters[place], office.id, asked).facts["transaction"]
            serving.start(streams, called, asked)
            if index < ON_DESKS:
                serving.process(streams, called, asked)


def clear_counters(streams: Streams) -> None:
    """Let whoever is served go, and their transactions lie on desks: the counters are free again."""
    with streams.reading() as connection:
        at_counters = select(TransactionRow.id, TransactionRow.holder_id).where(TransactionRow.state == "serving")
        served = connection.execute(at_counters).tuples().all()
    for transaction, holder in served:
        serving.process(streams, transaction, Request(Actor.staff(holder, Role.AGENT), "process"))


def _fetch(client: FlaskClient, path: str) -> tuple[float, float]:
    """Return how many seconds an answer took, on the wall and of the processor."""
    began = time.perf_counter(), time.process_time()
    answer = client.get(path)
    taken = time.perf_counter() - began[0], time.process_time() - began[1]
    if answer.status_code != 200:
        raise RuntimeError(f"{path} gave {answer.status_code}")
    return taken


def _rank(values: tuple[float, ...], percent: int) -> float:
    return sorted(values)[-(-percent * len(values) // 100) - 1]


if __name__ == "__main__":
    sys.exit(main())
