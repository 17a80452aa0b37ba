"""`desk person`: what can be done about a member of staff from the command line."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

import click

from desk.cli.opening import opened
from desk.cli.refusing import Trouble, say
from desk.domain.refusals import Reason, Refused
from desk.operations.accounts.one_time_codes import make_code_for
from desk.operations.accounts.passwords import renew


@contextmanager
def told(username: str, why: Mapping[Reason, str] = MappingProxyType({})) -> Iterator[None]:
    """Say in words of the command line why it was refused: `why` by reason, and that nobody has this name."""
    words = {
        Reason.UNKNOWN: f"There is nobody with the user name {username!r}.",
        Reason.DEACTIVATED: f"{username} is deactivated or shut out: nothing would let them in. "
        f"First: desk person let-in {username}",
        **why,
    }
    try:
        yield
    except Refused as refused:
        if refused.reason not in words:
            raise
        raise Trouble(words[refused.reason]) from refused


@click.group()
def person() -> None:
    """Help a member of staff who cannot sign in, an office without an administrator, a server that nobody keeps."""


@person.command("password")
@click.argument("username")
def password_command(username: str) -> None:
    """Give USERNAME a new password, print it once, and end their sessions.

    The password is generated; only its argon2id hash is kept.
    """
    with opened() as desk, told(username):
        password = renew(desk.streams, username)
    say(password)


@person.command("code")
@click.argument("username")
def code_command(username: str) -> None:
    """Print a one-time code for USERNAME, once: with it they choose a password at /invitation.

    It works for 24 hours, or for 72 where they have no password yet; an older code works no more.
    """
    with opened() as desk, told(username):
        code = make_code_for(desk.streams, username)
    say(code)


@person.command("shut-out")
@click.argument("username")
def shut_out_command(username: str) -> None:
    """Let USERNAME in nowhere any more, at once, whatever they still have in hand: an account in wrong hands.

    Sessions, tokens, codes, links and the password end. What is theirs stays theirs until somebody takes it.
    """
    from desk.operations.accounts.shutting_out import shut_out_by_name

    why = {
        Reason.ALREADY_DONE: f"{username} is not let in anywhere as it is.",
        Reason.LAST_ADMINISTRATOR: f"{username} is the last administrator of an office. Take the account back instead: "
        f"desk person password {username}",
        Reason.LAST_KEEPER: f"Nobody else keeps the server. Take the account back instead: desk person password "
        f"{username}",
    }
    with opened() as desk, told(username, why):
        shut_out_by_name(desk.streams, username)
    say(f"{username} is let in nowhere any more. The page Gaps names what is still theirs.")


@person.command("let-in")
@click.argument("username")
def let_in_command(username: str) -> None:
    """Let USERNAME in again who was shut out or deactivated; who was shut out needs a new password."""
    from desk.operations.accounts.shutting_out import let_in_by_name

    with opened() as desk, told(username, {Reason.ALREADY_DONE: f"{username} is let in already."}):
        let_in_by_name(desk.streams, username)
    say(f"{username} may come in again. A code for a new password: desk person code {username}")


@person.command("keeps-server")
@click.argument("username")
def keeps_server_command(username: str) -> None:
    """Let USERNAME keep the server: its address, mail and backups, and opening offices. They administer an office."""
    from desk.operations.accounts.server_keepers import give_server_by_name

    why = {
        Reason.ALREADY_DONE: f"{username} keeps the server already. To let them in: desk person code {username}",
        Reason.NOT_AN_ADMINISTRATOR: f"{username} administers no office. Where nobody does: "
        f"desk person administrator {username} --office CODE",
    }
    with opened() as desk, told(username, why):
        give_server_by_name(desk.streams, username)
    say(f"{username} keeps the server, and finds it under Administration, Server.")


@person.command("administrator")
@click.argument("username")
@click.option("--office", "code", required=True, help="The code of the office.")
def administrator_command(username: str, *, code: str) -> None:
    """Let USERNAME administer an office in which nobody who can sign in does; else its administrators do that.

    USERNAME may be of any office. What was done stands in the trail of the office.
    """
    from desk.operations.accounts.rescuing import make_administrator

    why = {
        Reason.INVALID: f"There is no office with the code {code!r}.",
        Reason.ALREADY_DONE: f"{username} administers {code}. To let them in: desk person code {username}",
        Reason.ALREADY_ADMINISTERED: f"Somebody who can sign in administers {code}: they make others administrators, "
        "on the page Staff.",
    }
    with opened() as desk, told(username, why):
        make_administrator(desk.streams, username, code)
    say(f"{username} administers {code} now.")


@person.group("second-factor")
def second_factor() -> None:
    """Help a member of staff who has lost the phone."""


@second_factor.command("remove")
@click.argument("username")
def remove_second_factor(username: str) -> None:
    """Take the second factor of USERNAME away and end their sessions; the password alone lets them in then."""
    from desk.operations.accounts.second_factors import take_away_by_name

    with opened() as desk, told(username, {Reason.ALREADY_DONE: f"{username} has no second factor."}):
        take_away_by_name(desk.streams, username)
    say(f"The second factor of {username} is gone, and their sessions have ended.")
