"""`desk privacy`: the rules of retention, at once or only counted, and the database's files without what was erased."""

import click

from desk.cli.opening import get_office, opened
from desk.cli.refusing import say
from desk.domain.access import SYSTEM
from desk.domain.retention import RULE_OF, Track
from desk.models.clearing import rewrite
from desk.operations.keeping.retaining import count_due, expire
from desk.operations.keeping.wiping import TABLES, list_unwiped, note_wiped, wipe
from desk.operations.requests import Request
from desk.operations.stream import Streams
from desk.reads.erasures import get_retention_rules

STILL_READ = "Something reads the database; what was erased leaves its log when the worker tries again."


@click.group()
def privacy() -> None:
    """Personal data of visitors: what goes when it was kept long enough."""


@privacy.command("expire")
@click.option("--office", metavar="CODE", help="Which office; the first one without.")
@click.option("--dry-run", is_flag=True, help="Only say how much is due; nothing is erased.")
@click.option("--now", is_flag=True, help="Do not wait for the daily look of the worker.")
def expire_command(office: str | None, *, dry_run: bool, now: bool) -> None:
    """Erase the personal data of an office that were kept as long as its rules say.

    The worker does this every day by itself. What an administrator set to 0 days is kept. Statistics, scores and the
    trail stay as they are. Safe beside a running desk.
    """
    if dry_run and now:
        raise click.UsageError("Choose --dry-run or --now, not both.")
    with opened() as desk:
        with desk.streams.reading() as connection:
            chosen = get_office(connection, office)
            rules = get_retention_rules(connection, chosen.id)
        for track in Track:
            days = getattr(rules, RULE_OF[track])
            if not days:
                say(f"{track.value}: kept")
            elif dry_run:
                say(f"{track.value} (after {days} days): {count_due(desk.streams, chosen.id, track)} to look at")
            else:
                say(f"{track.value} (after {days} days): {_expire(desk.streams, chosen.id, track, now=now)} erased")
        if not dry_run and not wipe(desk.streams, desk.streams.engine):
            say(STILL_READ)


@privacy.command("rewrite")
def rewrite_command() -> None:
    """Write the database's file (PostgreSQL: the tables with personal data) anew, without what was erased.

    The worker clears the files after each erasure. What it cannot reach are copies of rows in unused parts of pages,
    which a database leaves behind when it splits a page. Whoever writes waits meanwhile: run it when the office is
    closed, with room on the disk for the file once more. Backups are not touched.
    """
    with opened() as desk:
        with desk.streams.reading() as connection:
            asked = list_unwiped(connection)
        if not rewrite(desk.streams.engine, TABLES):
            say(STILL_READ)
            return
        note_wiped(desk.streams, asked)
        say("Written anew.")


def _expire(streams: Streams, office_id: int, track: Track, *, now: bool) -> int:
    erased, left = 0, True
    while left:
        facts = expire(streams, office_id, Request(SYSTEM, "expire_data"), track=track, now=now).facts
        erased, left = erased + facts["erased"], facts["left"]
    return erased
