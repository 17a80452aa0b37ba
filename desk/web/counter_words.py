"""What counters are called on pages: in the language of whoever reads them."""

from flask import Blueprint
from flask_babel import gettext

from desk.domain.counter_names import CounterName
from desk.web.context import language
from desk.wording import counters

blueprint = Blueprint("counter_words", __name__)  # no page: it brings what the templates ask


@blueprint.app_template_filter("called")
def called(name: CounterName | str | None) -> str:
    """Return what a counter is called, nothing for none; the name of a pool or a queue stays as it is."""
    return counters.called(name, language(), gettext) if isinstance(name, CounterName) else name or ""
