"""Words for the tables and columns of reports."""

from typing import Final

from desk.wording import N_

REPORTS: Final[dict[str, str]] = {
    "waiting": N_("Waiting"),
    "work": N_("Work"),
    "handoffs": N_("Handoffs"),
}
PERIODS: Final[dict[str, str]] = {
    "today": N_("Today"),
    "week": N_("This week"),
    "month": N_("This month"),
    "quarter": N_("This quarter"),
    "year": N_("This year"),
}
TABLES: Final[dict[str, str]] = {
    "all": N_("Altogether"),
    "service": N_("By service"),
    "counter": N_("By counter"),
    "officer": N_("By officer"),
    "hour": N_("By hour and weekday"),
    "day": N_("By day"),
    "month": N_("By month"),
    "spent": N_("Time of transactions by state"),
    "behind": N_("Work without the visitor"),
    "pair": N_("From whom to whom"),
    "place": N_("By queue and pool"),
    "kind": N_("By kind of handoff"),
    "reason": N_("By reason"),
    "decline": N_("Reasons for declining"),
}
# What the first column of a table names, by what its lines are about.
SUBJECTS: Final[dict[str, str]] = {
    "all": N_("Time span"),
    "service": N_("Service"),
    "counter": N_("Counter"),
    "officer": N_("Officer"),
    "hour": N_("Hour"),
    "day": N_("Day"),
    "month": N_("Month"),
    "pair": N_("From and to"),
    "place": N_("Queue or pool"),
    "kind": N_("Kind"),
    "reason": N_("Reason"),
    "decline": N_("Reason"),
}
COLUMNS: Final[dict[str, str]] = {
    "transactions": N_("Transactions"),
    "wait_p50": N_("First wait, median"),
    "wait_p90": N_("First wait, 9 in 10 within"),
    "wait_longest": N_("First wait, longest"),
    "service_level": N_("Service level"),
    "handed": N_("Waited after a handoff"),
    "handed_p50": N_("Handoff wait, median"),
    "handed_p90": N_("Handoff wait, 9 in 10 within"),
    "handed_longest": N_("Handoff wait, longest"),
    "still_waiting": N_("Waiting now"),
    "no_show": N_("No-shows"),
    "left": N_("Left early"),
    "cancelled": N_("Cancelled"),
    "closed_unserved": N_("Closed unserved"),
    "served": N_("Services begun"),
    "service_p50": N_("Time at the counter, median"),
    "service_p90": N_("Time at the counter, 9 in 10 within"),
    "service_longest": N_("Time at the counter, longest"),
    "serving": N_("Serving"),
    "available": N_("On duty and available"),
    "on_break": N_("On break"),
    "occupancy": N_("Occupancy"),
    "waiting": N_("Waiting"),
    "called": N_("Called"),
    "processing": N_("Being processed"),
    "paused": N_("Paused"),
    "processed": N_("Parts processed"),
    "finished": N_("Transactions completed"),
    "processing_p50": N_("Processing, median"),
    "processing_p90": N_("Processing, 9 in 10 within"),
    "processing_longest": N_("Processing, longest"),
    "mean_total": N_("Mean time altogether"),
    "offered": N_("Offered"),
    "accepted": N_("Accepted"),
    "declined": N_("Declined"),
    "expired": N_("Expired"),
    "withdrawn": N_("Withdrawn"),
    "open": N_("Without an answer"),
    "acceptance_p50": N_("Until accepted, median"),
    "acceptance_p90": N_("Until accepted, 9 in 10 within"),
    "acceptance_longest": N_("Until accepted, longest"),
    "taking_p50": N_("Until somebody took it, median"),
    "taking_p90": N_("Until somebody took it, 9 in 10 within"),
    "taking_longest": N_("Until somebody took it, longest"),
    "handed_over": N_("Handed over"),
    "taken": N_("Taken"),
    "lying": N_("Lying there still"),
    "untaken": N_("Never taken"),
    "added_p50": N_("Added wait, median"),
    "added_p90": N_("Added wait, 9 in 10 within"),
    "added_longest": N_("Added wait, longest"),
    "added_sum": N_("Added wait, sum"),
}
# How each report counts; printed with it.
METHODS: Final[dict[str, tuple[str, ...]]] = {
    "waiting": (
        N_(
            "The first wait lasts from taking the number until service begins, the visitor is handed over, or "
            "the wait ends otherwise. Those still waiting count with the wait they have had so far."
        ),
        N_(
            "Service level = served within the time ÷ (served + those nobody had served when the time was "
            "over, whether they left, missed the call, were cancelled or closed unserved, or still wait). Who "
            "went away earlier does not count."
        ),
        N_(
            "A handoff wait is any further wait that began with a handoff, also after an offer that was "
            "declined, withdrawn or expired. Waits after a return to the queue or a new visit belong to "
            "neither."
        ),
        N_("Counter and officer are those who served first. Days are business days by when the number was taken."),
    ),
    "work": (
        N_("Each beginning of service counts, on the day on which it began, for the officer and the counter."),
        N_(
            "Occupancy = time serving ÷ time on duty at a counter and available (breaks left out). It is of "
            "counters: the back office has none, so a dash stands there."
        ),
        N_(
            "Work without the visitor: each stretch for which an officer had a transaction in processing counts as one "
            "part, on the day on which it began, with all its time, nights included; what lies in a pool is nobody's "
            "part yet. Completed are the transactions that ended with such a part. Times on duty there are those at "
            "back-office desks."
        ),
        N_(
            "The time of transactions by state is that of all transactions begun in the time span; time "
            "between an end and a reopening is nobody's."
        ),
    ),
    "handoffs": (
        N_(
            "A handoff counts on the day on which it was offered. Handing over to a service's queue or to a "
            "pool is accepted at once, so times until acceptance are of handoffs to people only."
        ),
        N_(
            "Until somebody took it: from handing over to a queue or a pool until an officer called the visitor, "
            "took the work out of the pool, or accepted it as an offer. What lies there still counts with its "
            "age. Never taken is what ended, was handed on, or lost its visitor before; it counts apart, without "
            "a time."
        ),
        N_("The added wait is what the visitor waited in the queue entries that followed from the handoff."),
    ),
}
PERCENTILES: Final = N_("Percentiles are by nearest rank: a value that occurred, which so many percent did not exceed.")
PEOPLE: Final = N_("People are listed by name, not by figures. Of fewer than 5 cases no figures are shown.")
