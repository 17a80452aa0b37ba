"""Every module that can plan changes: whoever carries them out comes through here, so that every kind is known."""

# They are imported because they register their kinds.
from desk.operations import (  # noqa: F401
    counters,
    keeping_services,
    message_texts,
    office_settings,
    pools,
    priority_reasons,
)
from desk.operations.planned import REFUSED, carry_out_due, known_kinds, offices_with_due_changes

__all__ = ["REFUSED", "carry_out_due", "known_kinds", "offices_with_due_changes"]
