"""`desk audit`: whether the trail holds, and checkpoints of it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from desk.cli.checkpoints import BadCheckpoint, read_checkpoint, write_checkpoint
from desk.cli.opening import OpenDesk, opened
from desk.cli.refusing import DOES_NOT_HOLD, Trouble, say
from desk.domain.audit import Head
from desk.reads.trail import Trail, find_mac, list_heads, verify

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """Check the tamper-evident trail, and keep checkpoints of it outside the database."""


@audit.command("verify")
@click.option("--checkpoint", type=FILE, help="Also compare with a checkpoint, which makes a cut tail visible.")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
@click.pass_context
def verify_command(ctx: click.Context, *, checkpoint: Path | None, as_json: bool) -> None:
    """Check the chain of every office from its first event to its last.

    Each event is signed together with the one before it, under a key that is kept outside the database. The first bad
    row is named. Exit code 0 when all chains hold, 1 when one does not.
    """
    with opened() as desk:
        expected = {} if checkpoint is None else read_expected(checkpoint, desk)
        with desk.streams.reading() as connection:
            trails = verify(connection, desk.streams.keys.known, expected)
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
    or an older database put back, the command refuses and leaves FILE as it was.
    """
    with opened() as desk, desk.streams.reading() as connection:
        heads = list_heads(connection)
        if file.exists():
            _require_newer(connection, read_expected(file, desk), file)
        write_checkpoint(file, heads, desk.streams.keys, at=datetime.now(UTC).isoformat(timespec="seconds"))
    say(f"{file}: {len(heads)} offices, {sum(head.number for head in heads)} events")


def read_expected(file: Path, desk: OpenDesk) -> dict[int, Head]:
    """Return the heads of a checkpoint; raise `Trouble` for a file that is not there or cannot be trusted."""
    try:
        return read_checkpoint(file, desk.streams.keys.known)
    except FileNotFoundError as error:
        raise Trouble(f"There is no checkpoint {file}.") from error
    except BadCheckpoint as error:
        raise Trouble(f"{file} cannot be trusted: {error}.") from error


def _require_newer(connection: Connection, earlier: dict[int, Head], file: Path) -> None:
    for head in earlier.values():
        if find_mac(connection, head.office_id, head.number) != head.mac:
            raise Trouble(
                f"Not written: event {head.number} of office {head.office_id} in {file} is no longer in the trail. "
                f"Look with: desk audit verify --checkpoint {file}"
            )


def _in_words(trail: Trail) -> str:
    office = trail.code or f"office {trail.office_id}"
    if trail.fault is None:
        return f"{office}: {trail.events} events, the chain holds"
    return f"{office}: event {trail.fault.number} {trail.reason}"


def _as_object(trail: Trail) -> dict[str, object]:
    fault = trail.fault
    return {
        "office": trail.office_id,
        "code": trail.code,
        "events": trail.events,
        "mac": trail.mac,
        "first_bad": None if fault is None else {"event": fault.number, "kind": fault.kind, "reason": trail.reason},
    }
