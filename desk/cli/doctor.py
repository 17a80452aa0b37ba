"""`desk doctor`: whether the records hold together."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from desk.cli.audit import FILE, read_expected
from desk.cli.opening import opened
from desk.cli.refusing import DOES_NOT_HOLD, say
from desk.reads.doctor import Finding, examine


@click.command()
@click.option("--checkpoint", type=FILE, help="Also compare the trail with a checkpoint.")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
@click.pass_context
def doctor(ctx: click.Context, *, checkpoint: Path | None, as_json: bool) -> None:
    """Rebuild the state of every office from its events, compare, and check all invariants.

    Numbers without gap, custody without gap or overlap, one visitor at a counter, state tables that equal their
    events, the signed chain, one survey decision for each ended transaction, a reason for each call, times that never
    go back; report days that say what the records say (all by number, a sample figure by figure); and that the SQLite
    library is one that cannot corrupt the file. Reads only, beside a running desk too. Exit code 0 when all is well, 1
    when something is not.
    """
    from desk.reports.checking import examine_days
    from desk.reports.snapshot import snapshot

    with opened() as desk:
        checkpoints = None if checkpoint is None else read_expected(checkpoint, desk)
        with desk.streams.reading() as connection:
            findings = examine(connection, desk.streams.keys.known, checkpoints)
        with snapshot(desk.streams.engine) as connection:
            findings += examine_days(connection)
    if as_json:
        say(json.dumps({"well": not findings, "findings": [asdict(finding) for finding in findings]}))
    else:
        say(*map(_in_words, findings), "All is well." if not findings else f"{len(findings)} findings.")
    ctx.exit(DOES_NOT_HOLD if findings else 0)


def _in_words(finding: Finding) -> str:
    where = f"office {finding.office_id}" if finding.office_id else "database"
    invariant = f"invariant {finding.invariant}, " if finding.invariant else ""
    return f"{where}: {invariant}{finding.kind}: {finding.subject}: {finding.message}"
