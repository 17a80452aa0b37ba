"""The faces of an office that is retired: whoever opens one is told so, kindly, instead."""

from flask import abort, g, make_response, render_template

GONE = 410


def turn_away_if_retired() -> None:
    """Answer with the page that says so where the office of the page, which was opened before, is closed for good."""
    if g.office.retired_at is not None:
        abort(make_response(render_template("devices/retired.html"), GONE))
