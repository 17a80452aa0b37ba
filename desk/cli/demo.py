"""`desk demo`: the demo offices, and half a day of work in them."""

from datetime import UTC, datetime

import click

from desk.cli.opening import OpenDesk, opened
from desk.cli.refusing import Trouble, say
from desk.cli.starting import load_demo
from desk.demo.loading import PASSWORDS


@click.command()
@click.option("--day", is_flag=True, help="Also play the last four hours in the first of them.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number plays another day.")
def demo(*, day: bool, seed: int) -> None:
    """Load the demo offices into a database that has no office.

    With --day the last four hours are then played in the first of them, believably, through the same operations that
    people use: some 120 visits to five services, breaks, handoffs, no-shows, answers to the survey. Only where nobody
    has been yet: what happened cannot be rewritten. The desk may be running.
    """
    with opened() as desk:
        passwords = load_demo(desk.settings)
        if passwords or not day:
            say(*_loaded(desk, passwords))
        if day:
            say(_play(desk, seed))


def _loaded(desk: OpenDesk, passwords: dict[str, str]) -> list[str]:
    if not passwords:
        return ["There is an office already; none was loaded."]
    file = desk.settings.data / PASSWORDS
    lines = [f"{username:<10} {password}" for username, password in passwords.items()]
    return [*lines, f"The demo offices are loaded. The passwords are kept in {file}."]


def _play(desk: OpenDesk, seed: int) -> str:
    from desk.demo.day import NotPlayable, play

    try:
        played = play(desk.streams.engine, desk.streams.keys, desk.settings.data, now=datetime.now(UTC), seed=seed)
    except NotPlayable as error:
        raise Trouble(str(error)) from error
    text = f"Played: {played.visits} visits, {played.events} events."
    if played.disturbed_at is None:
        return text
    return f"{text} Somebody works in the office, so it ends at {played.disturbed_at:%H:%M} UTC."
