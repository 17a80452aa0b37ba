"""The office's own reasons for priority in words: for choosing, and for telling what was chosen, retired or not."""

from typing import Any

from flask import g
from flask_babel import gettext
from wtforms import SelectChoice

from desk.reads.priority_reasons import PriorityReasonView, list_priority_reasons
from desk.web.context import language, reader
from desk.wording.reasons import WORDS


def priority_reasons() -> dict[str, PriorityReasonView]:
    """Return the reasons of the page's office by their codes; read once a request."""
    if "office" not in g:  # a page that is about no office
        return {}
    if not hasattr(g, "priority_reasons"):
        g.priority_reasons = {each.code: each for each in list_priority_reasons(reader(), g.office.id)}
    found: dict[str, PriorityReasonView] = g.priority_reasons
    return found


def priority_choices(given: str | None = None) -> list[SelectChoice]:
    """Return what may be chosen, in the order of the office's list; what was given before stays among it."""
    return [
        SelectChoice(each.code, each.label[language()])
        for each in priority_reasons().values()
        if not each.retired or each.code == given
    ]


def priority_word(code: Any) -> str:
    """Return why a visitor has priority, in the office's words; only that they have, where no reason is told."""
    known = priority_reasons().get(str(code))
    if known is not None:
        return known.label[language()]
    return gettext(WORDS[code]) if code in WORDS else str(code or gettext("Priority"))
