"""The row of links from report to report; each asks the same question."""

from typing import TYPE_CHECKING, Final

from flask import url_for
from flask_babel import gettext

from desk.wording import N_
from desk.wording.coverage import TITLE
from desk.wording.fairness import PARTS
from desk.wording.follow_ups import REPORT_TITLE
from desk.wording.reports import REPORTS

SATISFACTION: Final = {"ikm": N_("Satisfaction index (IKM)"), "scores": N_("Satisfaction scores")}

if TYPE_CHECKING:
    from desk.web.reports.question import Asked


def tabs(office_id: int, asked: "Asked | None", current: str) -> list[tuple[str, str, bool]]:
    """Return the words and the address of each report, and whether it is the one shown.

    Satisfaction is told by periods of the regulation, so it takes no days along and gives none (`asked` None).
    """
    endpoints = [*((name, f"reports.{name}", words) for name, words in REPORTS.items())]
    endpoints += [(name, f"fairness.{name}", words) for name, words in PARTS.items()]
    arguments = {} if asked is None else asked.arguments
    found = [
        (gettext(words), url_for(endpoint, office_id=office_id, **arguments), name == current)
        for name, endpoint, words in endpoints
    ]
    coverage = url_for("coverage.page", office_id=office_id, **arguments)
    found.append((gettext(TITLE), coverage, current == "coverage"))
    for name, words in SATISFACTION.items():
        found.append((gettext(words), url_for(f"satisfaction.{name}", office_id=office_id), name == current))
    followed = url_for("follow_up_report.page", office_id=office_id)
    found.append((gettext(REPORT_TITLE), followed, current == "follow_ups"))
    return found
