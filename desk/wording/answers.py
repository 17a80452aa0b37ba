"""Words for answers to the survey on the pages of the staff."""

from collections.abc import Mapping
from typing import Final

from desk.domain.invitation import Channel, Privacy
from desk.domain.points import PointKind
from desk.domain.redirecting import Correction
from desk.wording import N_

NOT_SHOWN: Final[Mapping[Privacy, str]] = {
    Privacy.CONFIDENTIAL: N_(
        "Answered. What was said is not shown here: the visitor was promised confidence, and it counts in totals only."
    ),
    Privacy.ANONYMOUS: N_(
        "Answered. What was said is not shown here: the answer is anonymous, and nothing leads from this transaction "
        "to it."
    ),
}
THROUGH: Final[Mapping[Channel, str]] = {
    Channel.LINK: N_("Through the visitor's own page"),
    Channel.TICKET: N_("Through the code on the ticket"),
    Channel.RECEIPT: N_("Through the code on the receipt"),
    Channel.EMAIL: N_("Through the link in an e-mail"),
    Channel.PHONE: N_("Through the link in a message to the phone"),
    Channel.TABLET: N_("On a device of the office"),
    Channel.POSTER: N_("Through a poster"),
    Channel.PAPER: N_("On paper"),
}
CORRECTIONS: Final[Mapping[Correction, str]] = {
    Correction.MISTYPED: N_("It was mistyped at check-in"),
    Correction.TOLD_BY_VISITOR: N_("The visitor told us the right one"),
}
POINTS: Final[Mapping[PointKind, str]] = {
    PointKind.POSTER: N_("Poster: visitors scan a code and answer on their own phone"),
    PointKind.TABLET: N_("Tablet: a device at a counter asks after each visitor"),
}
