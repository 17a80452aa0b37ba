"""`desk mail bounce`: what a mail server sends back, piped in from an alias."""

import logging
import sys
from datetime import UTC, datetime
from typing import Final

import click
from sqlalchemy.exc import SQLAlchemyError

from desk.cli.opening import log_to_stderr, opened, read_settings
from desk.cli.refusing import DOES_NOT_HOLD, Trouble, reason_of
from desk.delivery.bounces import Bounces, Outcome
from desk.delivery.notification import NotANotification, Notification, read_notification

LOG: Final = logging.getLogger(__name__)
LONGEST: Final = 10 * 1024 * 1024  # more than any mail server returns of a message of ours


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
    notification again changes nothing, and one about no message of ours neither.

    Exit codes: 0 taken, or nothing to do; 1 no such notification (a person's reply, say); 75 not now, try again.
    """
    raw = sys.stdin.buffer.read(LONGEST + 1)
    try:
        if len(raw) > LONGEST:
            raise NotANotification("longer than any")
        notification = read_notification(raw)
    except NotANotification as error:
        raise NotForUs(f"This is no delivery status notification ({error}). Nobody reads this mailbox.") from error
    try:
        outcome, delivery_id = _taken(notification)
    except (Trouble, SQLAlchemyError, OSError) as error:
        said = error.message if isinstance(error, Trouble) else reason_of(error)
        raise Later(f"Not now. {said}") from error
    about = "a notification" if delivery_id is None else f"delivery {delivery_id}"
    codes = ", ".join(each.status for each in notification.failures)
    LOG.log(_level(outcome), "%s (%s): %s", about, codes, outcome)


def _taken(notification: Notification) -> tuple[Outcome, int | None]:
    settings = read_settings()
    log_to_stderr(settings)
    with opened() as desk:
        return Bounces(desk.streams.engine, settings.secret("links")).take(notification, datetime.now(UTC))


def _level(outcome: Outcome) -> int:
    return logging.WARNING if outcome is Outcome.UNKNOWN else logging.INFO
