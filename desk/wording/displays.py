"""What a display says of its own accord, what is ready for an emergency, and the languages of displays in words."""

from typing import Final

from desk.domain.displays import Urgent
from desk.wording import N_
from desk.wording.counters import NUMBERED

WORDS: Final[dict[str, str]] = {
    "heading": N_("Queue numbers and counters"),
    "go": N_("Please go to the counter"),
    "counter": N_("Counter"),
    "call": N_("Queue number %(number)s, please go to %(counter)s"),
    "numbered": NUMBERED,
    "nobody": N_("Nobody is being called at the moment."),
    "here": N_("At the counters"),
    "waiting": N_("Waiting"),
    "before": N_("Called before"),
    "wait": N_("Please wait until your number is called."),
    "trial": N_("TRIAL"),
    "trial_words": N_("This is a trial. Nobody is called."),
    "trial_counter": N_("Nobody is called"),
    "closed": N_("Closed"),
    "closed_for_long": N_("Closed until further notice."),
    "opens_today": N_("We open again today at %(time)s."),
    "opens_tomorrow": N_("We open tomorrow at %(time)s."),
    "opens_on": N_("We open on %(day)s at %(time)s."),
    "emergency": N_("Emergency"),
    "stale": N_("No connection since"),
    "age": N_("What you see is this old:"),
    "mute": N_("This display has no sound"),
    "mute_how": N_(
        "Press a key, or touch or click here once. To have sound after every start, allow it for this page in the"
        " settings of the browser."
    ),
    "sound_on": N_("Turn the sound on"),
    "quiet": N_("Quiet hours: calls are only shown."),
    "try_sound": N_("Try the sound"),
}
URGENT: Final[dict[Urgent, str]] = {
    Urgent.LEAVE: N_("Please leave the building now. Follow the staff."),
    Urgent.STAY: N_("Please stay where you are and wait for the staff."),
    Urgent.WAY: N_("Please make way: help is on its way to somebody."),
}
LANGUAGES: Final[dict[str, str]] = {
    "both": N_("Indonesian and English in turn"),
    "id": N_("Indonesian only"),
    "en": N_("English only"),
}
