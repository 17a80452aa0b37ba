"""What an administrator reads when a setting cannot be so, and the HTTP status that goes with it."""

from typing import Final

from desk.domain.refusals import Reason
from desk.wording import N_
from desk.wording.console_refusals import OF_CONSOLE

OF_SETTINGS: Final[dict[Reason, tuple[int, str]]] = {
    **OF_CONSOLE,
    Reason.COUNTER_NUMBER_TAKEN: (
        409,
        N_("The number %(number)s is in use already, at “%(name)s”. Choose another number."),
    ),
    Reason.COUNTER_IN_USE: (
        409,
        N_("It is in use by %(who)s now. It can be retired once nobody is on duty or served there."),
    ),
    Reason.COUNTER_OFFERED_TO: (
        409,
        N_("A visitor is offered to this counter. It can be retired once the offer is answered or withdrawn."),
    ),
    Reason.LAST_COUNTER: (409, N_("This is the last counter that visitors can be called to. Add another one first.")),
    Reason.NAME_TAKEN: (409, N_("“%(name)s” is in use already. Choose another name.")),
    Reason.LAST_REASON: (
        409,
        N_("This is the last reason that can be chosen. Add another one first, then retire this one."),
    ),
    Reason.LAST_PRIORITY_REASON: (
        409,
        N_(
            "This is the last reason for priority that can be chosen: without one nobody could ask for it. Add another "
            "one first, then retire this one."
        ),
    ),
    Reason.NO_HOURS_SOON: (
        409,
        N_(
            "That calendar has no open hours in the 14 days from then on, so the service would be closed. Choose "
            "another calendar or day, or confirm that it is meant so."
        ),
    ),
    Reason.CALENDAR_IN_USE: (
        409,
        N_(
            "It is kept, now or from a planned day on, by the services with these letters: %(letters)s. Let them keep "
            "another calendar first, or take back what is planned."
        ),
    ),
    Reason.CALENDAR_RETIRED: (409, N_("This calendar is retired. Bring it back first, or choose another one.")),
    Reason.LAST_WEEK: (
        409,
        N_("These are the only hours of this calendar. Give it others from that day on, or retire the calendar."),
    ),
    Reason.PLAN_ALTERED: (
        409,
        N_(
            "This is not what was planned: the record was changed outside of the desk, so it was not carried out. Look "
            "at desk doctor, and plan it again."
        ),
    ),
    Reason.POOL_NOT_EMPTY: (
        409,
        N_("%(count)s transactions lie in this pool. It can be retired once they are taken over or handed on."),
    ),
    Reason.DAY_NEEDS_PLAN: (
        409,
        N_(
            "The time zone and the start of the business day say which day it is, so they cannot change in the middle "
            "of one. Choose a later day on which it takes effect."
        ),
    ),
    Reason.VISITORS_IN_THE_HOUSE: (
        409,
        N_(
            "Somebody is waiting, being served or on duty. Close the day, let everybody sign off, and plan the change "
            "for a day that begins with an empty house."
        ),
    ),
    Reason.OFFICE_RETIRED: (
        410,
        N_(
            "This office is closed for good: it gives out no numbers, and nobody is on duty there. Please turn to "
            "another office."
        ),
    ),
    Reason.LAST_OFFICE: (
        409,
        N_("This is the last office in use: without one nobody could take a number. Open another one first."),
    ),
    Reason.OFFICE_AT_WORK: (
        409,
        N_(
            "The office is still at work. Visitors waiting: %(waiting)s; transactions not ended: %(unfinished)s; "
            "offers not answered: %(offers)s; requests not answered: %(requests)s; on duty: %(on_duty)s. Bring these "
            "to an end, then retire it."
        ),
    ),
    Reason.LETTER_TAKEN: (409, N_("Another service in use has the letter %(letter)s already. Choose another letter.")),
    Reason.LETTER_GIVEN_TODAY: (
        409,
        N_(
            "Numbers with the letter %(letter)s were given out today. Let the change take effect tomorrow or later, or "
            "choose another letter."
        ),
    ),
    Reason.HEAD_UNFIT: (
        409,
        N_("The head of a queue must be an officer or a supervisor who works here. Choose somebody from the list."),
    ),
    Reason.LAST_SERVICE: (
        409,
        N_("This is the last service in use: without one nobody could take a number. Add another one first."),
    ),
    Reason.LAST_TO_SERVE: (
        409,
        N_(
            "Nobody would serve the services with these letters any more, and no numbers would be given out for them:"
            " %(letters)s. Confirm that it is meant so, or leave somebody who serves them."
        ),
    ),
    Reason.STILL_WAITED_FOR: (
        409,
        N_(
            "People wait for the services with these letters, and nobody else could call them: %(letters)s. Leave"
            " somebody who serves them, or wait until the last one was called."
        ),
    ),
    Reason.PAIRING_CODE_UNKNOWN: (
        422,
        N_(
            "No device shows this code now. Read it from the device once more: a code is good for ten minutes and for"
            " one pairing."
        ),
    ),
    Reason.DEVICE_UNPAIRED: (
        410,
        N_("This device has been unpaired. Pair it anew, or ask an administrator of the office."),
    ),
    Reason.ONLY_PAIRED_KIOSKS: (
        403,
        N_(
            "Only paired kiosks issue numbers here. Take a number with your phone by the code at the door, or ask an"
            " officer."
        ),
    ),
    Reason.ONLY_PAIRED_DISPLAYS: (
        403,
        N_("Only paired displays show the calls of this office. Pair this screen first."),
    ),
    Reason.NO_OPEN_HOURS: (422, N_("The calendar would have no open hours. Give at least one day its hours.")),
    Reason.DATE_OUT_OF_RANGE: (
        422,
        N_("Choose another date: hours and assignments begin today or later, and at most ten years ahead."),
    ),
    Reason.NAME_UNFIT: (422, N_("Give a name of 1 to 200 characters.")),
    Reason.CLOSED_ALREADY: (409, N_("The calendar has an entry for this date already. Remove that one first.")),
}
