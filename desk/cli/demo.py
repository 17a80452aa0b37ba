"""`desk demo`: the demo offices, and half a day of work in them."""

import click

from desk.cli.opening import opened
from desk.cli.refusing import say
from desk.cli.starting import load_demo
from desk.demo.loading import PASSWORDS


@click.command()
def demo() -> None:
    """Load the demo offices into a database that has no office."""
    with opened() as desk:
        passwords = load_demo(desk.settings)
    if not passwords:
        say("There is an office already; nothing was loaded.")
        return
    say(*(f"{username:<10} {password}" for username, password in passwords.items()))
    say(f"The demo offices are loaded. The passwords are kept in {desk.settings.data / PASSWORDS}.")
