"""What went wrong with a message by its kind, for whoever set the mail server.

They may name any host, so no words of what answers there are told: that would let the desk look around in a network.
"""

import re
from typing import Final

from desk.delivery.addresses import UnusableAddress
from desk.delivery.sending import NoSuchMailbox, Rejected, SendingFailed, Unreachable
from desk.wording import N_

_SIGN_IN: Final = re.compile(r"5(30|34|35|38) ")
_CODE: Final = re.compile(r"[45]\d\d ")
NO_ADDRESS: Final = N_("Your address or the sender’s is no address that mail servers take.")
NO_SENDER: Final = N_("The sender is no address. Set another one.")
NO_MAILBOX: Final = N_("The mail server knows no mailbox of your address.")
REFUSED: Final = N_("The mail server refuses this message: look whether it lets you send from the sender’s address.")
NO_SIGN_IN: Final = N_("The mail server refuses the user name or the password.")
NOT_TAKEN: Final = N_("The mail server does not take us: look at the sender, the user name and STARTTLS.")
AWAY: Final = N_("No mail server can be reached: look at its name, the port and STARTTLS.")
LATER: Final = N_("The mail server does not take the message now. Try again in some minutes.")


# The first that fits; what says nothing of the message is looked at closer.
_KINDS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (UnusableAddress, NO_ADDRESS),
    (NoSuchMailbox, NO_MAILBOX),
    (Rejected, REFUSED),
    (SendingFailed, LATER),
    (UnicodeError, NO_SIGN_IN),
)


def fault_of(error: SendingFailed | UnusableAddress | ValueError) -> str:
    """Return what went wrong, as a message id."""
    if isinstance(error, Unreachable):
        return _of_server(str(error))
    return next((words for kind, words in _KINDS if isinstance(error, kind)), NO_SENDER)


def _of_server(words: str) -> str:
    if _SIGN_IN.match(words):
        return NO_SIGN_IN
    return NOT_TAKEN if _CODE.match(words) else AWAY
