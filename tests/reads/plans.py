"""What a database would read to answer: plans, over an office with many finished transactions behind it."""

import json
import re
from typing import Any

from sqlalchemy import text

from bench.history import write_history
from bench.office import BenchOffice
from bench.past_day import AT_WORK
from desk.domain.access import Role
from desk.operations.opening import setting_up
from desk.operations.opening.setting_up import PersonPlan
from tests.fixtures.office import DeskOffice, prepare_office

# Tables that grow with the years (those that the history of the benchmark fills, and others), and the keys over what is
# open, all of which may be read.
FILLED = ("transactions", "calls", "events", "queue_entries", "custody_segments", "visits")
GROWING = (*FILLED, "handoffs", "duties", "floor_messages", "floor_readings", "follow_ups")
OF_WHAT_IS_OPEN = ("ix_follow_ups_open", "ix_transactions_open", "ix_transactions_alert", "ix_queue_entries_queue",
                   "uq_handoffs_open", "ix_handoffs_receiver", "ix_handoffs_counter",
                   "uq_duties_officer", "uq_duties_counter", "uq_transactions_counter",
                   "uq_transactions_officer_at_counter", "uq_transactions_visit_at_counter")  # fmt: skip


def prepare_years(url: str) -> None:
    """Make the office of the tests with many finished transactions behind it."""
    prepare_office(url)
    office = DeskOffice(url)
    officers, counters = [], []
    for number in range(AT_WORK):
        plan = PersonPlan(f"officer{number}", f"Officer {number}", (Role.AGENT,))
        officers.append(setting_up.enroll(office.streams, office.id, plan))
        counters.append(setting_up.add_counter(office.streams, office.id, 10 + number, f"Loket {10 + number}"))
    bench = BenchOffice(office.id, office.budi.id, list(office.services.values()), counters, officers, [])
    write_history(office.streams, bench, 2_000)
    with office.streams.setting_up() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
    office.engine.dispose()


def walks(office: DeskOffice, statement: str, values: Any) -> list[str]:
    """Return the parts of a plan that would read a growing table of the office as a whole."""
    with office.streams.reading() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            return [row[3] for row in rows if _walks_on_sqlite(row[3])]
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
        return [json.dumps(node) for node in _nodes(plan[0]["Plan"]) if _walks_on_postgres(node)]


def _walks_on_sqlite(step: str) -> bool:
    found = re.match(r"(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?(?:INDEX (\w+)|PRIMARY KEY)(?: \((.+)\))?)?", step)
    if found is None or not any(found[2].startswith(name) for name in GROWING):
        return False
    return found[3] not in OF_WHAT_IS_OPEN and (found[1] == "SCAN" or found[4] == "office_id=?")


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(each for inner in node.get("Plans", ()) for each in _nodes(inner))]


def _walks_on_postgres(node: dict[str, Any]) -> bool:
    if node.get("Relation Name") not in FILLED:
        return False
    names = {node.get("Index Name"), *(each.get("Index Name") for each in _nodes(node))}
    conditions = " ".join(each.get("Index Cond", "") for each in _nodes(node))
    return names.isdisjoint(OF_WHAT_IS_OPEN) and len(re.findall(r"[<>]=?|=", conditions)) < 2
