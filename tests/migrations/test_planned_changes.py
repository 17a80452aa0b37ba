"""Plans of a later day, an office's own reasons for priority, and numbers of counters that were given twice."""

from datetime import date

import pytest
from sqlalchemy import text

from desk.cli import database
from desk.models import Counter, HandoffReasonRow, PauseCauseRow, PlannedChange, PriorityReasonRow
from desk.operations.settings import office_settings, planned, priority_reasons
from tests.fixtures.office import DeskOffice, prepare_office


def prepare_plans(url):
    """An office with a plan and a reason of its own."""
    prepare_office(url)
    office = DeskOffice(url)
    office.another()
    own = {"label_id": "Donor darah", "label_en": "Blood donor"}
    asked = office.agus.asks("change")
    assert {office_settings.KIND, priority_reasons.KIND} <= set(planned.known_kinds())
    planned.change(office.streams, office.id, asked, kind="priority_reason", subject=0, values=own)
    days = {"reopen_days": 7}
    planned.plan(office.streams, office.id, asked, kind="office", subject=0, values=days, due=date(2026, 4, 1))
    office.engine.dispose()


@pytest.fixture
def office(fresh_database):
    """That office."""
    office = DeskOffice(fresh_database(prepare_plans))
    yield office
    office.engine.dispose()


def test_down_and_up_again_with_rows(office):
    url = office.engine.url.render_as_string(hide_password=False)
    assert len(office.rows(PriorityReasonRow)) == 5 and len(office.rows(PlannedChange)) == 1
    office.engine.dispose()
    database.downgrade(url, "0039")
    with office.engine.begin() as connection:
        # Whoever wrote them thought nothing of it: nothing kept a number from being given twice.
        connection.execute(text("UPDATE counters SET number = 1 WHERE number IN (2, 3)"))
    office.engine.dispose()
    database.upgrade(url)
    for each in (office, DeskOffice(url, office.id + 1, engine=office.engine)):
        reasons = [(row.code, row.label_id, row.position, row.retired) for row in each.rows(PriorityReasonRow)]
        assert reasons[0] == ("child", "Membawa anak kecil", 3, False)
        assert len(reasons) == 4
        pauses = [(row.code, row.label_en, row.retired) for row in each.rows(PauseCauseRow)]
        assert pauses[0] == ("closing_time", "Closing time", False) and len(pauses) == 4
        # The release before reads these kinds into an enumeration, and knows two.
        assert {row.kind for row in each.rows(HandoffReasonRow)} == {"handoff", "decline"}
        assert sorted(row.number for row in each.rows(Counter)) == [1, 2, 3, 4]
    assert office.rows(PlannedChange) == []
    # The trail tells of a plan that a step back forgot.
    assert [each.kind for each in office.findings()] == ["planned"]
