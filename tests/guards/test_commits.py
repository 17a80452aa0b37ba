"""One place commits changes of the domain; every other place that ends a transaction is named here, with its reason."""

import ast
from pathlib import Path

from tests.guards.tree import modules, name_of, tree_of

PLACES = {
    "desk/operations/stream.py": "the unit of work of an office: state, events and deliveries, all or nothing",
    "desk/models/writers.py": "the same unit, for all who wait behind one lock in one commit, at the driver",
    "desk/web/accounts/sessions.py": "a staff session begins, changes its id or ends; no fact of the office",
    "desk/delivery/outbox.py": "a worker leases a message and notes what became of it, between network calls",
    "desk/delivery/receipts.py": "a gateway's receipt is kept and written to its message, like an attempt",
    "desk/delivery/bounces.py": "mail that came back is written to its message, like an attempt",
    "desk/operations/survey/beginning.py": "that a visitor began to answer: once, without an event or a lock",
    "desk/cli/database.py": "an upgrade tells SQLite's planner what sizes to reckon with",
    "desk/reports/keeping.py": "report days: derived from the records, worked out before the write lock is taken",
    "desk/watching/heartbeat.py": "that a worker goes round: no fact of any office",
    "desk/operations/keeping/looking.py": "the access log: a look is recorded without a lock, outside the chain",
    "desk/operations/accounts/signing_in.py": "who tried to sign in: without the office's lock, outside the chain",
    "desk/operations/accounts/counting_refusals.py": "how often one was refused: without a lock, outside the chain",
    "desk/operations/accounts/password_wishes.py": "that somebody has forgotten a password: written, taken up",
    "desk/web/accounts/half_way.py": "who has proven the first factor: begun and used up, before there is a session",
    "desk/operations/accounts/second_factor_codes.py": "a code is taken, or counted as wrong; no fact of the office",
    "desk/operations/settings/devices.py": "that a device waits, and when one was seen last; no fact of the office",
    "desk/operations/printing.py": "paper is asked for, after what it tells of stands; no fact of the office",
    "desk/delivery/print_queue.py": "a worker takes a print job and notes what became of it, between network calls",
    "desk/operations/keeping/verifying.py": "how far a verification came and how it ended, outside the chain",
}
# `begin()` as a context commits at its end, without the word.
_ENDS_A_TRANSACTION = {"commit", "begin", "begin_nested"}


def _ends_transactions(path: Path) -> bool:
    nodes = [*ast.walk(tree_of(path))]
    calls = (node.func for node in nodes if isinstance(node, ast.Call))
    statements = (node.value for node in nodes if isinstance(node, ast.Constant))
    return "COMMIT" in statements or any(
        isinstance(call, ast.Attribute) and call.attr in _ENDS_A_TRANSACTION for call in calls
    )


def test_transactions_end_only_in_the_places_named_here():
    found = {name_of(path) for path in modules("desk") if _ends_transactions(path)}

    assert found - PLACES.keys() == set(), "new places that commit: use the office's stream, or name them with a reason"
    assert PLACES.keys() - found == set(), "named here, but they no longer commit"
