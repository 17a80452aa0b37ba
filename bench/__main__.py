"""`make bench`: tickets issued and calls made per second through the real server, beside two floors of the same run.

    python -m bench [--seconds 5] [--history 1000000] [--database sqlite|postgres|both] [--json FILE]

Everything runs on this machine, clients included, over loopback; it ends by itself.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import client, floors, servers
from bench.office import BenchOffice, environment
from bench.places import analyze, database, past_office
from desk.operations.stream import Streams
from desk.serving import usual_processes
from desk.settings import load_settings

CLIENTS = (1, 8, 32)
REACH = 0.25


@dataclass(frozen=True)
class Result:
    """One line of the table; rates per second, percentiles in milliseconds, ratio to the lower floor."""

    database: str
    past: int
    what: str
    clients: int
    rate: float
    p50: float
    p95: float
    p99: float
    floor_server: float
    floor_driver: float

    @property
    def ratio(self) -> float:
        """The rate over the lower of the two floors."""
        return self.rate / min(self.floor_server, self.floor_driver)


def main() -> int:
    """Run the benchmark and print the table; exit 1 when a ratio misses what is promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--history", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    kinds = ("sqlite", "postgres") if wanted.database == "both" else (wanted.database,)
    results: list[Result] = []
    for kind in kinds:
        results += measure(kind, wanted.seconds, wanted.history)
    if wanted.json:
        wanted.json.write_text(json.dumps([{**asdict(each), "ratio": each.ratio} for each in results], indent=1))
    return 0 if all(each.ratio >= REACH for each in results) and losses(results) else 1


def measure(kind: str, seconds: float, past: int) -> list[Result]:
    """Measure one database: empty, then with a history."""
    results: list[Result] = []
    for transactions in (0, past):
        with database(kind) as (data, url):
            _, streams, office = past_office(data, url, transactions)
            results += measure_office(kind, data, url, streams, office, transactions, seconds)
            streams.engine.dispose()
    return results


def measure_office(
    kind: str, data: Path, url: str, streams: Streams, office: BenchOffice, past: int, seconds: float
) -> list[Result]:
    """Measure an office whose past is written already."""
    port = servers.free_port()
    environ = environment(data, url, port)
    settings = load_settings(environ)
    rates = floors.driver_floors(kind, CLIENTS)
    processes = usual_processes(settings.database)
    results = []
    constant = _server_floor(processes, seconds / 2)
    with servers.desk_server(environ, port) as pid:
        for what in ("ticket", "call"):
            if url:
                analyze(streams)
            for count in CLIENTS:
                results.append(
                    _sample(kind, past, what, count, port, office, seconds, constant[count], rates[what, count])
                )
                print_result(results[-1])
        print(f"# memory per process (MiB): {[round(each) for each in servers.memory_of(pid).values()]}", flush=True)
    return results


def _server_floor(processes: int, seconds: float) -> dict[int, float]:
    port = servers.free_port()
    found = {}
    with servers.constant_server(port, processes):
        for count in CLIENTS:
            measured = client.drive(port, [client.constant() for _ in range(count)], seconds=seconds)
            found[count] = measured.rate("constant")
    return found


def _sample(
    kind: str,
    past: int,
    what: str,
    count: int,
    port: int,
    office: BenchOffice,
    seconds: float,
    constant: float,
    driver: float,
) -> Result:
    name = f"{what}{count}"
    if what == "ticket":
        scripts = [client.tickets(office.id, office.services, office.tokens[n], f"{name}-{n}") for n in range(count)]
    else:
        first = sum(fewer for fewer in CLIENTS if fewer < count)  # counters that no earlier sample has used
        mine = range(first, first + count)
        scripts = [client.calls(office.counters[n], office.tokens[n], f"{name}-{n}") for n in mine]
    measured = client.drive(port, scripts, seconds=seconds)
    if measured.failures:
        print(f"# {len(measured.failures)} refused, the first: {measured.failures[0]}", file=sys.stderr)
    # A call is measured with the no-show that frees the counter: both are changes of the same kind and size.
    rate = measured.rate(what) + measured.rate("no-show")
    percentiles = [measured.percentile(what, share) for share in (0.5, 0.95, 0.99)]
    return Result(kind, past, what, count, rate, *percentiles, floor_server=constant, floor_driver=driver)


def print_result(each: Result) -> None:
    """Print one line of the table."""
    print(
        f"| {each.database} | {each.past:,} | {each.what} | {each.clients} | {each.rate:,.0f} | {each.p50:.1f} | "
        f"{each.p95:.1f} | {each.p99:.1f} | {each.floor_server:,.0f} | {each.floor_driver:,.0f} | {each.ratio:.2f} |",
        flush=True,
    )


def losses(results: list[Result]) -> bool:
    """Print what is lost from an empty history to a long one; return whether it is under 10 % everywhere."""
    empty = {(each.database, each.what, each.clients): each.rate for each in results if not each.past}
    kept = True
    for each in results:
        if each.past:
            share = 1 - each.rate / empty[each.database, each.what, each.clients]
            kept &= share < 0.10
            print(
                f"# {each.database} {each.what} {each.clients}: {share:+.1%} lost with {each.past:,} past transactions"
            )
    return kept


if __name__ == "__main__":
    sys.exit(main())
