"""`desk reports`: the days that reports are made of."""

import click

from desk.cli.opening import opened
from desk.cli.refusing import say


@click.group()
def reports() -> None:
    """Keep what reports are made of."""


@reports.command()
def refresh() -> None:
    """Bring the report days of all offices up to date at once; the worker does it by and by.

    They are worked out beforehand from the records and may be made anew at any time: a report is always exact, with
    them it is quick. Safe beside a running desk.
    """
    from desk.reports.keeping import offices_behind, refresh_office

    with opened() as desk:
        for office_id in offices_behind(desk.streams.engine):
            events = refresh_office(desk.streams.engine, office_id, clock=desk.streams.clock)
            say(f"Office {office_id}: {events} events taken in.")
    say("All report days are up to date.")
