"""`desk mail bounce`: what a mail server sends back, piped in from an alias."""

import logging
import sys
from datetime import UTC, datetime
from typing import BinaryIO, Final

import click
from sqlalchemy.exc import SQLAlchemyError

from desk.cli.opening import log_to_stderr, opened, read_settings
from desk.cli.refusing import DOES_NOT_HOLD, Trouble, reason_of
from desk.delivery.bounces import Bounces, Outcome
from desk.delivery.notification import NotANotification, Notification, read_notification
from desk.secret_names import LINKS

LOG: Final = logging.getLogger(__name__)
# More than what a mail server says and returns of a message of ours; longer, hostile headers take the parser minutes.
READ: Final = 128 * 1024


class NotForUs(click.ClickException):
    """The message is not what the command is for."""

    exit_code = DOES_NOT_HOLD


class Later(Trouble):
    """It cannot be done now: by this code (EX_TEMPFAIL) a mail server knows that it is to try again."""

    exit_code = 75


@click.group()
def mail() -> None:
    """Mail: what comes back."""


@mail.command("bounce")
def bounce_command() -> None:
    """Take a delivery status notification (RFC 3464) from standard input.

    Pipe the mail to the sender's address (DESK_MAIL_FROM) into it. A message that came back is given up and shown under
    Messages with the reason; where there is no such mailbox (5.1.x, 5.2.1), the office writes to it no more. The same
    notification again changes nothing, and one about no message of ours neither, nor does what another program answers
    by itself (somebody is away). Only the first 128 KiB count.

    Exit codes: 0 taken, or nothing to do; 1 no such notification (a person's reply, say); 75 not now, try again.
    """
    try:
        notification = read_notification(_first_of(sys.stdin.buffer))
    except NotANotification as error:
        if error.by_machine:
            click.echo(f"Nothing to do: written by a program, but no delivery status notification ({error}).", err=True)
            return
        raise NotForUs(f"This is no delivery status notification ({error}). Nobody reads this mailbox.") from error
    try:
        outcome, delivery_id = _taken(notification)
    except (Trouble, SQLAlchemyError, OSError) as error:
        said = error.message if isinstance(error, Trouble) else reason_of(error)
        raise Later(f"Not now. {said}") from error
    about = "a notification" if delivery_id is None else f"delivery {delivery_id}"
    codes = ", ".join(dict.fromkeys(each.status for each in notification.failures))
    LOG.log(_level(outcome), "%s (%s): %s", about, codes, outcome)


def _first_of(stream: BinaryIO) -> bytes:
    """Return the first `READ` bytes, and take the rest too: a mail server minds a pipe that closes on it."""
    raw = stream.read(READ)
    while stream.read(READ):
        pass
    return raw


def _taken(notification: Notification) -> tuple[Outcome, int | None]:
    settings = read_settings()
    log_to_stderr(settings)
    if not (settings.data / "secrets" / LINKS).exists():  # new ones would know no message
        raise Trouble("The data folder (DESK_DATA) has no secrets: it is another one than the desk's.")
    with opened() as desk:
        return Bounces(desk.streams.engine, settings.secret(LINKS)).take(notification, datetime.now(UTC))


def _level(outcome: Outcome) -> int:
    return logging.WARNING if outcome is Outcome.UNKNOWN else logging.INFO
