"""The office's own reasons in words: for choosing, and for telling what was chosen, retired or not."""

from typing import Any

from flask import g
from flask_babel import gettext
from wtforms import SelectChoice

from desk.domain.facts import EventName
from desk.domain.handoffs import ReasonKind
from desk.reads.handoff_reasons import OfficeReason, list_reasons
from desk.reads.story import HANDED_ON
from desk.web.context import language, reader
from desk.wording.reasons import WORDS


def office_reasons() -> dict[tuple[str, str], OfficeReason]:
    """Return the reasons of the page's office; read once a request."""
    if not hasattr(g, "office_reasons"):
        found = list_reasons(reader(), g.office.id)
        g.office_reasons = {(each.kind, each.code): each for each in found}
    reasons: dict[tuple[str, str], OfficeReason] = g.office_reasons
    return reasons


def reason_choices(kind: ReasonKind) -> list[SelectChoice]:
    """Return what may be chosen, in the order of the office's list."""
    listed = office_reasons().values()
    return [
        SelectChoice(each.code, each.label[language()])
        for each in listed
        if each.kind == kind.value and not each.retired
    ]


def reasons_with_note(kind: ReasonKind) -> frozenset[str]:
    """Return the codes that say too little without a note."""
    return frozenset(each.code for each in office_reasons().values() if each.kind == kind.value and each.needs_note)


def handoff_word(code: Any) -> str:
    """Return why custody was passed on, in the office's words."""
    return _word(ReasonKind.HANDOFF, code)


def decline_word(code: Any) -> str:
    """Return why an offer was declined, in the office's words."""
    return _word(ReasonKind.DECLINE, code)


def pause_word(code: Any) -> str:
    """Return what a paused transaction waits for, in the office's words."""
    return _word(ReasonKind.PAUSE, code) if code else ""


def reason_of(name: EventName, code: Any) -> str:
    """Return the reason that an event tells, in words."""
    if name in HANDED_ON:
        return handoff_word(code)
    return decline_word(code) if name is EventName.HANDOFF_DECLINED else _plain(code)


def _word(kind: ReasonKind, code: Any) -> str:
    listed = office_reasons().get((kind.value, str(code)))
    return _plain(code) if listed is None else listed.label[language()]


def _plain(code: Any) -> str:
    return gettext(WORDS[code]) if code in WORDS else str(code or "")
