"""`desk doctor`: whether the records hold together."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from desk.cli.audit import FILE_OR_FOLDER, read_expected
from desk.cli.backup_keeping import list_overdue_backups
from desk.cli.opening import OpenDesk, opened
from desk.cli.refusing import DOES_NOT_HOLD, say
from desk.domain.audit import Head
from desk.operations.accounts.second_factor_codes import list_sealed
from desk.operations.keeping.wiping import list_unwiped
from desk.reads.doctor import Finding, examine
from desk.reads.outbox import list_overdue
from desk.reads.trail import find_signing_key
from desk.reports.daily_checkpoints import read_newest
from desk.secret_names import FACTORS

WIPED_WITHIN = timedelta(hours=1)


@click.command()
@click.option(
    "--checkpoint",
    type=FILE_OR_FOLDER,
    help="Also compare the trail with a checkpoint, or with the newest of a folder.",
)
@click.option(
    "--late-hours",
    type=click.IntRange(1, 24 * 30),
    default=24,
    show_default=True,
    help="Warn of messages to visitors that wait for longer than this many hours.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
@click.pass_context
def doctor(ctx: click.Context, *, checkpoint: Path | None, late_hours: int, as_json: bool) -> None:
    """Rebuild the state of every office from its events, compare, and check all invariants.

    Numbers without gap, custody without gap or overlap, one visitor at a counter, state tables that equal their
    events, the signed chain, one survey decision for each ended transaction, a reason for each call, times that never
    go back; report days that say what the records say (all by number, a sample figure by figure); and that the SQLite
    library is one that cannot corrupt the file. Reads only, beside a running desk too. Warns of a checkpoint of the
    trail that is older than a day, of messages that wait too long, of a backup that is overdue, and of files that may
    still hold what was erased.
    Exit code 0 when all is well, 1 when something is not.
    """
    with opened() as desk:
        findings = look_over(desk, [] if checkpoint is None else read_expected(checkpoint, desk))
        warnings = [*_warnings(desk), *_late_messages(desk, timedelta(hours=late_hours)), *_unwiped(desk)]
        warnings += list_overdue_backups(desk.settings, now=datetime.now(UTC))
    if as_json:
        say(
            json.dumps(
                {"well": not findings, "findings": [asdict(finding) for finding in findings], "warnings": warnings}
            )
        )
    else:
        for warning in warnings:
            click.echo(f"warning: {warning}", err=True)
        say(*in_words(findings))
    ctx.exit(DOES_NOT_HOLD if findings else 0)


def look_over(desk: OpenDesk, heads: list[Head]) -> list[Finding]:
    """Return everything that does not hold in a database, compared with these heads of its trail."""
    from desk.reports.checking import examine_days
    from desk.reports.snapshot import snapshot

    checkpoints = {head.office_id: head for head in heads}
    with desk.streams.reading() as connection:
        findings = examine(connection, desk.streams.keys.known, checkpoints)
        findings += _sealed(list_sealed(connection, desk.settings.find_secret(FACTORS)))
    with snapshot(desk.streams.engine) as connection:
        return [*findings, *examine_days(connection)]


def _sealed(usernames: list[str]) -> list[Finding]:
    """Return whose second factor nobody can open: they are locked out."""
    said = (
        f"the key secrets/{FACTORS} does not open it, so neither the app nor a recovery code is right: put the key"
        " back, or take it away with `desk person second-factor remove`"
    )
    return [Finding(0, 0, "sealed", f"second factor of {username}", said) for username in usernames]


def in_words(findings: list[Finding]) -> list[str]:
    """Return what was found, a sentence each, and what it comes to."""
    return [*map(_in_words, findings), "All is well." if not findings else f"{len(findings)} findings."]


def _warnings(desk: OpenDesk) -> list[str]:
    """Return what is no fault but should be looked at: checkpoints that nobody writes."""
    folder = desk.settings.checkpoints
    with desk.streams.reading() as connection:
        if find_signing_key(connection) is None:
            return []
    newest = read_newest(folder, desk.streams.keys.known)
    if newest is None:
        return [f"there is no checkpoint of the trail in {folder}; `desk serve` and `desk worker` write one a day"]
    if newest.trouble:
        return [f"the checkpoint {newest.file} cannot be trusted: {newest.trouble}"]
    if newest.is_old(datetime.now(UTC)):
        return [f"the last checkpoint of the trail, {newest.file}, is older than a day: does the worker run?"]
    return []


def _late_messages(desk: OpenDesk, longer_than: timedelta) -> list[str]:
    """Return where messages wait that should have gone out: no fault of the records, but of the way out."""
    hours = int(longer_than.total_seconds() // 3600)
    with desk.streams.reading() as connection:
        late = list_overdue(connection, at=datetime.now(UTC), longer_than=longer_than)
    return [
        f"office {office_id}: {count} messages by {channel} wait for longer than {hours} hours: does the worker run?"
        for office_id, channel, count in late
    ]


def _unwiped(desk: OpenDesk) -> list[str]:
    """Return where the files may still hold what was erased long ago; copies elsewhere nobody here can see."""
    with desk.streams.reading() as connection:
        found = list_unwiped(connection, before=datetime.now(UTC) - WIPED_WITHIN)
    return [
        f"office {office_id}: the files of the database may still hold what was erased over an hour ago: does the"
        " worker run, or does something read the database all the time? Backups hold it anyway."
        for office_id in found
    ]


def _in_words(finding: Finding) -> str:
    where = f"office {finding.office_id}" if finding.office_id else "database"
    invariant = f"invariant {finding.invariant}, " if finding.invariant else ""
    return f"{where}: {invariant}{finding.kind}: {finding.subject}: {finding.message}"
