"""Everything over one long past, which takes minutes to write: reports, screens, tickets and calls.

python -m bench.long_past [--past 1000000] [--database sqlite|postgres|both] [--seconds 5]
"""

import argparse
import sys

from bench import __main__ as rates
from bench import reports, screens
from bench.places import database, past_office


def main() -> int:
    """Run the three benchmarks and print their tables; exit 1 when something promised is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--past", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seconds", type=float, default=5.0)
    wanted = parser.parse_args()
    kept = True
    for kind in ("sqlite", "postgres") if wanted.database == "both" else (wanted.database,):
        print(f"# {kind}", flush=True)
        with database(kind) as (data, url):
            settings, streams, office = past_office(data, url, wanted.past)
            kept &= all(each.kept for each in reports.measure(data, url, 20))
            kept &= all(each.kept for each in screens.measure(settings, streams, office, 100))
            screens.clear_counters(streams)
            measured = rates.measure_office(kind, data, url, streams, office, wanted.past, wanted.seconds)
            kept &= all(each.ratio >= rates.REACH for each in measured)
            streams.engine.dispose()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
