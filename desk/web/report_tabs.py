"""The row of links from report to report; each asks the same question."""

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext

from desk.wording.fairness import PARTS
from desk.wording.reports import REPORTS

if TYPE_CHECKING:
    from desk.web.report_question import Asked


def tabs(office_id: int, asked: "Asked", current: str) -> list[tuple[str, str, bool]]:
    """Return the words and the address of each report, and whether it is the one shown."""
    endpoints = [*((name, f"reports.{name}", words) for name, words in REPORTS.items())]
    endpoints += [(name, f"fairness.{name}", words) for name, words in PARTS.items()]
    return [
        (gettext(words), url_for(endpoint, office_id=office_id, **asked.arguments), name == current)
        for name, endpoint, words in endpoints
    ]
