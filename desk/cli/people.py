"""`desk person`: what can be done about a member of staff from the command line."""

import click

from desk.cli.opening import opened
from desk.cli.refusing import Trouble, say
from desk.domain.refusals import Reason, Refused
from desk.operations.accounts.one_time_codes import make_code_for
from desk.operations.accounts.passwords import renew


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


@person.command("code")
@click.argument("username")
def code_command(username: str) -> None:
    """Print a one-time code for USERNAME, once: with it they choose a password at /invitation.

    It works for 24 hours, or for 72 where they have no password yet; an older code works no more.
    """
    with opened() as desk:
        try:
            code = make_code_for(desk.streams, username)
        except Refused as refused:
            if refused.reason is Reason.UNKNOWN:
                raise Trouble(f"There is nobody with the user name {username!r}.") from refused
            raise
    say(code)


@person.group("second-factor")
def second_factor() -> None:
    """Help a member of staff who has lost the phone."""


@second_factor.command("remove")
@click.argument("username")
def remove_second_factor(username: str) -> None:
    """Take the second factor of USERNAME away and end their sessions; the password alone lets them in then."""
    from desk.operations.accounts.second_factors import take_away_by_name

    with opened() as desk:
        try:
            take_away_by_name(desk.streams, username)
        except Refused as refused:
            words = {
                Reason.UNKNOWN: f"There is nobody with the user name {username!r}.",
                Reason.ALREADY_DONE: f"{username} has no second factor.",
            }
            if refused.reason not in words:
                raise
            raise Trouble(words[refused.reason]) from refused
    say(f"The second factor of {username} is gone, and their sessions have ended.")
