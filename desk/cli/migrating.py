"""`desk db`: the version of the database."""

import click

from desk.cli import database
from desk.cli.opening import prepare, read_settings
from desk.cli.refusing import Trouble, say


@click.group()
def db() -> None:
    """Bring the database to a version, or ask for its version."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Bring the database up to this program; make it, the data folder and the secrets where there are none.

    All or nothing; may be run by several machines at once. Take a backup before a new release.
    """
    settings = read_settings()
    before = database.current(settings.database)
    prepare(settings)
    after = database.head()
    say(
        f"The database is at revision {after}."
        if before == after
        else f"Upgraded from {before or 'nothing'} to {after}."
    )


@db.command("downgrade")
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask.")
def downgrade_command(revision: str, *, yes: bool) -> None:
    """Take the database back to REVISION ("base" for an empty one). What later revisions hold is lost."""
    settings = read_settings()
    if revision != "base" and not database.knows(revision):
        raise Trouble(f"There is no revision {revision!r}. Revisions are numbered 0001, 0002 …")
    if database.current(settings.database) is None:
        raise Trouble("The database holds nothing to take back.")
    if not yes:
        click.confirm(f"Everything that came after {revision} will be deleted. Go on?", abort=True, err=True)
    database.downgrade(settings.database, revision)
    say(f"The database is at revision {database.current(settings.database) or 'none'}.")


@db.command("current")
@click.pass_context
def current_command(ctx: click.Context) -> None:
    """Say which revision the database is at. Exit code 0 when that is this program's, 1 when it is another."""
    settings = read_settings()
    found, newest = database.current(settings.database), database.head()
    say(f"{found or 'none'} (this program: {newest})")
    ctx.exit(0 if found == newest else 1)
