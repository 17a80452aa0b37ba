"""The field in which a time zone is chosen: the three of Indonesia first, then all there are."""

from typing import Any, Final

from wtforms import SelectField
from wtforms.validators import InputRequired

from desk.domain.zones import known_zones
from desk.web.forms.fields import lazy
from desk.wording import N_

# What they are called there.
INDONESIA: Final = {
    "Asia/Jakarta": "WIB – Asia/Jakarta",
    "Asia/Makassar": "WITA – Asia/Makassar",
    "Asia/Jayapura": "WIT – Asia/Jayapura",
}
CHOOSE: Final = N_("Choose a time zone.")


def zone_field(**more: Any) -> SelectField:
    """Return the field of a time zone."""
    missing = InputRequired(lazy(CHOOSE))
    return SelectField(lazy(N_("Time zone")), [missing], choices=_offered, invalid_choice_message=lazy(CHOOSE), **more)


def keep_choice(field: SelectField, zone: str) -> None:
    """Let a field show the zone an office has, though it is none that could be chosen now."""
    if zone not in known_zones():
        field.choices = {zone: [(zone, zone)], **_offered()}


def _offered() -> dict[str, list[tuple[str, str]]]:
    others = sorted(known_zones() - INDONESIA.keys())
    return {"Indonesia": list(INDONESIA.items()), "…": [(each, each) for each in others]}
