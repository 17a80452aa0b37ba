"""Words of the fairness register and of the comparison of officers and handoffs."""

from typing import Final

from desk.wording import N_

PARTS: Final[dict[str, str]] = {
    "fairness": N_("Calls out of order"),
    "priority": N_("Use of priority"),
    "waits": N_("Undue waits"),
    "consistency": N_("Consistency"),
    "associations": N_("What goes along with satisfaction"),
}
LEADS: Final[dict[str, str]] = {
    "fairness": N_(
        "A register, not an accusation: every visitor called before their turn, who called, for which reason, and who"
        " had waited longer."
    ),
    "priority": N_(
        "Special treatment is for elderly people, pregnant women, people with a disability and those with a small child"
        " (UU 25/2009, article 29). Here stands how often it was given, not to whom it was due."
    ),
    "waits": N_(
        "Everyone whose first wait was longer than promised, and all work that passed its promise in working days: by"
        " how long, and what happened then. The Ombudsman calls it undue delay (penundaan berlarut); the lists do not"
        " say why it came about."
    ),
    "consistency": N_(
        "Does it matter who serves you, and what goes along with a change of officer? These figures show what occurs"
        " together, not what causes what: difficult matters take longer and are handed on more often."
    ),
    "associations": N_(
        "Which visitors were more or less satisfied? These figures show what occurs together. None of them says that"
        " one thing brought the other about."
    ),
}
SHIFTS: Final[dict[str, str]] = {"morning": N_("Morning"), "afternoon": N_("Afternoon")}
MEASURES: Final[dict[str, str]] = {
    "first_wait": N_("First wait"),
    "all_waiting": N_("All waiting"),
    "total": N_("Time altogether"),
    "promise_kept": N_("Promised wait kept"),
    "work_kept": N_("Promise in working days kept"),
    "score": N_("Satisfaction"),
}
FACTORS: Final[dict[str, str]] = {
    "waited_over": N_("Waited longer than promised"),
    "handed_on": N_("Was handed on at least once"),
    "officer_changed": N_("More than one officer worked on it"),
    "work_late": N_("Passed its promise in working days"),
    "called_again": N_("Was called more than once"),
    "afternoon": N_("Came in the afternoon"),
}
HANDOFFS: Final[tuple[str, ...]] = (N_("Never handed on"), N_("One handoff"), N_("Two or more handoffs"))
METHODS: Final[dict[str, tuple[str, ...]]] = {
    "fairness": (
        N_(
            "Out of order is a call of a particular visitor, and any call that passed somebody over against the order"
            " of the queue. Calling somebody with priority within the head start is in order."
        ),
        N_("A call that the officer took back within seconds stays in the register, marked, and is not counted."),
        N_("Morning and afternoon part in the middle of the counter's hours, at the longest break if there is one."),
        N_("Shares have 95-percent intervals after Wilson. Under 5 calls no share is shown."),
        N_(
            "Luck: how often chance alone would make the share differ so much from that of all other officers (Fisher's"
            " exact test, corrected after Holm for all comparisons of the table). A small chance makes luck unlikely;"
            " it does not say what the reason is. Under 30 calls nobody is compared or ranked."
        ),
    ),
    "priority": (
        N_("Counted are visits by the day of their number; coming back for an open transaction is not counted again."),
        N_("Who checked in is known for visitors who took their number at the reception."),
        N_("Shares have 95-percent intervals after Wilson. Under 5 visits no share is shown."),
        N_(
            "Luck: how often chance alone would make the share differ so much from that of all other officers (Fisher's"
            " exact test, corrected after Holm). Under 30 check-ins nobody is compared or ranked."
        ),
    ),
    "waits": (
        N_(
            "The first wait runs from the number to the first start of service, or until the visitor was handed to"
            " another queue or the wait ended. Those still waiting count with the wait so far."
        ),
        N_(
            "It is compared with the wait that the service promised when the number was taken, whatever it promises"
            " later. Where check-in did not keep that yet, it is what the service promises today."
        ),
        N_(
            "A promise in working days begins with complete documents and is measured by the office's clock: in"
            " service hours, without pauses that do not count for the office. What has ended counts as it stood at the"
            " end, what is open with the time so far. It stands under the service that has the work."
        ),
        N_("A transaction counts on the day its number was taken. Shares have 95-percent intervals after Wilson."),
    ),
    "consistency": (
        N_("Counted are transactions opened in these days and completed; a handoff counts once it was accepted."),
        N_(
            "Satisfaction is told for whole months, quarters, half years and years: of answers given in them, in whole"
            " percent, like with like by quarter, service and half of the day, and only where it does not tell of fewer"
            " than 5 beside the satisfaction scores."
        ),
        N_(
            "Like with like: the difference from transactions never handed on, for the same service and the same hour"
            " of the day, weighted as those with handoffs are spread."
        ),
        N_("A promise in working days counts for those that have one, by the office's clock as it stood at the end."),
        N_(
            "All intervals are 95%: Student for means, Wilson for shares, pooled variance within service and hour for"
            " differences. Where fewer than 5 can be compared, nothing is shown."
        ),
        N_(
            "Share of variance between officers: intraclass correlation ICC(1) with Wald's exact interval, of the"
            " logarithm of the time at the counter less the mean of its service and hour. Only transactions that one"
            " officer alone handled count, and only services and hours with more than one officer."
        ),
        N_("Under 30 transactions nobody is ranked, under 5 nobody is shown."),
    ),
    "associations": (
        N_(
            "Counted are answers given in this period and tied to a transaction, however it ended, by the questionnaire"
            " that most of them came by, under the service the transaction had then; anonymous answers are not."
        ),
        N_(
            "Satisfaction is the mean of the scored answers, each from the lowest (0) to the highest (100) of its"
            " scale, in whole percent. Intervals of 95 percent after Student, within 0 and 100."
        ),
        N_(
            "Under 5 answers nothing is shown, nor what would tell of fewer than 5 beside the other rows, services,"
            " periods and the satisfaction scores: some figures of many answers are hidden for that."
        ),
        N_(
            "Difference, like with like: among transactions of the same quarter, service and half of the day (the"
            " afternoon: of the same service), as those it holds for are spread, with an interval after Satterthwaite,"
            " in whole percentage points."
        ),
        N_(
            "Rank correlation after Spearman, with the interval of Fieller, Hartley and Pearson: below 0, longer waits"
            " go along with less satisfaction. From 10 answers on."
        ),
        N_(
            "An interval that holds 0 means that no difference is to be seen. Who looks at six things finds"
            " one by chance alone."
        ),
    ),
}
