"""The links from report to report, by what they tell of; each asks the same question."""

from typing import TYPE_CHECKING, Final

from flask import url_for
from flask_babel import gettext

from desk.wording import N_
from desk.wording.coverage import TITLE
from desk.wording.fairness import PARTS
from desk.wording.follow_ups import REPORT_TITLE
from desk.wording.reports import REPORTS

SATISFACTION: Final = {"ikm": N_("Satisfaction index (IKM)"), "scores": N_("Satisfaction scores")}
# By what they tell of: the name of a report, its endpoint and its words.
GROUPS: Final = (
    (N_("Time"), tuple((name, f"reports.{name}", words) for name, words in REPORTS.items())),
    (
        N_("Fairness"),
        tuple((name, f"fairness.{name}", words) for name, words in PARTS.items() if name != "associations"),
    ),
    (
        N_("Satisfaction"),
        (
            *((name, f"satisfaction.{name}", words) for name, words in SATISFACTION.items()),
            ("coverage", "coverage.page", TITLE),
            ("associations", "fairness.associations", PARTS["associations"]),
            ("follow_ups", "follow_up_report.page", REPORT_TITLE),
        ),
    ),
)
# Told by periods of the regulation, so they take no days along and give none.
_WITHOUT_DAYS: Final = (*SATISFACTION, "follow_ups")

if TYPE_CHECKING:
    from desk.web.reports.question import Asked

Tab = tuple[str, str, bool]


def tabs(office_id: int, asked: "Asked | None", current: str) -> list[tuple[str, list[Tab]]]:
    """Return each group's words and its reports: the words and the address of each, and whether it is the one shown."""
    given = {} if asked is None else asked.arguments

    def tab(name: str, endpoint: str, words: str) -> Tab:
        kept = {} if name in _WITHOUT_DAYS else given
        return gettext(words), url_for(endpoint, office_id=office_id, **kept), name == current

    return [(gettext(label), [tab(*each) for each in reports]) for label, reports in GROUPS]


def the_shown(groups: list[tuple[str, list[Tab]]]) -> list[tuple[str, list[Tab]]]:
    """Return only the report that is shown, for who may open no other."""
    return [(label, found) for label, reports in groups if (found := [each for each in reports if each[2]])]
