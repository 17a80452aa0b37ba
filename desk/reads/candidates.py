"""Queue entries as the discipline sees them; whoever reads some makes them here."""

from typing import Any

from desk.domain.discipline import Candidate
from desk.domain.reasons import Priority


def candidate_of(row: Any, *, visit_busy: bool) -> Candidate:
    """Return an entry that was read with the label of its visit and the priority and the offer of its transaction.

    `visit_busy`: another transaction of the same visit is called or served just now.
    """
    return Candidate(
        row.id,
        row.transaction_id,
        row.visit_id,
        row.service_id,
        row.label,
        row.arrived_at,
        row.rank_at,
        Priority(row.priority),
        row.addressee_id,
        row.not_before,
        row.offer_id is not None,
        visit_busy,
        row.own_rank_at,
    )
