"""`desk audit export`, `verifier` and `rotate-key`: the trail outside the desk, and the key that signs it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Connection, select

from desk.cli.audit import FILE, keys_in_use
from desk.cli.opening import OpenDesk, get_office, opened
from desk.cli.refusing import Trouble, say
from desk.domain.refusals import Reason, Refused
from desk.models import Office, Stream
from desk.operations.keeping.looking import record_look
from desk.operations.keeping.rotating import rotate
from desk.operations.requests import newest
from desk.reads.trail import snapshot
from desk.reports.trail_export import Extent, NothingToExport, export

COUNT = click.IntRange(1, (1 << 53) - 1)


@click.command("export")
@click.argument("file", type=FILE)
@click.option("--office", "code", metavar="CODE", help="Only this office; all of them unless given.")
@click.option("--since", type=COUNT, default=1, help="Begin with this event; 1 unless given.")
@click.option("--until", type=COUNT, help="End with this event; the last one unless given.")
def export_command(file: Path, *, code: str | None, since: int, until: int | None) -> None:
    """Write the trail into FILE as JSON Lines, exactly as it was signed.

    A first line for each office says what follows; then each event is one line. The words of notes and personal data
    are not in it. `desk audit verifier` gives the program that checks such a file with the key alone. An existing FILE
    is not replaced.
    """
    with opened() as desk:
        with desk.streams.reading() as reading:
            connection = snapshot(reading)
            extents = _extents(connection, code, since, until)
            count = _write(file, _lines(desk, connection, extents))
        for extent in extents:
            record_look(desk.streams, extent.office_id, None, verb="exported", subject="trail")
    say(f"{file}: {count - len(extents)} events of {len(extents)} offices")


def _write(file: Path, lines: Iterator[bytes]) -> int:
    """Write the lines into a new file that only its owner may read; return how many there were."""
    try:
        with file.open("xb") as writing:
            file.chmod(0o600)
            return sum(writing.write(line) > 0 for line in lines)
    except FileExistsError as error:
        raise Trouble(f"{file} is there already; an export is not replaced.") from error
    except NothingToExport as error:
        file.unlink()
        raise Trouble("There are no such events.") from error


def _extents(connection: Connection, code: str | None, since: int, until: int | None) -> list[Extent]:
    if code is not None:
        office = get_office(connection, code)
        return [Extent(office.id, office.code, since, until)]
    query = select(Office.id, Office.code).join(Stream).where(Stream.number >= since).order_by(Office.id)
    return [Extent(office_id, known, since, until) for office_id, known in connection.execute(query).tuples()]


def _lines(desk: OpenDesk, connection: Connection, extents: list[Extent]) -> Iterator[bytes]:
    keys = keys_in_use(connection, desk.streams.keys)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    if not extents:
        raise NothingToExport
    for extent in extents:
        yield from export(connection, extent, keys.known, signing=keys.signing, at=at)


@click.command("verifier")
@click.argument("file", type=FILE)
def verifier_command(file: Path) -> None:
    """Write the program into FILE that checks an export without the desk.

    It is one file and needs only Python's standard library, the export, and the keys in `secrets/`; it says itself how
    it is used.
    """
    from desk.reports import verify_trail

    if file.exists():
        raise Trouble(f"{file} is there already.")
    file.write_bytes(Path(verify_trail.__file__).read_bytes())
    say(f"{file}: run it with python3 -I -S {file} EXPORT --key FOLDER_OF_KEYS --checkpoint FOLDER_OF_CHECKPOINTS")


@click.command("rotate-key")
@click.option("--prepare", is_flag=True, help="Only make the new key, to be copied to the other machines first.")
def rotate_command(*, prepare: bool) -> None:
    """Let a new key sign the trail from now on, in every office.

    Each office's chain says so itself, in an event signed with the old key that names a digest of the new one. Running
    servers take the new key at once, without a restart. The old key stays in `secrets/`: it verifies what it signed.
    Run again, the command ends a rotation that was interrupted or prepared. With several machines, run it with
    --prepare, copy the new file to every `secrets/`, then run it without.
    """
    with opened() as desk:
        to = _prepared(desk) or desk.settings.make_chain_key()
        if prepare:
            say(f"{to} is made; copy it to every machine, then run `desk audit rotate-key`.")
            return
        with desk.streams.reading() as connection:
            offices = connection.execute(select(Office.id, Office.code).order_by(Office.id)).tuples().all()
        for office_id, code in offices:
            say(f"{code}: {_rotate(desk, office_id, to)}")


def _prepared(desk: OpenDesk) -> str | None:
    """Return the newest key where some office does not sign with it yet: it was prepared, or the command was killed."""
    to = newest(desk.settings.chain_keys())
    with desk.streams.reading() as connection:
        signing = connection.execute(select(Stream.key_id)).scalars().all()
    return to if any(key_id not in (None, to) for key_id in signing) else None


def _rotate(desk: OpenDesk, office_id: int, to: str) -> str:
    try:
        done = rotate(desk.streams, office_id, to)
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_DONE:
            raise
        return f"{to} signs already"
    return f"{to} signs from event {done.event + 1} on"
