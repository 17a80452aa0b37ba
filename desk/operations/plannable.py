"""Every module that can plan changes: whoever carries them out comes through here, so that every kind is known."""

# They are imported because they register their kinds.
from desk.operations import (  # noqa: F401
    counters,
    facilities,
    follow_up_settings,
    identity,
    keeping_services,
    keeping_skills,
    message_texts,
    office_settings,
    pools,
    pools_and_reasons,
    priority_reasons,
    retention_rules,
    survey_settings,
)
from desk.operations.carrying_out import REFUSED, carry_out_due, offices_with_due_changes
from desk.operations.planned import known_kinds

__all__ = ["REFUSED", "carry_out_due", "known_kinds", "offices_with_due_changes"]
