"""Every module that can plan changes: whoever carries them out comes through here, so that every kind is known."""

from importlib import import_module
from typing import Final

from desk.operations.settings.carrying_out import REFUSED, carry_out_due, offices_with_due_changes
from desk.operations.settings.planned import known_kinds

__all__ = ["PLANNING", "REFUSED", "carry_out_due", "known_kinds", "offices_with_due_changes"]
# Each registers its kinds when it is imported (tests/guards/test_plannable.py holds them against the sources).
PLANNING: Final = (
    "call_sounds",
    "console_limits",
    "counters",
    "facilities",
    "follow_up_settings",
    "identity",
    "keeping_services",
    "keeping_skills",
    "message_texts",
    "office_settings",
    "pools",
    "pools_and_reasons",
    "priority_reasons",
    "retention_rules",
    "retiring_services",
    "survey_settings",
)
for _name in PLANNING:
    import_module(f"{__package__}.{_name}")
