"""`desk backup`: a backup beside the running desk, what there is, and the key that opens them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from desk.backups.folder import list_backups
from desk.backups.locking import Busy
from desk.backups.making import Made, Order, make_backup
from desk.backups.manifest import BadBackup
from desk.backups.ordering import order_of
from desk.backups.postgres_tools import ToolTrouble
from desk.backups.sealing import BadKey, make_identity
from desk.cli import database
from desk.cli.opening import parse_settings, read_settings, require_safe_library
from desk.cli.owners import told_of
from desk.cli.refusing import Trouble, say
from desk.settings import Settings


@click.group(invoke_without_command=True)
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where to; DESK_BACKUP_FOLDER.")
@click.option("--recipient", "recipients", multiple=True, help="Encrypt for this age key (age1…); repeatable.")
@click.option("--plain", is_flag=True, help="Do not encrypt, whatever DESK_BACKUP_RECIPIENTS says.")
@click.option(
    "--with-secrets/--without-secrets",
    "secrets",
    default=None,
    help="Whether the secrets of the data folder go in: into an encrypted one they do unless you say no.",
)
@click.option("--keep", type=click.IntRange(0, 10_000), help="How many stay (0: all); DESK_BACKUP_KEEP or 30.")
@click.pass_context
def backup(
    ctx: click.Context,
    *,
    folder: Path | None,
    recipients: tuple[str, ...],
    plain: bool,
    secrets: bool | None,
    keep: int | None,
) -> None:
    """Make a backup beside the running desk: one file, consistent, read through before it gets its name.

    What was acknowledged before the command began is in it. On PostgreSQL it takes pg_dump, pg_restore and psql, none
    older than the server. An encrypted one holds the secrets, without which the trail cannot be verified and links
    already given out do not work; a plain one does not, since the trail proves something only while its key lies apart
    from the database. The worker makes one a day where DESK_BACKUP_AT says when.
    """
    if ctx.invoked_subcommand is not None:
        return
    if plain and recipients:
        raise click.UsageError("--plain and --recipient exclude each other.")
    settings = read_settings()
    _require_known(settings)
    try:
        order = _order(settings, recipients, plain=plain, secrets=secrets)
        if folder is not None:
            order = replace(order, folder=folder, makes_folder=True)
        made = make_backup(replace(order, keep=order.keep if keep is None else keep), at=datetime.now(UTC))
    except Busy as error:
        raise Trouble("Another backup of this data folder is being made.") from error
    except PermissionError as error:
        raise Trouble(f"No backup was made: {told_of(Path(error.filename or settings.data))}.") from error
    except (BadBackup, BadKey, ToolTrouble) as error:
        raise Trouble(str(error)) from error
    say(*_told(made))


def _require_known(settings: Settings) -> None:
    """Raise `Trouble` where there is nothing to copy, or a newer program's; an older revision can be copied."""
    require_safe_library(settings)
    found = database.current(settings.database)
    if found is None:
        raise Trouble("There is no database yet. Make one with `desk up` or `desk db upgrade`.")
    if not database.knows(found):
        raise Trouble(f"The database is of revision {found}, which this program does not know: it is too old for it.")


def _order(settings: Settings, recipients: tuple[str, ...], *, plain: bool, secrets: bool | None) -> Order:
    given = () if plain else recipients or settings.backups.recipients
    order = order_of(replace(settings, backups=replace(settings.backups, recipients=given)))
    return order if secrets is None else replace(order, secrets=secrets)


def _told(made: Made) -> list[str]:
    manifest = made.manifest
    offices = "; ".join(f"{each.name} up to event {each.number}" for each in manifest.contents.offices) or "no office"
    secrets = "with the secrets" if manifest.holds_secrets else "without the secrets: keep a copy of them elsewhere"
    how = "encrypted" if made.file.suffix == ".age" else "not encrypted"
    lines = [f"{made.file}", f"  {made.file.stat().st_size:,} bytes, {how}, {secrets}", f"  {offices}"]
    return [*lines, *(f"  removed {file}" for file in made.removed)]


@backup.command("list")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Which folder; DESK_BACKUP_FOLDER.")
def list_command(*, folder: Path | None) -> None:
    """List the backups of the folder, the newest first."""
    settings = parse_settings()
    where = folder or settings.backups.folder or settings.data / "backups"
    found = list_backups(where)
    if not found:
        say(f"There is no backup in {where}.")
    for kept in found:
        how = "encrypted" if kept.is_encrypted else "not encrypted"
        say(f"{kept.made_at:%Y-%m-%d %H:%M:%S} UTC  {kept.size:>15,} bytes  {how:<13}  {kept.file.name}")


@backup.command("key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def key_command(*, file: Path) -> None:
    """Make a key that opens encrypted backups, in a FILE of its own, and print its recipient (age1…).

    The recipient goes into DESK_BACKUP_RECIPIENTS of the server. The file belongs on no machine that makes backups:
    whoever has it can read them all, and without it nobody can.
    """
    if file.exists():
        raise Trouble(f"{file} exists. A key is never replaced: what it opened could not be read any more.")
    say(make_identity(file))
