"""The figures of a desk in Prometheus's words; labels are codes and ids that are configured, routes and fixed words."""

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

import desk
from desk.backups.folder import list_backups
from desk.models.engine import AWAY
from desk.reads.printing import list_printer_figures
from desk.reads.watching import (
    count_dead_deliveries,
    find_revision,
    list_beats,
    list_queues,
    list_waiting_deliveries,
)
from desk.reports.daily_checkpoints import list_files
from desk.settings import Settings
from desk.watching.readiness import Part, seconds_since
from desk.watching.traffic import Times, Totals

WORKING: Final = timedelta(minutes=1)
CHANNELS: Final = ("email", "phone")


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told, and where it is taken from."""

    settings: Settings
    engine: Engine
    totals: Callable[[], Totals]
    parts: Callable[[], list[Part]]
    clock: Callable[[], datetime]

    def tell(self) -> bytes:
        """Return everything as text; what the database would say is left out while it is away."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Once(self._families()))
        return generate_latest(registry)

    def _families(self) -> Iterator[Metric]:
        yield from _of_traffic(self.totals())
        yield _gauge("desk_ready", "Whether a part is ready, as /readyz says.", ["part"], _readiness(self.parts()))
        yield from self._of_disk()
        yield from self._of_database()

    def _of_disk(self) -> Iterator[Metric]:
        at, settings = self.clock(), self.settings
        try:
            usage = shutil.disk_usage(settings.data)
            yield _one("desk_data_free_bytes", "Room for the data folder.", usage.free)
            yield _one("desk_data_size_bytes", "The disk of the data folder.", usage.total)
            made = [each.made_at for each in list_backups(settings.backups.folder or settings.data / "backups")[:1]]
            written = [_written(file.stat().st_mtime, at) for file in list_files(settings.checkpoints)[-1:]]
        except OSError:
            return
        if made:
            yield _one("desk_backup_age_seconds", "Since the newest backup.", seconds_since(made[0], at))
        if written:
            yield _one("desk_checkpoint_age_seconds", "Since the trail's newest checkpoint.", written[0])

    def _of_database(self) -> Iterator[Metric]:
        try:
            with self.engine.connect() as connection:
                found = [*_read(connection, self.clock())]
        except (SQLAlchemyError, *AWAY):
            return
        yield from found


@dataclass(frozen=True, slots=True)
class _Once(Collector):
    """What Prometheus's own registry asks for."""

    families: Iterable[Metric]

    def collect(self) -> Iterable[Metric]:
        return self.families


def _of_traffic(totals: Totals) -> Iterator[Metric]:
    requests = CounterMetricFamily(
        "desk_requests", "Requests by method, route and status.", labels=["method", "route", "status"]
    )
    for (method, route, status), count in sorted(totals.requests.items()):
        requests.add_metric([method, route, str(status)], count)
    yield requests
    times = HistogramMetricFamily("desk_request_seconds", "From the whole request to the first byte.", labels=["route"])
    for route, each in sorted(totals.times.items()):
        _add(times, [route], each)
    yield times
    for name, said, each in (
        ("desk_lock_wait_seconds", "Until a change held its office.", totals.locks),
        ("desk_commit_seconds", "From the wish to the commit of a change.", totals.commits),
    ):
        family = HistogramMetricFamily(name, said, labels=[])
        _add(family, [], each)
        yield family
    yield _one("desk_streams", "Event streams that are open.", totals.streams)


def _add(family: HistogramMetricFamily, labels: list[str], times: Times) -> None:
    bounds = [*(str(bound) for bound in times.bounds), "+Inf"]
    family.add_metric(labels, list(zip(bounds, accumulate(times.counts), strict=True)), times.seconds)


def _readiness(parts: list[Part]) -> list[tuple[list[str], float]]:
    return [([each.name], float(each.well)) for each in parts]


