"""Whether mail can be expected to get out of an office, as far as is known here."""

from enum import StrEnum

from flask_babel import gettext

from desk.domain.opening import Trial
from desk.reads.opening import list_trials
from desk.web.context import desk, reader


class MailDoubt(StrEnum):
    """Why a message may not arrive."""

    NOT_SET_UP = "not_set_up"
    TRIAL_FAILED = "trial_failed"


def find_mail_doubt(office_id: int) -> MailDoubt | None:
    """Return why mail of this office may get nowhere; None where nothing speaks against it."""
    if desk().settings.mail.host is None:
        return MailDoubt.NOT_SET_UP
    tried = list_trials(reader(), office_id).get(Trial.MESSAGE)
    return MailDoubt.TRIAL_FAILED if tried is not None and not tried.succeeded else None


def said_of_link(office_id: int) -> str:
    """Return what is said once a link was asked for."""
    match find_mail_doubt(office_id):
        case None:
            return gettext("A link is on its way. An older link or code of theirs works no more.")
        case MailDoubt.NOT_SET_UP:
            return gettext(
                "A link waits: no mail server is set up, so it goes nowhere yet. Make a one-time code instead."
            )
        case MailDoubt.TRIAL_FAILED:
            return gettext(
                "A link waits to be sent, but the last trial message failed. Look under Messages whether it goes out, "
                "or make a one-time code instead."
            )
