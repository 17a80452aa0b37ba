"""Planned changes from the command line: listed, told of when they are overdue, carried out by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from desk.domain.access import SYSTEM
from desk.operations.requests import Request
from desk.operations.settings import planned

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def test_what_is_overdue_is_told_and_what_was_altered_is_refused(demo_desk):
    due = datetime.now(UTC).date() + timedelta(days=3)
    request, values = Request(SYSTEM, "plan"), {"reopen_days": 3}
    streams = demo_desk.streams()
    planned.plan(streams, 1, request, kind="office", subject=0, values=values, due=due)
    streams.engine.dispose()

    assert f"{due}" in demo_desk.does("settings", "planned", "--office", "jakarta")
    assert "0 carried out, 0 refused" in demo_desk.does("settings", "apply-due")
    assert "no planned change is overdue" in demo_desk.does("check", "--only", "planned")

    demo_desk.change("UPDATE planned_changes SET due = '2026-01-05'")
    assert "1 planned changes were due" in demo_desk.does("check", "--only", "planned")
    before = demo_desk.rows("SELECT reopen_days FROM offices WHERE id = 1")
    assert "0 carried out, 1 refused" in demo_desk.does("settings", "apply-due")  # it was planned for another day
    assert "0 carried out, 0 refused" in demo_desk.does("settings", "apply-due")
    assert demo_desk.rows("SELECT reopen_days FROM offices WHERE id = 1") == before
    assert "1 planned changes were refused" in demo_desk.does("check", "--only", "planned")
    demo_desk.change(f"UPDATE planned_changes SET due = '{due}'")
    assert demo_desk.findings() == []
