"""What is said no to about people, their passwords and one-time codes: status and words by reason."""

from collections.abc import Mapping
from typing import Final

from desk.domain.refusals import Reason
from desk.wording import N_

OF_ACCOUNTS: Final[Mapping[Reason, tuple[int, str]]] = {
    Reason.TOO_SHORT: (
        422,
        N_("Use at least %(fewest)s characters. Several words with spaces between them are easy to remember."),
    ),
    Reason.TOO_LONG: (422, N_("Use at most %(most)s characters.")),
    Reason.BREACHED_OFTEN: (
        422,
        N_("This password is on the list of those that attackers try first. Choose another one."),
    ),
    Reason.NAMES_ONLY: (
        422,
        N_("This is little more than your name, the office’s or a word of this program. Add words of your own."),
    ),
    Reason.LOOKS_LONG: (
        422,
        N_("This only looks long: it repeats itself or follows the keyboard. Choose several unrelated words."),
    ),
    Reason.SAME_AS_BEFORE: (422, N_("This is the password you have already. Choose another one.")),
    Reason.ONE_TIME_CODE_UNKNOWN: (
        422,
        N_("This code is not right, was used already, or its time is over. Check it, or ask for a new one."),
    ),
    Reason.LAST_ADMINISTRATOR: (
        409,
        N_("Nobody else who can sign in administers %(office)s. Make somebody else an administrator there first."),
    ),
    Reason.LAST_KEEPER: (
        409,
        N_(
            "Nobody else who can sign in keeps the server. Let another administrator keep it first, on the page Server."
        ),
    ),
    Reason.KEEPERS_ONLY: (403, N_("This is for who keeps the server only: %(keepers)s.")),
    Reason.NOBODY_KEEPS_SERVER: (
        403,
        N_(
            "This is for who keeps the server only, and nobody does at present. Whoever runs the server names somebody "
            "with `desk person keeps-server`."
        ),
    ),
    Reason.NOT_AN_ADMINISTRATOR: (
        409,
        N_("Only somebody who administers an office can keep the server. Give them that role first."),
    ),
    Reason.ALREADY_ADMINISTERED: (
        409,
        N_("Somebody who can sign in administers this office. They give others their roles, on the page Staff."),
    ),
    Reason.USERNAME_TAKEN: (
        422,
        N_("Somebody has this user name already. Choose another one, or add them as a colleague of another office."),
    ),
    Reason.USERNAME_UNFIT: (
        422,
        N_("Use 3 to 80 small letters, digits, dots, hyphens and underscores, beginning with a letter or a digit."),
    ),
    Reason.ROLES_MISSING: (422, N_("Choose at least one role. Whoever leaves for good is deactivated instead.")),
    Reason.WORKS_HERE: (409, N_("This person works in this office already. Change their roles instead.")),
    Reason.NO_MAIL_ADDRESS: (
        409,
        N_("This person has no e-mail address that an administrator has entered. Make a one-time code instead."),
    ),
    Reason.DEACTIVATED: (409, N_("This person is deactivated. Reactivate them first.")),
    Reason.SECOND_FACTOR_FIRST: (
        409,
        N_("Set up a second factor of your own first, on the page “Second factor”. Then demand it of others."),
    ),
    Reason.SECOND_FACTOR_DEMANDED: (
        409,
        N_("Your office demands a second factor of you. You can replace it, but not remove it."),
    ),
    Reason.NOT_ONES_OWN_FACTOR: (
        409,
        N_("This is your own second factor. Replace or remove it on the page “Second factor”, with a code."),
    ),
    Reason.CODE_UNFIT: (422, N_("This code is not right. Type the code that the app shows now.")),
    Reason.FACTOR_KEY_MISSING: (
        409,
        N_(
            "The server lacks the key that seals second factors, so none can be set up. Tell whoever runs the server: "
            "they put the file of the key back."
        ),
    ),
    Reason.ACCOUNT_LINKED: (
        409,
        N_("This account is linked to another person. Ask an administrator which of you it belongs to."),
    ),
}
