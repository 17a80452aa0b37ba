"""Every module that can plan changes: whoever carries them out comes through here, so that every kind is known."""

# They are imported because they register their kinds.
from desk.operations.settings.carrying_out import REFUSED, carry_out_due, offices_with_due_changes
from desk.operations.settings.planned import known_kinds

__all__ = ["REFUSED", "carry_out_due", "known_kinds", "offices_with_due_changes"]
