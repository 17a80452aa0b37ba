"""The words that come with the desk, written as an office's own would be: what one begins from to say it otherwise."""

from typing import Final

from desk.delivery import case_message, message
from desk.delivery.wording import gettext_of
from desk.domain.invitation import Channel
from desk.domain.message_words import Part, TextKind
from desk.wording import N_

_Worded = dict[Part, tuple[str, ...]]
# By part the paragraphs, each of messages of the catalog and line breaks.
_LINK: Final = "{link}"
_CAME: Final = "On %(day)s you came to %(office)s with number %(number)s."
_SERVICE: Final = "Service: %(services)s"
_UNTIL: Final = N_("The link works until %(day)s.")
_VOLUNTARY: Final = "Answering is voluntary and changes nothing about your request."
_ASK: Final = "How was our service?"
_WROTE: Final = "On %(day)s you wrote to us."
_DUE: Final = "It was due on %(day)s and is still open."
_TOLD: Final = "The supervisors were told before."
_SINCE: Final = "We asked you some days ago and have no answer yet. This is our only reminder."

_MAIL: Final[dict[TextKind, _Worded]] = {
    TextKind.INVITATION: {
        Part.SUBJECT: (message.SUBJECT,),
        Part.GREETING: (_ASK,),
        Part.BODY: (_CAME, "\n", _SERVICE, "\n\n", "Please tell us how it was.", "\n\n", _LINK, "\n\n", _UNTIL),
        Part.BUTTON: ("Tell us how it was",),
        Part.CLOSING: (_VOLUNTARY,),
    },
    TextKind.REMINDER: {
        Part.SUBJECT: (message.REMINDER_SUBJECT,),
        Part.GREETING: (_ASK,),
        Part.BODY: (_CAME, "\n", _SERVICE, "\n\n", _SINCE, "\n\n", _LINK, "\n\n", _UNTIL),
        Part.BUTTON: ("Tell us how it was",),
        Part.CLOSING: (_VOLUNTARY,),
    },
    TextKind.VOICE_RECEIVED: {
        Part.SUBJECT: (case_message.RECEIVED,),
        Part.GREETING: ("We have received what you wrote",),
        Part.BODY: (_WROTE, "\n\n", _LINK),
        Part.BUTTON: ("See what became of it",),
    },
    TextKind.VOICE_ANSWERED: {
        Part.SUBJECT: (case_message.ANSWERED,),
        Part.GREETING: ("There is an answer",),
        Part.BODY: (_WROTE, "\n\n", _LINK),
        Part.BUTTON: ("Read the answer",),
    },
    TextKind.COMPLAINT_LATE: {
        Part.SUBJECT: (case_message.LATE_COMPLAINT,),
        Part.GREETING: ("Complaint %(reference)s is late",),
        Part.BODY: (_DUE,),
    },
    TextKind.COMPLAINT_STILL_LATE: {
        Part.SUBJECT: (case_message.STILL_LATE_COMPLAINT,),
        Part.GREETING: ("Complaint %(reference)s is late",),
        Part.BODY: (_DUE, "\n", _TOLD),
    },
    TextKind.FOLLOW_UP_LATE: {
        Part.SUBJECT: (case_message.LATE_FOLLOW_UP,),
        Part.GREETING: ("Follow-up %(reference)s is late",),
        Part.BODY: (_DUE,),
    },
    TextKind.FOLLOW_UP_STILL_LATE: {
        Part.SUBJECT: (case_message.STILL_LATE_FOLLOW_UP,),
        Part.GREETING: ("Follow-up %(reference)s is late",),
        Part.BODY: (_DUE, "\n", _TOLD),
    },
}
_PHONE: Final[dict[TextKind, str]] = {
    TextKind.INVITATION: "%(office)s, number %(number)s on %(day)s. How was our service? %(link)s",
    TextKind.REMINDER: "Reminder: %(office)s, number %(number)s on %(day)s. How was our service? %(link)s",
    TextKind.VOICE_RECEIVED: "%(office)s has received what you wrote. What becomes of it: %(link)s",
    TextKind.VOICE_ANSWERED: "%(office)s has answered what you wrote: %(link)s",
}
_NAMED: Final = {
    "office": "{office}",
    "number": "{number}",
    "services": "{service}",
    "reference": "{reference}",
    "link": _LINK,
}


def shipped_words(kind: TextKind, channel: Channel, language: str) -> dict[Part, str]:
    """Return the words that come with the desk; they say what every message of the kind says, and no more."""
    gettext = gettext_of(language)

    def worded(text: str) -> str:
        if text.isspace() or text == _LINK:
            return text
        day = "{until}" if text == _UNTIL else "{date}"
        return gettext(text) % {**_NAMED, "day": day} if "%(" in text else gettext(text)

    if channel is Channel.PHONE:
        return {Part.TEXT: worded(_PHONE[kind])}
    return {part: "".join(worded(each) for each in texts) for part, texts in _MAIL[kind].items()}
