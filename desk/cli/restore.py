"""`desk restore`: an installation as a backup holds it, on this machine or another."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from desk.backups.exchanging import Place
from desk.backups.locking import LOCK, Busy, alone
from desk.backups.manifest import BadBackup, Contents, Manifest
from desk.backups.postgres_copy import count_others
from desk.backups.postgres_tools import ToolTrouble
from desk.backups.restoring import Restore, exchange, find_present, foreign_secrets, place_of, settle_restore, unpack
from desk.backups.sealing import BadKey, read_identities
from desk.cli import database
from desk.cli.doctor import in_words, look_over
from desk.cli.opening import OWNER_ONLY, OpenDesk, opened, parse_settings, require_safe_library, upgrade
from desk.cli.owners import require_own
from desk.cli.refusing import DOES_NOT_HOLD, Trouble, say
from desk.domain.audit import Head
from desk.reports.checkpoints import BadCheckpoint
from desk.reports.daily_checkpoints import read_heads
from desk.secret_names import CHAIN, COOKIES, FACTORS, LINKS
from desk.settings import Settings

# What it means where one of these is not the one that the backup was made with.
_CONSEQUENCES: Final = {
    LINKS: "links that were given out before do not work any more.",
    COOKIES: "everybody signs in anew.",
    FACTORS: "whoever has a second factor is LOCKED OUT: neither their app nor a recovery code is right. Put this file"
    " back from where it is kept, or afterwards take each away: `desk person second-factor remove NAME`.",
}
_UNKNOWN: Final = "what it is for is not known here."


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--identity", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The file of the key.")
@click.option("--discard-present", is_flag=True, help="Do not keep the database that is replaced.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def restore(ctx: click.Context, *, file: Path, identity: Path | None, discard_present: bool, yes: bool) -> None:
    """Put a backup in the place of this installation's database, and of its secrets if it holds them.

    Everything that runs on the data folder, and on the PostgreSQL database, must have been stopped. Killed at any
    moment, the old state is there or the new one: the next `desk` command carries out or forgets what was begun. The
    old database stays beside the new one, as `desk.db.before-…` or, dumped, `desk.pgdump.before-…`. Afterwards an
    older backup is upgraded, and examined as `desk doctor` does. On another machine: the same, with an empty data
    folder. Exit code 0 when all is well, 1 when something does not hold.
    """
    settings = parse_settings()
    require_own(settings.data)
    require_safe_library(settings)
    if not settings.data.exists():
        settings.data.mkdir(parents=True, mode=OWNER_ONLY)
    with ExitStack() as held:
        try:
            holding = held.enter_context(alone(settings.data / LOCK))
            order = Restore(file, read_identities(identity) if identity else [], keeps=not discard_present)
            manifest = _restored(settings, order, holding, asks=not yes)
        except Busy as error:
            raise Trouble("A server, a worker or another command works in this data folder. Stop it first.") from error
        except (BadBackup, BadKey, ToolTrouble) as error:
            raise Trouble(f"Nothing was changed. {error}") from error
        upgrade(settings, backs_up=False)  # the backup is still there
        findings = _examined(settings, manifest)
    ctx.exit(DOES_NOT_HOLD if findings else 0)


def _restored(settings: Settings, order: Restore, holding: int, *, asks: bool) -> Manifest:
    """Exchange what is there for the backup, if nothing speaks against it; what was only prepared is removed."""
    place, url = place_of(settings.database, settings.data), settings.database
    try:
        if place.is_begun:
            settle_restore(place, url)
        manifest = unpack(place, url, order)
        _require_fit(settings, place, manifest)
        say(*_what_happens(order, manifest, find_present(place, url)))
        if asks:
            click.confirm("Go on?", abort=True, err=True)
        _require_alone(place, url)
        kept = exchange(place, url, order, at=datetime.now(UTC), holding=holding)
    finally:
        if place.is_begun:
            settle_restore(place, url)
    say("Restored.", *([f"The old database is kept in {kept}."] if kept else []))
    return manifest


def _require_fit(settings: Settings, place: Place, manifest: Manifest) -> None:
    revision = manifest.contents.revision
    if not database.knows(revision):
        raise BadBackup(f"It is of revision {revision}, made by desk {manifest.desk}: this program is too old for it.")
    foreign = foreign_secrets(place, manifest)
    folder = settings.data / "secrets"
    if any(name.startswith(CHAIN) for name in foreign):
        raise BadBackup(
            f"It holds no secrets, and those in {folder} are not the ones it was made with ({', '.join(foreign)})."
            " Put those there first, from where they are kept."
        )
    for name in foreign:
        said = _CONSEQUENCES.get(name, _UNKNOWN)
        click.echo(f"warning: {folder / name} is not the one that the backup was made with: {said}", err=True)


def _require_alone(place: Place, url: str) -> None:
    others = count_others(url) if place.database is None else 0
    if others:
        raise BadBackup(
            f"Other programs are connected to the database ({others}). Stop the servers and workers on all machines."
        )


def _what_happens(order: Restore, manifest: Manifest, present: Contents | None) -> list[str]:
    of = "the database and the secrets" if manifest.holds_secrets else "the database"
    lines = [f"{order.file}: made {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC by desk {manifest.desk}, holds {of}",
             *_offices(manifest.contents)]  # fmt: skip
    if present is None:
        return [*lines, "There is no database here that can be read."]
    fate = "which is kept beside" if order.keeps else "which is NOT kept"
    return [*lines, f"It takes the place of a database of revision {present.revision}, {fate}:", *_offices(present)]


def _offices(contents: Contents) -> list[str]:
    offices = [f"  {each.name} ({each.code}): {each.number} events" for each in contents.offices]
    return offices or ["  no office"]


def _examined(settings: Settings, manifest: Manifest) -> bool:
    """Examine what was restored, say what was found, and return whether something does not hold."""
    marks = manifest.contents.offices
    heads = [Head(each.office_id, each.number, each.mac) for each in marks if each.number]
    with opened(settings) as desk:
        findings = look_over(desk, heads)
        say(*in_words(findings), *_lost(desk, heads))
    return bool(findings)


def _lost(desk: OpenDesk, heads: list[Head]) -> list[str]:
    """Say which events checkpoints tell of that came after the backup."""
    folder, reached = desk.settings.checkpoints, {head.office_id: head.number for head in heads}
    try:
        told = read_heads(folder, desk.streams.keys.known)
    except BadCheckpoint:
        return []
    later = [head for head in told if head.number > reached.get(head.office_id, 0)]
    if not later:
        return []
    newest = max(later, key=lambda head: head.number)
    which = f"event {newest.number} of office {newest.office_id}, which came after the backup"
    return [f"A checkpoint in {folder} tells of {which}. Move those files away, so that new ones can be written."]
