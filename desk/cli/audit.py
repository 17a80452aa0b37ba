"""`desk audit`: whether the trail holds, and checkpoints of it."""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from desk.cli.opening import OpenDesk, get_office, opened
from desk.cli.refusing import DOES_NOT_HOLD, Trouble, reason_of, say
from desk.domain.audit import Head
from desk.operations.keeping.verifying import write_down
from desk.operations.requests import Keys
from desk.reads.trail import Progress, Trail, find_mac, find_signing_key, list_heads, verify
from desk.reports.checkpoints import BadCheckpoint, read_checkpoint, write_checkpoint
from desk.reports.daily_checkpoints import read_heads

FILE = click.Path(dir_okay=False, path_type=Path)
FILE_OR_FOLDER = click.Path(path_type=Path)


@click.group()
def audit() -> None:
    """Check the tamper-evident trail, keep checkpoints of it outside the database, export it, change its key."""


@audit.command("verify")
@click.option("--checkpoint", type=FILE_OR_FOLDER, help="Also compare with a checkpoint, or with a folder of them.")
@click.option("--office", "code", metavar="CODE", help="Only this office.")
@click.option("--since", metavar="N", help="Begin at event N, for which the checkpoint vouches; or at `checkpoint`.")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
@click.pass_context
def verify_command(
    ctx: click.Context, *, checkpoint: Path | None, code: str | None, since: str | None, as_json: bool
) -> None:
    """Check the chain of every office from its first event to its last.

    Each event is signed together with the one before it, under a key that is kept outside the database. The first bad
    row of each office is named. A checkpoint makes a cut tail and a history written anew visible. Exit code 0 when all
    chains hold, 1 when one does not.
    """
    began = datetime.now(UTC)
    with opened() as desk:
        heads = [] if checkpoint is None else read_expected(checkpoint, desk)
        with desk.streams.reading() as connection:
            wanted = None if code is None else [get_office(connection, code).id]
        starts = None if since is None else _starts(since, heads, wanted)
        with desk.streams.reading() as connection:
            trails = verify(
                connection, desk.streams.keys.known, heads, offices=wanted, since=starts, progress=_progress()
            )
        if starts is None:
            _write_down(desk, trails, began)
    holds = all(trail.fault is None for trail in trails)
    if as_json:
        say(json.dumps({"holds": holds, "trails": [_as_object(trail) for trail in trails]}))
    else:
        say(*map(_in_words, trails), "The trail holds." if holds else "The trail does NOT hold.")
    ctx.exit(0 if holds else DOES_NOT_HOLD)


@audit.command("checkpoint")
@click.argument("file", type=FILE)
def checkpoint_command(file: Path) -> None:
    """Write where the trail of every office ends into FILE, and keep it on another machine.

    An earlier checkpoint in FILE is replaced in one step, but only if all it says is still in the trail: after a cut,
    or an older database put back, the command refuses and leaves FILE as it was. `desk serve` writes one a day by
    itself (DESK_CHECKPOINTS).
    """
    with opened() as desk, desk.streams.reading() as connection:
        heads = list_heads(connection)
        if file.exists():
            require_newer(connection, read_expected(file, desk), file)
        keys = keys_in_use(connection, desk.streams.keys)
        write_checkpoint(file, heads, keys, at=datetime.now(UTC).isoformat(timespec="seconds"))
    say(f"{file}: {len(heads)} offices, {sum(head.number for head in heads)} events")


def keys_in_use(connection: Connection, keys: Keys) -> Keys:
    """Return the keys with the one that offices sign with now, not one that is only prepared."""
    return keys.for_stream(find_signing_key(connection))


def read_expected(place: Path, desk: OpenDesk) -> list[Head]:
    """Return the heads of a checkpoint or of a folder of them, the oldest first; raise `Trouble` for what is not there
    or cannot be trusted."""
    try:
        known = desk.streams.keys.known
        heads = read_heads(place, known) if place.is_dir() else read_checkpoint(place, known).heads
    except FileNotFoundError as error:
        raise Trouble(f"There is no checkpoint {place}.") from error
    except BadCheckpoint as error:
        raise Trouble(f"{place} cannot be trusted: {error}.") from error
    if place.is_dir() and not heads:
        raise Trouble(f"There is no checkpoint in {place}.")
    return heads


def _starts(since: str, heads: list[Head], wanted: list[int] | None) -> dict[int, Head]:
    """Return from which head to verify each office; raise `Trouble` where no checkpoint vouches for it."""
    newest = {head.office_id: head for head in sorted(heads, key=lambda head: head.number)}
    if since == "checkpoint" and newest:
        return newest
    if not since.isdigit():
        raise Trouble("--since takes the number of an event, or the word checkpoint; and it needs --checkpoint.")
    found = {head.office_id: head for head in heads if head.number == int(since)}
    if wanted is None or not found.keys() >= set(wanted):
        raise Trouble(f"No checkpoint vouches for event {since} of one --office; see its numbers with --json.")
    return found


def _progress() -> Progress | None:
    """Return what shows how far it is, where somebody watches."""
    if not sys.stderr.isatty():
        return None
    return lambda office_id, read: click.echo(f"\roffice {office_id}: {read:,} events", nl=False, err=True)


def _write_down(desk: OpenDesk, trails: Iterable[Trail], began: datetime) -> None:
    """Keep the result for the page of the trail; a database that cannot be written to is examined all the same."""
    try:
        for trail in trails:
            if trail.code is not None:
                write_down(desk.streams, trail, asked_at=began)
    except SQLAlchemyError as error:
        click.echo(f"The result was not kept. {reason_of(error)}", err=True)


def require_newer(connection: Connection, earlier: Iterable[Head], file: Path) -> None:
    """Raise `Trouble` where a head of an earlier checkpoint is no longer in the trail."""
    for head in earlier:
        if find_mac(connection, head.office_id, head.number) != head.mac:
            raise Trouble(
                f"Not written: event {head.number} of office {head.office_id} in {file} is no longer in the trail. "
                f"Look with: desk audit verify --checkpoint {file}"
            )


def _in_words(trail: Trail) -> str:
    office = trail.code or f"office {trail.office_id}"
    if trail.fault is None:
        since = f" (from event {trail.since} on)" if trail.since else ""
        return f"{office}: {trail.events} events, the chain holds{since}"
    return f"{office}: event {trail.fault.number} {trail.reason}"


def _as_object(trail: Trail) -> dict[str, object]:
    fault = trail.fault
    return {
        "office": trail.office_id,
        "code": trail.code,
        "events": trail.events,
        "since": trail.since,
        "mac": trail.mac,
        "first_bad": None if fault is None else {"event": fault.number, "kind": fault.kind, "reason": trail.reason},
    }
