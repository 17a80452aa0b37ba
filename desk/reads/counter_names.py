"""The column in which a query asks what a counter is called: in the place of its name, whatever else is asked."""

from typing import Any, Final

from sqlalchemy import String, cast, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from desk.domain.counter_names import CounterName
from desk.models import Counter

# Between the parts of a name, of which each stands on one line.
_BREAK: Final = "\n"


class _Named(TypeDecorator[CounterName]):
    """Number and both names in one text: an outer join that finds no counter gives None, as it does for a name."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> CounterName | None:
        """Return the parts as one value."""
        if value is None:
            return None
        number, name_en, name = value.split(_BREAK, 2)
        return CounterName(int(number), name, name_en)


NAMED: Final = type_coerce(cast(Counter.number, String) + _BREAK + Counter.name_en + _BREAK + Counter.name, _Named())
