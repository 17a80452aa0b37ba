"""`desk person`: what can be done about a member of staff from the command line."""

import click

from desk.cli.opening import opened
from desk.cli.refusing import Trouble, say
from desk.domain.refusals import Reason, Refused
from desk.operations.passwords import renew


@click.group()
def person() -> None:
    """Help a member of staff who cannot sign in."""


@person.command("password")
@click.argument("username")
def password_command(username: str) -> None:
    """Give USERNAME a new password, print it once, and end their sessions.

    The password is generated; only its argon2id hash is kept.
    """
    with opened() as desk:
        try:
            password = renew(desk.streams, username)
        except Refused as refused:
            if refused.reason is Reason.UNKNOWN:
                raise Trouble(f"There is nobody with the user name {username!r}.") from refused
            raise
    say(password)
