"""Words of the report of coverage."""

from typing import Final

from desk.domain.invitation import DecisionReason, Undone
from desk.wording import N_

TITLE: Final = N_("Survey coverage")
LEAD: Final = N_(
    "Who was asked and who was not, by rule and not by anybody's choice: from those who could be asked to those who"
    " answered, with every reason on the way."
)
STAGES: Final[dict[str, str]] = {
    "eligible": N_("Eligible"),
    "invited": N_("Invited"),
    "delivered": N_("Delivered"),
    "begun": N_("Begun"),
    "answered": N_("Answered"),
}
ROUTES: Final[dict[str, str]] = {
    "email": N_("By e-mail"),
    "phone": N_("By a message to the phone"),
    "link": N_("By the link on the visitor's page"),
}
NOT_KEPT: Final = N_("Not kept: anonymous answers, and those begun before it was counted")
REASONS: Final[dict[DecisionReason | Undone, str]] = {
    DecisionReason.SURVEY_OFF: N_("The survey was switched off"),
    DecisionReason.SERVICE_EXCLUDED: N_("The service is not asked about"),
    DecisionReason.NOT_SERVED: N_("Nobody served the visitor"),
    DecisionReason.OWN_STAFF: N_("The address is that of a member of staff"),
    DecisionReason.OPTED_OUT: N_("The visitor wants no questions"),
    DecisionReason.NO_CONTACT: N_("No way to reach the visitor"),
    DecisionReason.ASKED_LATELY: N_("The visitor was asked lately"),
    DecisionReason.NOT_SAMPLED: N_("Left out by the draw"),
    Undone.REOPENED: N_("Taken back by reopening, not ended again"),
    Undone.REVOKED: N_("Revoked by hand"),
}
METHODS: Final[tuple[str, ...]] = (
    N_(
        "A transaction counts on the day of its end, when the system decided. One that was opened again since and has"
        " not ended counts there still: as asked if the message had gone out or the answer had come, as not invited if"
        " its invitation was taken back; not at all if it had not been invited. Beside the number that ended stands how"
        " many of them are open again. The officer is who served or worked on it last before that end."
    ),
    N_(
        "Eligible are all that ended, except where the survey was off, the service is not asked about, nobody served"
        " the visitor (unless the office asks them too), or the address is that of a member of staff."
    ),
    N_(
        "Delivered: a mail server took the message over; a link on the visitor's page counts as delivered. Begun: the"
        " visitor turned the first page. Who began or answered counts in every stage before."
    ),
    N_(
        "The channel is what somebody was invited by; the way to the questions is what they opened them through, such"
        " as the code on the ticket although a message came too. Who answered another way than they began counts where"
        " they answered."
    ),
    N_(
        "Taken back by reopening: invitations of the time that a reopening took back and that neither a new end nor the"
        " limit has replaced, and their share of all invited at an end, however few. They count for the officer of that"
        " end; the list says who reopened. Links revoked by hand count for who revoked them."
    ),
    N_(
        "Coverage = invited ÷ eligible. Shares have 95-percent intervals after Wilson. Fewer than 5 eligible"
        " transactions, or 10 of one officer, have no figures."
    ),
    N_(
        "Luck: how often chance alone would make the coverage differ so much from that of all others (Fisher's exact"
        " test, corrected after Holm for all comparisons of the table). Under 30 eligible nobody is compared."
    ),
)
