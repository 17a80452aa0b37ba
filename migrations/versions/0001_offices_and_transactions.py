"""Offices and transactions: everything the desk begins with.

Tables that are clustered by office have no row ids of SQLite's own. Instants are microseconds since 1970. Events and
access records are append-only: triggers refuse to change or remove one, whoever asks. The rows of the state tables are
protected by the chain of events instead, from which they can be rebuilt.

Revision: 0001, after none.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("events", "access_records")


def upgrade() -> None:
    for create in CREATE:
        create()
    for table in APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    for create in reversed(CREATE):
        op.drop_table(create.__name__.removeprefix("create_"))
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


# An office, its people, counters, calendars and services.


def create_offices() -> None:
    op.create_table(
        "offices",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("day_starts_at", sa.Integer(), nullable=False),
        sa.Column("head_start_s", sa.Integer(), nullable=False),
        sa.Column("offer_expires_s", sa.Integer(), nullable=False),
        sa.Column("reopen_days", sa.Integer(), nullable=False),
        sa.Column("survey_on", sa.Boolean(), nullable=False),
        sa.Column("survey_delay_s", sa.Integer(), nullable=False),
        sa.Column("survey_valid_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("id BETWEEN 1 AND 8191", name="ck_offices_id_fits_in_entity_ids"),
        sa.PrimaryKeyConstraint("id", name="pk_offices"),
        sa.UniqueConstraint("code", name="uq_offices_code"),
    )


def create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("username", name="uq_people_username"),
    )


def create_memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_memberships_office_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_memberships_person_id"),
        sa.PrimaryKeyConstraint("person_id", "office_id", "role", name="pk_memberships"),
    )
    op.create_index("ix_memberships_office_id", "memberships", ["office_id"])


def create_calendars() -> None:
    op.create_table(
        "calendars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_calendars_office_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calendars"),
    )
    op.create_index("ix_calendars_office_id", "calendars", ["office_id"])


def create_calendar_weeks() -> None:
    op.create_table(
        "calendar_weeks",
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name="fk_calendar_weeks_calendar_id"),
        sa.PrimaryKeyConstraint("calendar_id", "since", name="pk_calendar_weeks"),
    )


def create_calendar_closures() -> None:
    op.create_table(
        "calendar_closures",
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name="fk_calendar_closures_calendar_id"),
        sa.PrimaryKeyConstraint("calendar_id", "day", name="pk_calendar_closures"),
    )


def create_counters() -> None:
    op.create_table(
        "counters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("back_office", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_counters_office_id"),
        sa.PrimaryKeyConstraint("id", name="pk_counters"),
    )
    op.create_index("ix_counters_office_id", "counters", ["office_id"])


def create_services() -> None:
    op.create_table(
        "services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=3), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("name_id", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("requirements_id", sa.Text(), nullable=False),
        sa.Column("requirements_en", sa.Text(), nullable=False),
        sa.Column("procedure_id", sa.Text(), nullable=False),
        sa.Column("procedure_en", sa.Text(), nullable=False),
        sa.Column("time_id", sa.Text(), nullable=False),
        sa.Column("time_en", sa.Text(), nullable=False),
        sa.Column("fee_id", sa.Text(), nullable=False),
        sa.Column("fee_en", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("product_en", sa.Text(), nullable=False),
        sa.Column("complaints_id", sa.Text(), nullable=False),
        sa.Column("complaints_en", sa.Text(), nullable=False),
        sa.Column("wait_promise_s", sa.Integer(), nullable=False),
        sa.Column("completion_steps", sa.JSON(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name="fk_services_calendar_id"),
        sa.ForeignKeyConstraint(["head_id"], ["people.id"], name="fk_services_head_id"),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_services_office_id"),
        sa.PrimaryKeyConstraint("id", name="pk_services"),
    )
    op.create_index("ix_services_office_id", "services", ["office_id"])


def create_skills() -> None:
    op.create_table(
        "skills",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_skills_person_id"),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name="fk_skills_service_id"),
        sa.PrimaryKeyConstraint("person_id", "service_id", name="pk_skills"),
    )
    op.create_index("ix_skills_service_id", "skills", ["service_id"])


# How staff and programs get in, and who looked at what.


def create_staff_sessions() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_staff_sessions_person_id"),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_staff_sessions"),
    )
    op.create_index("ix_staff_sessions_person_id", "staff_sessions", ["person_id"])


def create_api_tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("scopes", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_api_tokens_office_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_api_tokens_person_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_api_tokens"),
    )
    op.create_index("ix_api_tokens_person_id", "api_tokens", ["person_id"])


def create_access_records() -> None:
    op.create_table(
        "access_records",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_access_records"),
    )
    op.create_index("ix_access_records_at", "access_records", ["office_id", "at"])


# The office's log and what heads it.


def create_streams() -> None:
    op.create_table(
        "streams",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("behind", sa.Boolean(), nullable=False),
        sa.Column("configuration", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_streams_office_id"),
        sa.PrimaryKeyConstraint("office_id", name="pk_streams"),
    )


def create_events() -> None:
    op.create_table(
        "events",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("transaction_id", sa.BigInteger(), nullable=True),
        sa.Column("visit_id", sa.BigInteger(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_events_office_id"),
        sa.PrimaryKeyConstraint("office_id", "number", name="pk_events"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_events_office_id_transaction_id",
        "events",
        ["office_id", "transaction_id"],
        **_where("transaction_id IS NOT NULL"),
    )


def create_clock_epochs() -> None:
    op.create_table(
        "clock_epochs",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("previous_ended_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_clock_epochs_office_id"),
        sa.PrimaryKeyConstraint("office_id", "epoch", name="pk_clock_epochs"),
        sqlite_with_rowid=False,
    )


def create_remembered() -> None:
    op.create_table(
        "remembered",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "scope", "key", name="pk_remembered"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_remembered_at", "remembered", ["at"])


# People who come, and what belongs to them alone.


def create_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("series", sa.String(length=3), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("priority_reason", sa.String(length=20), nullable=True),
        sa.Column("came_back", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_visits"),
        sa.UniqueConstraint("office_id", "day", "series", "ordinal", name="uq_visits_office_id_day_series_ordinal"),
        sqlite_with_rowid=False,
    )


def create_visit_contacts() -> None:
    op.create_table(
        "visit_contacts",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("visit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("consented_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id", "visit_id"], ["visits.office_id", "visits.id"], name="fk_visit_contacts_office_id_visit_id"
        ),
        sa.PrimaryKeyConstraint("office_id", "visit_id", name="pk_visit_contacts"),
        sqlite_with_rowid=False,
    )


def create_visitor_tokens() -> None:
    op.create_table(
        "visitor_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_visitor_tokens"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_visitor_tokens_subject", "visitor_tokens", ["office_id", "kind", "subject_id"])


def create_notes() -> None:
    op.create_table(
        "notes",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_notes"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notes_transaction", "notes", ["office_id", "transaction_id"])


# What they come for, and in whose hands it is.


def create_transactions() -> None:
    op.create_table(
        "transactions",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("first_visit_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("first_service_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("addressee_id", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.BigInteger(), nullable=True),
        sa.Column("call_id", sa.BigInteger(), nullable=True),
        sa.Column("resting", sa.String(length=12), nullable=True),
        sa.Column("resting_holder_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("served_at", sa.BigInteger(), nullable=True),
        sa.Column("ending", sa.String(length=20), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("handoffs", sa.Integer(), nullable=False),
        sa.Column("moved_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["counter_id"], ["counters.id"], name="fk_transactions_counter_id"),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name="fk_transactions_holder_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "visit_id"], ["visits.office_id", "visits.id"], name="fk_transactions_office_id_visit_id"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name="fk_transactions_service_id"),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_transactions"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_transactions_ended", "transactions", ["office_id", "ended_at"], **_where("ended_at IS NOT NULL")
    )
    op.create_index("ix_transactions_open", "transactions", ["office_id", "state"], **_where("ended_at IS NULL"))
    op.create_index("ix_transactions_visit", "transactions", ["office_id", "visit_id"])
    op.create_index(
        "uq_transactions_counter",
        "transactions",
        ["office_id", "counter_id"],
        unique=True,
        **_where("state IN ('called', 'serving')"),
    )
    op.create_index(
        "uq_transactions_officer_at_counter",
        "transactions",
        ["office_id", "holder_id"],
        unique=True,
        **_where("state IN ('called', 'serving')"),
    )
    op.create_index(
        "uq_transactions_visit_at_counter",
        "transactions",
        ["office_id", "visit_id"],
        unique=True,
        **_where("state IN ('called', 'serving')"),
    )


def create_queue_entries() -> None:
    op.create_table(
        "queue_entries",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=True),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("rank_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.Column("called_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id", "transaction_id"],
            ["transactions.office_id", "transactions.id"],
            name="fk_queue_entries_office_id_transaction_id",
        ),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_queue_entries"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_queue_entries_queue", "queue_entries", ["office_id", "rank_at", "id"], **_where("place = 'waiting'")
    )
    op.create_index("ix_queue_entries_transaction", "queue_entries", ["office_id", "transaction_id"])


def create_custody_segments() -> None:
    op.create_table(
        "custody_segments",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name="fk_custody_segments_holder_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "transaction_id"],
            ["transactions.office_id", "transactions.id"],
            name="fk_custody_segments_office_id_transaction_id",
        ),
        sa.PrimaryKeyConstraint("office_id", "transaction_id", "ordinal", name="pk_custody_segments"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_custody_segments_open",
        "custody_segments",
        ["office_id", "transaction_id"],
        unique=True,
        **_where("ended_at IS NULL"),
    )


def create_calls() -> None:
    op.create_table(
        "calls",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.BigInteger(), nullable=False),
        sa.Column("last_called_at", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("passed_over", sa.JSON(), nullable=False),
        sa.Column("passed_count", sa.Integer(), nullable=False),
        sa.Column("picked", sa.String(length=30), nullable=True),
        sa.ForeignKeyConstraint(["counter_id"], ["counters.id"], name="fk_calls_counter_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "transaction_id"],
            ["transactions.office_id", "transactions.id"],
            name="fk_calls_office_id_transaction_id",
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["people.id"], name="fk_calls_officer_id"),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_calls"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_calls_last_called", "calls", ["office_id", "last_called_at"])
    op.create_index("ix_calls_transaction", "calls", ["office_id", "transaction_id"])


def create_handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("to_counter_id", sa.Integer(), nullable=True),
        sa.Column("to_service_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("offered_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answer_reason", sa.String(length=30), nullable=True),
        sa.ForeignKeyConstraint(["giver_id"], ["people.id"], name="fk_handoffs_giver_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "transaction_id"],
            ["transactions.office_id", "transactions.id"],
            name="fk_handoffs_office_id_transaction_id",
        ),
        sa.ForeignKeyConstraint(["receiver_id"], ["people.id"], name="fk_handoffs_receiver_id"),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_handoffs"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_handoffs_receiver", "handoffs", ["office_id", "receiver_id"], **_where("state = 'offered'"))
    op.create_index("ix_handoffs_transaction", "handoffs", ["office_id", "transaction_id"])
    op.create_index(
        "uq_handoffs_open", "handoffs", ["office_id", "transaction_id"], unique=True, **_where("state = 'offered'")
    )


def create_duties() -> None:
    op.create_table(
        "duties",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("back_office", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["counter_id"], ["counters.id"], name="fk_duties_counter_id"),
        sa.ForeignKeyConstraint(["officer_id"], ["people.id"], name="fk_duties_officer_id"),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_duties"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_duties_counter", "duties", ["office_id", "counter_id"], unique=True, **_where("ended_at IS NULL")
    )
    op.create_index(
        "uq_duties_officer", "duties", ["office_id", "officer_id"], unique=True, **_where("ended_at IS NULL")
    )


# What they are asked afterwards.


def create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id", "transaction_id"],
            ["transactions.office_id", "transactions.id"],
            name="fk_invitations_office_id_transaction_id",
        ),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_invitations"),
        sa.UniqueConstraint("office_id", "transaction_id", name="uq_invitations_office_id_transaction_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invitations_visit", "invitations", ["office_id", "visit_id"])


def create_responses() -> None:
    op.create_table(
        "responses",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("invitation_id", sa.BigInteger(), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_responses_score_on_scale"),
        sa.ForeignKeyConstraint(
            ["office_id", "invitation_id"],
            ["invitations.office_id", "invitations.id"],
            name="fk_responses_office_id_invitation_id",
        ),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_responses"),
        sa.UniqueConstraint("office_id", "invitation_id", name="uq_responses_office_id_invitation_id"),
        sqlite_with_rowid=False,
    )


def create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("invitation_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_deliveries"),
        sa.UniqueConstraint("idempotency_key", name="uq_deliveries_idempotency_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_deliveries_due", "deliveries", ["due_at"], **_where("state IN ('pending', 'sending')"))
    op.create_index("ix_deliveries_visit", "deliveries", ["office_id", "visit_id"])
    op.create_index("ix_deliveries_dead", "deliveries", ["office_id", "id"], **_where("state = 'dead'"))


# Append-only tables.


def _refuse_changes(table: str) -> None:
    if op.get_context().dialect.name == "postgresql":
        _refuse_changes_on_postgresql(table)
    else:
        _refuse_changes_on_sqlite(table)


def _refuse_changes_on_postgresql(table: str) -> None:
    """ALWAYS: also in a session that replays somebody else's changes, where ordinary triggers sleep."""
    op.execute(
        """
        CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only")


def _refuse_changes_on_sqlite(table: str) -> None:
    """INSERT OR REPLACE removes the old row without asking a DELETE trigger, so it is refused on its way in."""
    for verb in ("UPDATE", "DELETE"):
        _create_sqlite_trigger(table, verb, "")
    exists = f"EXISTS (SELECT 1 FROM {table} WHERE {SAME_ROW[table]})"  # noqa: S608  constants of this file
    _create_sqlite_trigger(table, "INSERT", f"WHEN {exists}")


def _create_sqlite_trigger(table: str, verb: str, condition: str) -> None:
    what = "REPLACE" if verb == "INSERT" else verb
    op.execute(
        f"CREATE TRIGGER {table}_refuse_{what.lower()} BEFORE {verb} ON {table} {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: {what} refused'); END"
    )


SAME_ROW = {
    "events": "office_id = NEW.office_id AND number = NEW.number",
    "access_records": "id = NEW.id",
}
CREATE = (
    create_offices,
    create_people,
    create_memberships,
    create_calendars,
    create_calendar_weeks,
    create_calendar_closures,
    create_counters,
    create_services,
    create_skills,
    create_staff_sessions,
    create_api_tokens,
    create_access_records,
    create_streams,
    create_events,
    create_clock_epochs,
    create_remembered,
    create_visits,
    create_visit_contacts,
    create_visitor_tokens,
    create_notes,
    create_transactions,
    create_queue_entries,
    create_custody_segments,
    create_calls,
    create_handoffs,
    create_duties,
    create_invitations,
    create_responses,
    create_deliveries,
)
