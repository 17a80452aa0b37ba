"""An officer's own day in numbers; nobody else opens it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from desk.reads.office_day import get_day
from desk.reads.own_day import get_own_day
from desk.reports.telling import FEWEST_OF_OFFICER
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import desk, get_office, reader
from desk.web.counter.story_words import spell

blueprint = Blueprint("own_day", __name__)


@blueprint.get("/offices/<int:office_id>/my-day")
@access(AT_THE_FRONT)
def page(office_id: int) -> ResponseReturnValue:
    """Show the day of whoever asks, made to be printed too."""
    get_office(office_id)
    at = desk().streams.clock()
    day = get_day(reader(), office_id, at=at)
    own = get_own_day(reader(), office_id, current_user.id, at=at, day=day)
    return render_template("console/day.html", own=own, today=day.today, words=spell, fewest=FEWEST_OF_OFFICER)
