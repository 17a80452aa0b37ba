"""Whether somebody works beside the pages, and who may read the figures."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import desk
from desk.cli.checks.base import Result, Subject, good, warning
from desk.reads.watching import list_beats
from desk.watching.readiness import seconds_since


def check_worker(subject: Subject) -> Iterator[Result]:
    """Whether a worker goes round, of this version."""
    most = subject.settings.watching.worker_s or 120
    with subject.reading() as connection:
        beats = list_beats(connection, since=subject.now - timedelta(days=1))
    lately = [(version, last) for version, last in beats if seconds_since(last, subject.now) <= most]
    other = sorted({version for version, _ in lately} - {desk.__version__})
    if not lately:
        said = "No worker has gone round lately." if beats else "No worker has gone round today."
        yield warning(
            said, "Run `desk serve`, or `desk worker` beside it: nothing is sent and no deadline kept without."
        )
    elif other:
        yield warning(
            f"A worker of version {', '.join(other)} goes round.", "End it once the upgrade has come through."
        )
    else:
        yield good(f"A worker went round {seconds_since(lately[0][1], subject.now):.0f} s ago.")


def check_metrics(subject: Subject) -> Iterator[Result]:
    """Whether the token of the metrics is its owner's only."""
    file = subject.environment.get("DESK_METRICS_TOKEN_FILE", "").strip()
    if not subject.settings.watching.token:
        yield good("No metrics are told: there is no token for them.")
    elif file and Path(file).stat().st_mode & stat.S_IRWXO:
        yield warning(f"The token of the metrics can be read by others ({file}).", f"chmod o-rwx {file}")
    else:
        yield good("Metrics are told to who has their token.")