def _read(connection: Connection, at: datetime) -> Iterator[Metric]:
    build = {
        "version": desk.__version__,
        "revision": find_revision(connection) or "none",
        "database": connection.dialect.name,
        "python": ".".join(map(str, sys.version_info[:3])),
    }
    yield InfoMetricFamily("desk_build", "What runs here.", value=build)
    yield from _of_queues(connection, at)
    yield from _of_deliveries(connection, at)
    yield from _of_printers(connection, at)
    beats = list_beats(connection, since=at - timedelta(days=1))
    yield _one("desk_workers", "Workers of the last minute.", sum(1 for _, last in beats if at - last <= WORKING))
    if beats:
        yield _one("desk_worker_age_seconds", "Since a worker went round.", seconds_since(beats[0][1], at))


def _of_queues(connection: Connection, at: datetime) -> Iterator[Metric]:
    labels = ["office", "service", "letter"]
    queues = [([each.office, str(each.service), each.letter], each) for each in list_queues(connection)]
    waiting = [(labelled, float(each.waiting)) for labelled, each in queues]
    longest = [(labelled, seconds_since(each.since, at) if each.since else 0.0) for labelled, each in queues]
    yield _gauge("desk_queue_waiting", "Visitors who wait for a service.", labels, waiting)
    yield _gauge("desk_queue_longest_wait_seconds", "How long the first of them has waited.", labels, longest)


def _of_deliveries(connection: Connection, at: datetime) -> Iterator[Metric]:
    found = {each.channel: each for each in list_waiting_deliveries(connection)}
    dead = count_dead_deliveries(connection)
    pending = [([name], float(found[name].pending if name in found else 0)) for name in CHANNELS]
    oldest = [([name], seconds_since(found[name].queued_at, at) if name in found else 0.0) for name in CHANNELS]
    overdue = [([name], seconds_since(found[name].due_at, at) if name in found else 0.0) for name in CHANNELS]
    given_up = [([name], float(dead.get(name, 0))) for name in CHANNELS]
    label = ["channel"]
    yield _gauge("desk_deliveries_pending", "Messages that wait.", label, pending)
    yield _gauge("desk_deliveries_failed", "Messages that were given up.", label, given_up)
    yield _gauge("desk_delivery_oldest_seconds", "Since the oldest of them was queued.", label, oldest)
    yield _gauge("desk_delivery_overdue_seconds", "For how long the first in line has been due.", label, overdue)


def _of_printers(connection: Connection, at: datetime) -> Iterator[Metric]:
    found = [([each.office, str(each.printer.id)], each) for each in list_printer_figures(connection, at=at)]
    if not found:
        return
    known = [(labelled, each, each.printer.state_now(at)) for labelled, each in found]
    prints = [(labelled, float(state is not None and state.prints)) for labelled, _, state in known]
    states = [([*labelled, state.value], 1.0) for labelled, _, state in known if state is not None]
    since = [
        (labelled, seconds_since(each.printer.printed_at, at)) for labelled, each in found if each.printer.printed_at
    ]
    failed = [(labelled, float(each.failed)) for labelled, each in found]
    label = ["office", "printer"]
    yield _gauge("desk_printer_prints", "Whether a receipt printer prints, as far as it is known.", label, prints)
    yield _gauge("desk_printer_state", "How a receipt printer is, by a word.", [*label, "state"], states)
    yield _gauge("desk_printer_last_print_seconds", "Since something came out of it.", label, since)
    yield _gauge("desk_printer_failures", "Slips of the last day that did not come out.", label, failed)


def _written(mtime: float, at: datetime) -> float:
    return max(at.timestamp() - mtime, 0.0)


def _one(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(name, said, value=value)


def _gauge(name: str, said: str, labels: list[str], values: list[tuple[list[str], float]]) -> Metric:
    family = GaugeMetricFamily(name, said, labels=labels)
    for labelled, value in values:
        family.add_metric(labelled, value)
    return family
