"""How long every report page takes over a long past, through the application: a month and three years.

    python -m bench.reports [--past 1000000] [--database sqlite|postgres|both] [--runs 20] [--use FOLDER [--url URL]]

`--use` measures a data folder (and database) that holds such a past already. Exit code 1 when a page misses its time.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import func, insert, select

from bench.office import environment, size_on_disk, streams_of
from bench.places import database, past_office
from desk.app import create_app
from desk.domain.skm_period import Period
from desk.domain.tokens import hash_of
from desk.models import Office, Person, ReportDay, StaffSession, TransactionRow
from desk.operations.stream import Streams
from desk.reports.keeping import refresh_office
from desk.settings import Settings

REPORTS = ("waiting", "work", "handoffs", "fairness", "priority", "waits", "consistency", "coverage")
SPANS = {"a month": (31, 0.3), "three years": (3 * 365 + 1, 1.0)}  # days, and seconds at p95
# Satisfaction of groups is told for whole periods only, and judged beside all that is told of their quarters.
GROUPS = "associations"
PERIODS = {"a whole month": (1, 0.3), "a whole year": (12, 0.3)}  # months, and seconds at p95
SECRET = "the benchmark's own session"  # noqa: S105 - of a database that is thrown away


@dataclass(frozen=True)
class Result:
    """One line of the table, in seconds; `cpu` is this process's own time at p95, whatever else runs."""

    report: str
    span: str
    p50: float
    p95: float
    worst: float
    cpu: float
    promised: float

    @property
    def kept(self) -> bool:
        """Whether the promise is kept."""
        return self.p95 <= self.promised


def main() -> int:
    """Run the benchmark and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--past", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--use", type=Path)
    parser.add_argument("--url", default="")
    wanted = parser.parse_args()
    results: list[Result] = []
    if wanted.use:
        return 0 if all(each.kept for each in measure(wanted.use, wanted.url, wanted.runs)) else 1
    for kind in ("sqlite", "postgres") if wanted.database == "both" else (wanted.database,):
        with database(kind) as (data, url):
            print(f"# {kind}", flush=True)
            past_office(data, url, wanted.past)[1].engine.dispose()
            results += measure(data, url, wanted.runs)
    return 0 if all(each.kept for each in results) else 1


def measure(data: Path, url: str, runs: int) -> list[Result]:
    """Make the report days and measure every page."""
    settings, streams = streams_of(environment(data, url, 0))
    _make_days(streams)
    _say_sizes(streams, data)
    client = _signed_in(settings, streams)
    results = []
    print("| report | span | p50 ms | p95 ms | longest ms | of it CPU, p95 | promised ms |", flush=True)
    print("|---|---|---|---|---|---|---|", flush=True)
    for span, (days, promised) in SPANS.items():
        for report in REPORTS:
            spans = list(_spans(streams, days, runs + 1))
            results.append(_said(_measure(client, _office(streams), report, span, spans, promised)))
    for span, (months, promised) in PERIODS.items():
        spans = list(_periods(streams, months, runs + 1))
        results.append(_said(_measure(client, _office(streams), GROUPS, span, spans, promised)))
    streams.engine.dispose()
    return results


def _make_days(streams: Streams) -> None:
    """Bring the report days up to date, as `desk reports refresh` does."""
    begun, office_id = time.perf_counter(), _office(streams)
    events = refresh_office(streams.engine, office_id, clock=streams.clock)
    print(f"# report days of {events:,} events made in {time.perf_counter() - begun:.0f} s", flush=True)


def _office(streams: Streams) -> int:
    with streams.reading() as connection:
        return connection.execute(select(func.min(Office.id))).scalar_one()


def _say_sizes(streams: Streams, data: Path) -> None:
    with streams.reading() as connection:
        days, stored = connection.execute(select(func.count(), func.sum(func.length(ReportDay.data)))).one()
        past = connection.execute(select(func.count()).select_from(TransactionRow)).scalar_one()
    whole = f", data folder {size_on_disk(data) / 1e6:,.0f} MB" if streams.engine.dialect.name == "sqlite" else ""
    print(f"# {past:,} transactions, {days:,} report days of {(stored or 0) / 1e6:.0f} MB{whole}", flush=True)


def _signed_in(settings: Settings, streams: Streams) -> FlaskClient:
    """Return a browser in which the head of the office has signed in."""
    at = datetime.now(UTC)
    with streams.setting_up() as connection:
        person = connection.execute(select(Person.id).where(Person.username == "head")).scalar_one()
        row = {"secret_hash": hash_of(SECRET), "person_id": person, "started_at": at, "seen_at": at}
        connection.execute(StaffSession.__table__.delete())
        connection.execute(insert(StaffSession), {**row, "expires_at": at + timedelta(hours=12)})
    client = create_app(settings).test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": SECRET, "_fresh": True})
    return client


def _said(result: Result) -> Result:
    """Print a line of the table."""
    values = (result.p50, result.p95, result.worst, result.cpu, result.promised)
    print(f"| {result.report} | {result.span} | {' | '.join(f'{1000 * value:.0f}' for value in values)} |", flush=True)
    return result


def _measure(
    client: FlaskClient, office_id: int, report: str, span: str, spans: list[tuple[str, str]], promised: float
) -> Result:
    """Fetch one page of each of these spans, the first of them for what is loaded at first."""
    taken, worked = [], []
    for since, until in spans:
        begun, busy = time.perf_counter(), time.process_time()
        answer = client.get(f"/offices/{office_id}/reports/{report}?period=own&since={since}&until={until}")
        taken.append(time.perf_counter() - begun)
        worked.append(time.process_time() - busy)
        if answer.status_code != 200 or b"report-part" not in answer.data:
            raise RuntimeError(f"{report} gave {answer.status_code}: {answer.text[:2000]}")
    return Result(
        report, span, _rank(taken[1:], 50), _rank(taken[1:], 95), max(taken[1:]), _rank(worked[1:], 95), promised
    )


def _rank(values: list[float], percent: int) -> float:
    return sorted(values)[-(-percent * len(values) // 100) - 1]


def _spans(streams: Streams, days: int, count: int) -> Iterator[tuple[str, str]]:
    """Yield first and last day of spans that end with the history, each some days before the one before."""
    with streams.reading() as connection:
        last: datetime = connection.execute(select(func.max(TransactionRow.opened_at))).scalar_one()
    for number in range(count):
        until = last.date() - timedelta(days=number * 17 % 300 if days < 100 else number)
        yield (until - timedelta(days=days - 1)).isoformat(), until.isoformat()


def _periods(streams: Streams, months: int, count: int) -> Iterator[tuple[str, str]]:
    """Yield first and last day of whole periods: the last ones of the history, over and over."""
    with streams.reading() as connection:
        last: datetime = connection.execute(select(func.max(TransactionRow.opened_at))).scalar_one()
    period = Period(last.year, months, (last.month - 1) // months + 1).before
    found = [period]
    while len(found) < 24 // months:
        found.append(found[-1].before)
    for number in range(count):
        each = found[number % len(found)]
        yield each.first.isoformat(), each.last.isoformat()


if __name__ == "__main__":
    sys.exit(main())
