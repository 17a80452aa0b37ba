"""What became of messages, in words for staff: why one was not sent after all, what stopped it. Used by `desk.web`."""

from collections.abc import Mapping
from typing import Final

from desk.domain.invitation import Channel
from desk.domain.messages import MessageKind
from desk.domain.refusals import Reason
from desk.wording import N_

CANCELLED: Final[Mapping[str, str]] = {
    Reason.LINK_USED.value: N_("The visitor had answered already"),
    Reason.LINK_EXPIRED.value: N_("The time to answer was over"),
    Reason.LINK_REVOKED.value: N_("Its link was taken back"),
    Reason.LINK_WITHDRAWN.value: N_("Its link was taken back"),
    Reason.WANTS_NO_QUESTIONS.value: N_("The visitor wants no questions"),
    Reason.NO_LONGER_POSSIBLE.value: N_("It was no longer possible"),
    Reason.UNKNOWN.value: N_("What it was about is not there any more"),
    Reason.ALREADY_DONE.value: N_("What it was about had been done"),
    Reason.FORBIDDEN.value: N_("It was not for this person any more"),
    Reason.IN_THE_CHAIN.value: N_("Whoever it was for had a hand in the matter since"),
    "erased": N_("The personal data were erased"),
}
# Where a message about a complaint means something else by the same reason.
CANCELLED_ABOUT_CASES: Final[Mapping[str, str]] = {
    **CANCELLED,
    Reason.LINK_REVOKED.value: N_("Another answer took the place of this one"),
}
CANCELLED_ABOUT_ACCOUNTS: Final[Mapping[str, str]] = {
    **CANCELLED,
    Reason.LINK_EXPIRED.value: N_("Its link had expired"),
    Reason.LINK_REVOKED.value: N_("Its link was used, or a newer one took its place"),
}
ABOUT_ACCOUNTS: Final[Mapping[MessageKind, str]] = {
    MessageKind.INVITED: N_("A link to choose the first password"),
    MessageKind.RESET: N_("A link to choose a new password"),
    MessageKind.SECURED: N_("What lets them in was changed"),
}
# What the desk itself says of an attempt; everything else are the words of the other side, and stand as they came.
STOPPED: Final[Mapping[str, str]] = {
    "no worker lived long enough to say what became of it": N_(
        "Nobody knows what became of it: the worker was stopped"
    ),
    "the mail server does not take addresses outside of ASCII": N_(
        "The mail server takes no addresses with letters like é"
    ),
    "the message itself came back": N_("The message that it reminds of came back"),
    "the gateway: not delivered": N_("The gateway: not delivered"),
}
# By what the visitor is asked in place of a message that was given up, and whether that went out already.
ASKS_INSTEAD: Final[Mapping[tuple[Channel, bool], str]] = {
    (Channel.EMAIL, True): N_("An e-mail went out instead"),
    (Channel.EMAIL, False): N_("An e-mail waits to go out instead"),
    (Channel.PHONE, True): N_("A message to the phone went out instead"),
    (Channel.PHONE, False): N_("A message to the phone waits to go out instead"),
}
MAKING_FAILED: Final = " while the message was made"
CANNOT_BE_MADE: Final = N_("The message could not be made (%(error)s)")
FROM: Final[Mapping[str, str]] = {
    "the gateway: ": N_("The gateway: %(said)s"),
    "the mail server: ": N_("The mail server: %(said)s"),
}
