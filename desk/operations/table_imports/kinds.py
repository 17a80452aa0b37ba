"""Which tables there are."""

from typing import Final

from desk.operations.table_imports.calendars import Calendars
from desk.operations.table_imports.carrying_out import Kind
from desk.operations.table_imports.services import Services
from desk.operations.table_imports.staff import Staff

KINDS: Final[dict[str, Kind]] = {kind.code: kind for kind in (Calendars(), Services(), Staff())}
