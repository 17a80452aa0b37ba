"""Which button of a survey's page was pressed; by a link, at a poster and at a tablet alike."""

from flask import request, session
from flask_babel import refresh

from desk.web.locale import LANGUAGES


def asked_turn() -> tuple[str, str]:
    """Return where the visitor goes, and in which detail; one who chooses a language has it from here on."""
    go, _, detail = request.form.get("go", "next").partition(":")
    if go == "language" and detail in LANGUAGES:
        session["language"] = detail
        refresh()
    return go, detail
