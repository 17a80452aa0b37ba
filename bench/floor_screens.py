"""How long the supervisor's two screens take with many finished transactions behind them, on SQLite.

    python -m bench.floor_screens [TRANSACTIONS] [FOLDER]

The whole answer is timed (reading, judging, rendering), in this process and without a network, for an office at work.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from flask.testing import FlaskClient

from bench.history import BEGAN, write_history
from bench.office import BenchOffice, environment, furnish, streams_of
from desk.app import create_app
from desk.cli.database import upgrade
from desk.domain.access import KIOSK, Actor, Role
from desk.operations import calling, intake, serving
from desk.operations.intake import CheckIn
from desk.operations.requests import Request
from desk.operations.stream import Streams
from desk.settings import load_settings
from desk.web.sessions import COOKIE_KEY, begin_session

WAITING, ON_DESKS, TIMES = 60, 400, 100
SCREENS = ("floor", "floor/now", "gaps", "gaps/list")


def main(transactions: int, folder: Path) -> None:
    """Make the office, its past and its present, and print the time of each screen."""
    environ = environment(folder, f"sqlite:///{folder / 'desk.db'}", 0)
    settings, then = streams_of(environ, at=BEGAN)
    upgrade(settings.database)
    office = furnish(then)
    write_history(then, office, transactions)
    then.engine.dispose()
    _, streams = streams_of(environ)
    fill(streams, office)
    report(signed_in(environ, streams, office), office.id)


def signed_in(environ: dict[str, str], streams: Streams, office: BenchOffice) -> FlaskClient:
    """Return the browser of the supervisor."""
    app = create_app(load_settings(environ))
    client = app.test_client()
    with app.test_request_context():
        secret = begin_session(streams.engine, office.head_id, at=datetime.now(UTC), hours=9)
    with client.session_transaction() as session:
        session[COOKIE_KEY] = secret
    return client


def report(client: FlaskClient, office_id: int) -> None:
    """Print each screen's time on the wall, and of the processor, which other work on the machine hardly changes."""
    print("| screen | p50 | p95 | processor p50 | processor p95 |\n|---|---|---|---|---|")
    for screen in SCREENS:
        taken = [measure(client, f"/offices/{office_id}/{screen}") for _ in range(TIMES)]
        cuts = [quantiles(each, n=20) for each in zip(*taken, strict=True)]
        cells = [f"{cut[place] * 1000:.0f}" for cut in cuts for place in (9, 18)]
        print(f"| {screen} | {' | '.join(cells)} |", flush=True)


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


def measure(client: FlaskClient, path: str) -> tuple[float, float]:
    """Return how many seconds an answer took, on the wall and of the processor."""
    began = time.perf_counter(), time.process_time()
    answer = client.get(path)
    taken = time.perf_counter() - began[0], time.process_time() - began[1]
    assert answer.status_code == 200, answer.status
    return taken


if __name__ == "__main__":
    given = sys.argv[1:]
    with tempfile.TemporaryDirectory() as temporary:
        main(int(given[0]) if given else 1_000_000, Path(given[1]) if len(given) > 1 else Path(temporary))
