"""The wait that a visitor was promised stays with the transaction, whatever the service promises later.

A transaction has what the event that opened it says. Older events say nothing, and their transactions keep it empty:
the state tables are what the events say, and what a service promises today is not what it promised then.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Only after a step back are there events that say it; the number of an event is the id of what it made, without the
# office. Their payloads are canonical texts: no blanks, no words of anybody.
SAID = {
    "sqlite": "CAST(substr(payload, instr(payload, '\"wait_promise_s\":') + 17) AS INTEGER)",
    "postgresql": "CAST(substring(payload FROM '\"wait_promise_s\":([0-9]+)') AS INTEGER)",
}
OPENED = """FROM events WHERE events.office_id = transactions.office_id
    AND events.number = transactions.id - transactions.office_id * 1099511627776
    AND events.name = 'TransactionOpened' AND events.payload LIKE '%"wait_promise_s"%'"""


def upgrade() -> None:
    op.add_column("transactions", sa.Column("wait_promise_s", sa.Integer(), nullable=True))
    said = SAID[op.get_bind().dialect.name]
    filled = f"UPDATE transactions SET wait_promise_s = (SELECT {said} {OPENED}) WHERE EXISTS (SELECT 1 {OPENED})"  # noqa: S608  constants of this file
    op.execute(sa.text(filled))


def downgrade() -> None:
    op.drop_column("transactions", "wait_promise_s")
