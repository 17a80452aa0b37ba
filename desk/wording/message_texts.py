"""The messages an office can word for itself, in words: what they are, what stands in them, what is wrong with them."""

from collections.abc import Mapping
from typing import Final

from desk.domain.invitation import Channel
from desk.domain.message_words import Fault, Part, TextKind
from desk.wording import N_

KINDS: Final[Mapping[TextKind, str]] = {
    TextKind.INVITATION: N_("Invitation to the survey"),
    TextKind.REMINDER: N_("Reminder of the survey"),
    TextKind.VOICE_RECEIVED: N_("A complaint or suggestion came in"),
    TextKind.VOICE_ANSWERED: N_("A complaint or suggestion was answered"),
    TextKind.COMPLAINT_LATE: N_("To staff: a complaint is late"),
    TextKind.COMPLAINT_STILL_LATE: N_("To staff: a complaint is still late"),
    TextKind.FOLLOW_UP_LATE: N_("To staff: a follow-up is late"),
    TextKind.FOLLOW_UP_STILL_LATE: N_("To staff: a follow-up is still late"),
}
CHANNELS: Final[Mapping[Channel, str]] = {
    Channel.EMAIL: N_("E-mail"),
    Channel.PHONE: N_("Message to the phone"),
}
PARTS: Final[Mapping[Part, str]] = {
    Part.SUBJECT: N_("Subject"),
    Part.GREETING: N_("Heading"),
    Part.BODY: N_("Text"),
    Part.BUTTON: N_("Words of the button"),
    Part.CLOSING: N_("Closing"),
    Part.TEXT: N_("Message"),
}
PLACEHOLDERS: Final[Mapping[str, str]] = {
    "link": N_("the link, a button where it stands on a line of its own"),
    "number": N_("the queue number"),
    "office": N_("the name of the office"),
    "service": N_("the services of the visit"),
    "date": N_("the day it is about"),
    "until": N_("the last day of the link"),
    "reference": N_("the number of the case"),
}
# With %(name)s, %(count)d and %(most)d filled in.
FAULTS: Final[Mapping[Fault, str]] = {
    Fault.EMPTY: N_("Write what is to be sent here."),
    Fault.TOO_LONG: N_("%(count)d characters are too many. Shorten it to %(most)d."),
    Fault.UNKNOWN: N_("{%(name)s} means nothing here. Use one of the placeholders that stand above."),
    Fault.STRAY_BRACE: N_("Take out the brace, or write a placeholder such as {office}. Braces mean nothing else."),
    Fault.NO_LINK: N_("Put {link} where the link is to stand. Nobody could answer without it."),
    Fault.LINK_TWICE: N_("Leave {link} in one place only."),
}
TOO_MANY: Final = N_("This would go out as %(count)d messages, each of which costs. Shorten it to %(most)d.")
