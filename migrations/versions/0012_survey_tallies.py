"""Answers added up day by day, and who handled the transaction of each; worked out here for the answers there are.

Revision: 0012, after 0011.
"""

import json
from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WORK = ("serving", "processing")
WHOLE = 10_000
BATCH = 5_000


def upgrade() -> None:
    op.create_table(
        "response_handlers",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("response_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("holder_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id", "response_id"],
            ["responses.office_id", "responses.id"],
            name="fk_response_handlers_office_id_response_id",
        ),
        sa.PrimaryKeyConstraint("office_id", "response_id", "holder_id", name="pk_response_handlers"),
        sqlite_with_rowid=False,
    )
    tallies = op.create_table(
        "survey_tallies",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("measure", sa.String(12), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("rated", sa.Integer(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("weight_square", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("square", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint(
            "office_id", "holder_id", "day", "service_id", "measure", "origin", name="pk_survey_tallies"
        ),
        sqlite_with_rowid=False,
    )
    Reckoning(op.get_bind(), tallies).run()
    # How many were served in a period, out of the index alone.
    served = sa.text("ended_at IS NOT NULL AND served_at IS NOT NULL")
    op.create_index(
        "ix_transactions_served",
        "transactions",
        ["office_id", "ended_at", "service_id"],
        sqlite_where=served,
        postgresql_where=served,
    )


def downgrade() -> None:
    op.drop_index("ix_transactions_served", "transactions")
    op.drop_table("survey_tallies")
    op.drop_table("response_handlers")


class Reckoning:
    """Adds up what was answered so far."""

    def __init__(self, connection, tallies) -> None:
        self.connection = connection
        self.tallies = tallies
        self.cells = defaultdict(lambda: [0, 0, 0, 0, 0, 0, defaultdict(dict), defaultdict(dict)])
        names = ("offices", "responses", "response_details", "transactions", "custody_segments", "questionnaires")
        reflected = sa.MetaData()
        reflected.reflect(connection, only=(*names, "response_handlers"))
        self.tables = reflected.tables

    def run(self) -> None:
        offices = {row.id: row for row in self.connection.execute(self.tables["offices"].select())}
        kinds = self.tables["questionnaires"]
        measures = {row.id: row.measure for row in self.connection.execute(sa.select(kinds.c.id, kinds.c.measure))}
        last = (0, 0)
        while rows := self._answers(last):
            last = (rows[-1].office_id, rows[-1].id)
            held = self._held(rows)
            for row in rows:
                measure = measures.get(row.questionnaire_id, "csat")
                self._take(row, offices[row.office_id], measure, held[row.office_id, row.transaction_id])
        self._write()

    def _answers(self, last):
        answer, transaction = self.tables["responses"], self.tables["transactions"]
        detail = self.tables["response_details"]
        query = (
            sa.select(answer, transaction.c.service_id.label("now"), detail.c.profile)
            .join(
                transaction,
                (transaction.c.office_id == answer.c.office_id) & (transaction.c.id == answer.c.transaction_id),
            )
            .outerjoin(detail, (detail.c.office_id == answer.c.office_id) & (detail.c.response_id == answer.c.id))
            .where(sa.tuple_(answer.c.office_id, answer.c.id) > last)
        )
        return self.connection.execute(query.order_by(answer.c.office_id, answer.c.id).limit(BATCH)).all()

    def _held(self, rows):
        """Who held each transaction at work for how long, in microseconds."""
        held = defaultdict(dict)
        table = self.tables["custody_segments"]
        for start in range(0, len(rows), 500):
            part = rows[start : start + 500]
            for office_id in {row.office_id for row in part}:
                ids = [row.transaction_id for row in part if row.office_id == office_id]
                query = sa.select(table).where(
                    table.c.office_id == office_id, table.c.transaction_id.in_(ids), table.c.state.in_(WORK)
                )
                for each in self.connection.execute(query):
                    mine = held[office_id, each.transaction_id]
                    length = (each.ended_at or each.started_at) - each.started_at
                    mine[each.holder_id] = mine.get(each.holder_id, 0) + length
        return held

    def _take(self, row, office, measure, held) -> None:
        day = _day(row.received_at, office)
        origin = "linked" if row.standing == "visitor" else "staff"
        key = (day, row.now if row.service_id is None else row.service_id, measure, origin)
        answers, profile = _parsed(row.answers), _parsed(row.profile) or {}
        self._add((row.office_id, 0, *key), row.satisfaction, WHOLE, answers, profile)
        shares = _shares(held)
        for holder, share in shares.items():
            self._add((row.office_id, holder, *key), row.satisfaction, share, {}, {})
        if shares:
            made = [
                {"office_id": row.office_id, "response_id": row.id, "holder_id": holder, "share": share}
                for holder, share in shares.items()
            ]
            self.connection.execute(self.tables["response_handlers"].insert(), made)

    def _add(self, key, satisfaction, weight, answers, profile) -> None:
        cell = self.cells[key]
        cell[0] += 1
        if satisfaction is not None:
            cell[1] += 1
            cell[2] += weight
            cell[3] += weight * weight
            cell[4] += weight * satisfaction
            cell[5] += weight * satisfaction * satisfaction
        for counts, given in ((cell[6], answers), (cell[7], profile)):
            for name, value in given.items():
                counts[name][str(value)] = counts[name].get(str(value), 0) + 1

    def _write(self) -> None:
        names = ("office_id", "holder_id", "day", "service_id", "measure", "origin")
        sums = ("answers", "rated", "weight", "weight_square", "total", "square", "counts", "profile")
        rows = [
            {**dict(zip(names, key, strict=True)), **dict(zip(sums, cell, strict=True))}
            for key, cell in self.cells.items()
        ]
        for start in range(0, len(rows), 500):
            self.connection.execute(self.tallies.insert(), rows[start : start + 500])


def _parsed(value):
    return json.loads(value) if isinstance(value, str) else value


def _day(at, office):
    """The office's business day: the local date, counted from when its days start."""
    zone, starts = ZoneInfo(office.zone), time(*divmod(office.day_starts_at, 60))
    moment = datetime.fromtimestamp(at // 1_000_000, UTC)
    today = moment.astimezone(zone).date()
    for day in (today + timedelta(days=1), today):
        if moment >= datetime.combine(day, starts, zone).astimezone(UTC):
            return day
    return today - timedelta(days=1)


def _shares(held):
    """Ten-thousandths by largest remainder."""
    work = held if any(held.values()) else dict.fromkeys(held, 1)
    total = sum(work.values())
    whole = {holder: length * WHOLE // total for holder, length in work.items()}
    order = sorted(work, key=lambda holder: (-(work[holder] * WHOLE % total), holder))
    for holder in order[: WHOLE - sum(whole.values()) if work else 0]:
        whole[holder] += 1
    return whole
