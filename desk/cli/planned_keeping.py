"""`desk settings`: changes of settings that were planned for a later day; the worker carries them out by itself."""

import logging
from collections import Counter
from typing import Final

import click

from desk.cli.opening import get_office, opened
from desk.cli.refusing import say
from desk.operations.settings.plannable import REFUSED, carry_out_due, offices_with_due_changes
from desk.operations.stream import Streams
from desk.reads.planned import list_waiting

LOG: Final = logging.getLogger(__name__)


def carry_out_changes(streams: Streams) -> Counter[str]:
    """Carry out what is due in every office; returns how many were applied and how many refused."""
    told: Counter[str] = Counter()
    for office_id in offices_with_due_changes(streams):
        for change_id, state in carry_out_due(streams, office_id).items():
            level = logging.WARNING if state == REFUSED else logging.INFO
            LOG.log(level, "planned change %d of office %d: %s", change_id, office_id, state)
            told[state] += 1
    return told


@click.group()
def settings() -> None:
    """Show changes of settings that were planned for a later day, and carry out what is due."""


@settings.command("apply-due")
def apply_due_command() -> None:
    """Carry out planned changes whose day has come, in all offices; the worker does the same every second."""
    with opened() as desk:
        told = carry_out_changes(desk.streams)
    say(f"{told['applied']} carried out, {told['refused']} refused.")


@settings.command("planned")
@click.option("--office", "code", metavar="CODE", help="Of which office; the first one unless given.")
def planned_command(code: str | None) -> None:
    """List what is planned in an office: the day, the number of the change, what it is about."""
    with opened() as desk, desk.streams.reading() as connection:
        office = get_office(connection, code)
        for each in list_waiting(connection, office.id):
            say(f"{each.due.isoformat()}  {each.id}  {each.kind} {each.subject or ''}".rstrip())
