"""What is said of a service that was retired or is offered again: what becomes of whoever waits, by the facts."""

from flask_babel import gettext, ngettext

from desk.reads.served import list_queues, list_served
from desk.web.context import reader


def retired_words(office_id: int, service_id: int) -> str:
    """Return what becomes of whoever waits for a service that was retired."""
    queue = list_queues(reader(), office_id).get(service_id)
    if queue is None:
        return gettext("No new numbers are given out for it. Nobody waits for it.")
    if service_id in list_served(reader(), office_id):
        return ngettext(
            "No new numbers are given out for it. The %(num)d visitor who waits is still called.",
            "No new numbers are given out for it. The %(num)d visitors who wait are still called.",
            queue.waiting,
        )
    return ngettext(
        "No new numbers are given out for it. %(num)d visitor waits, and nobody may call them: say who under “Who "
        "serves what”.",
        "No new numbers are given out for it. %(num)d visitors wait, and nobody may call them: say who under “Who "
        "serves what”.",
        queue.waiting,
    )


def returned_words(office_id: int, service_id: int) -> str:
    """Return what holds of a service that is offered again."""
    if service_id in list_served(reader(), office_id):
        return gettext("The service is offered again.")
    return gettext("The service is in use again. It gives out numbers once somebody serves it: say who does.")
