"""Follow-ups of low scores and complaints, what visitors say of their own accord, facilities with their owners.

Every office gets the facilities it may begin with. Older databases have no such events; after a step back the state is
read out of them again (the words and contacts that stood beside them are gone).

Revision: 0014, after 0013.
"""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OFFICE_BITS = 40
SETTINGS = (
    ("follow_up_percent", sa.Integer(), sa.text("34")),
    ("follow_up_lowest", sa.Boolean(), sa.true()),
    ("follow_up_days", sa.Integer(), sa.text("3")),
    ("complaint_ack_days", sa.Integer(), sa.text("3")),
    ("complaint_answer_days", sa.Integer(), sa.text("14")),
)
FACILITIES = (
    ("waiting_room", "Ruang tunggu", "Waiting room"),
    ("toilet", "Toilet", "Toilet"),
    ("lactation_room", "Ruang laktasi", "Lactation room"),
    ("play_corner", "Area bermain anak", "Play corner"),
    ("disability_access", "Akses penyandang disabilitas", "Access for disability"),
    ("consultation_room", "Ruang konsultasi", "Consultation room"),
)
NAMES = {
    "FollowUpOpened": "_opened",
    "FollowUpStepped": "_stepped",
    "FollowUpAssigned": "_assigned",
    "VoiceReceived": "_received",
    "VoiceStepped": "_voice_stepped",
    "VoiceErased": "_erased",
    "CaseEscalated": "_escalated",
}
CLOSING = ("resolved", "unreachable", "not_justified", "corrected")
FINAL = ("answered", "adopted", "declined")


def upgrade() -> None:
    for name, kind, default in SETTINGS:
        op.add_column("offices", sa.Column(name, kind, server_default=default, nullable=False))
    tables = {
        "follow_ups": _create_follow_ups(),
        "voices": _create_voices(),
        "case_steps": _create_case_steps(),
        "voice_officers": _create_voice_officers(),
    }
    _create_words()
    _create_facilities()
    Fold(op.get_bind(), tables).run()


def downgrade() -> None:
    for name in ("facilities", "voice_officers", "voice_contacts", "case_words", "case_steps", "voices", "follow_ups"):
        op.drop_table(name)
    op.execute(sa.text("DELETE FROM visitor_tokens WHERE kind = 'voice'"))
    for name, _, _ in reversed(SETTINGS):
        op.drop_column("offices", name)


def _keys(*names: str) -> list[sa.Column]:
    kinds = {"id": sa.BigInteger(), "voice_id": sa.BigInteger()}
    return [sa.Column(name, kinds.get(name, sa.Integer()), autoincrement=False, nullable=False) for name in names]


def _index(name: str, table: str, columns: list[str], where: str | None = None, *, unique: bool = False) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _create_follow_ups() -> sa.Table:
    table = op.create_table(
        "follow_ups",
        *_keys("office_id", "id"),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("state", sa.String(14), nullable=False),
        sa.Column("privacy", sa.String(12), nullable=False),
        sa.Column("assigned_id", sa.Integer(), nullable=True),
        sa.Column("barred", sa.JSON(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("facility_id", sa.Integer(), nullable=True),
        sa.Column("transaction_id", sa.BigInteger(), nullable=True),
        sa.Column("response_id", sa.BigInteger(), nullable=True),
        sa.Column("loose_id", sa.BigInteger(), nullable=True),
        sa.Column("voice_id", sa.BigInteger(), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("escalated_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_follow_ups"),
        sqlite_with_rowid=False,
    )
    _index("ix_follow_ups_open", "follow_ups", ["office_id", "due_on"], "closed_at IS NULL")
    _index("ix_follow_ups_opened", "follow_ups", ["office_id", "opened_at"])
    _index("ix_follow_ups_closed", "follow_ups", ["office_id", "closed_at"], "closed_at IS NOT NULL")
    for name in ("response", "loose", "voice"):
        columns = ["office_id", f"{name}_id"]
        _index(f"uq_follow_ups_{name}", "follow_ups", columns, f"{name}_id IS NOT NULL", unique=True)
    _index("ix_follow_ups_transaction", "follow_ups", ["office_id", "transaction_id"], "transaction_id IS NOT NULL")
    return table


def _create_voices() -> sa.Table:
    table = op.create_table(
        "voices",
        *_keys("office_id", "id"),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(14), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("facility_id", sa.Integer(), nullable=True),
        sa.Column("transaction_id", sa.BigInteger(), nullable=True),
        sa.Column("barred", sa.JSON(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("acknowledge_on", sa.Date(), nullable=True),
        sa.Column("answer_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answer_id", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("escalated_at", sa.BigInteger(), nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.Column("contact", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_voices"),
        sqlite_with_rowid=False,
    )
    _index("ix_voices_received", "voices", ["office_id", "received_at"])
    _index("ix_voices_open", "voices", ["office_id", "kind"], "closed_at IS NULL")
    _index("ix_voices_facility", "voices", ["office_id", "facility_id"], "facility_id IS NOT NULL")
    _index("ix_voices_transaction", "voices", ["office_id", "transaction_id"], "transaction_id IS NOT NULL")
    return table


def _create_case_steps() -> sa.Table:
    table = op.create_table(
        "case_steps",
        *_keys("office_id", "id"),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(14), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_case_steps"),
        sqlite_with_rowid=False,
    )
    _index("ix_case_steps_case", "case_steps", ["office_id", "case_id"])
    return table


def _create_voice_officers() -> sa.Table:
    table = op.create_table(
        "voice_officers",
        *_keys("office_id", "voice_id", "person_id"),
        sa.PrimaryKeyConstraint("office_id", "voice_id", "person_id", name="pk_voice_officers"),
        sqlite_with_rowid=False,
    )
    _index("ix_voice_officers_person", "voice_officers", ["office_id", "person_id"])
    return table


def _create_words() -> None:
    op.create_table(
        "case_words",
        *_keys("office_id", "id"),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_case_words"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "voice_contacts",
        *_keys("office_id", "voice_id"),
        sa.Column("name", sa.String(120), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("phone", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "voice_id", name="pk_voice_contacts"),
        sqlite_with_rowid=False,
    )


def _create_facilities() -> None:
    table = op.create_table(
        "facilities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("name_id", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_facilities_office_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name="fk_facilities_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_facilities"),
    )
    op.create_index("ix_facilities_office_id", "facilities", ["office_id"])
    connection = op.get_bind()
    rows = [
        {"office_id": office_id, "code": code, "name_id": name, "name_en": english, "position": place, "retired": False}
        for office_id in connection.execute(sa.text("SELECT id FROM offices ORDER BY id")).scalars()
        for place, (code, name, english) in enumerate(FACILITIES)
    ]
    if rows:
        connection.execute(table.insert(), rows)


class Fold:
    """Reads the state out of the events of a later version that were there before a step back."""

    def __init__(self, connection, tables) -> None:
        self.connection = connection
        self.tables = tables
        self.rows = {name: {} for name in tables}

    def run(self) -> None:
        query = sa.text(
            "SELECT office_id, number, name, at, actor_id, payload FROM events WHERE name IN :names"
            " ORDER BY office_id, number"
        ).bindparams(sa.bindparam("names", expanding=True))
        for event in self.connection.execute(query, {"names": list(NAMES)}).all():
            said = json.loads(event.payload)
            getattr(self, NAMES[event.name])(event, said, event.office_id << OFFICE_BITS | event.number)
        for name, rows in self.rows.items():
            if rows:
                self.connection.execute(self.tables[name].insert(), list(rows.values()))

    def _step(self, event, case, step, *, to=None, digest=None) -> None:
        made = event.office_id << OFFICE_BITS | event.number
        self.rows["case_steps"][event.office_id, made] = {
            "office_id": event.office_id, "id": made, "case_id": case, "step": step, "actor_id": event.actor_id,
            "to_id": to, "at": event.at, "digest": digest,
        }  # fmt: skip

    def _opened(self, event, said, made) -> None:
        self.rows["follow_ups"][event.office_id, made] = {
            "office_id": event.office_id, "id": made, "origin": said["origin"], "state": "open",
            "privacy": said["privacy"], "assigned_id": said["assigned"], "barred": said["barred"],
            "service_id": said["service"], "facility_id": said["facility"], "transaction_id": said["transaction"],
            "response_id": said["response"], "loose_id": said["loose"], "voice_id": said["voice"],
            "satisfaction": said["satisfaction"], "day": date.fromisoformat(said["day"]),
            "due_on": date.fromisoformat(said["due"]), "opened_at": event.at, "touched_at": None, "closed_at": None,
            "closed_by": None, "escalated_at": None,
        }  # fmt: skip
        self._step(event, made, "opened", to=said["assigned"])

    def _stepped(self, event, said, made) -> None:
        row = self.rows["follow_ups"][event.office_id, said["follow_up"]]
        row["state"] = said["state"]
        if event.actor_id is not None:
            row["touched_at"] = event.at
        closes = said["state"] in CLOSING
        row["closed_at"], row["closed_by"] = (event.at, event.actor_id) if closes else (None, None)
        if said["due"] is not None:
            row["due_on"], row["escalated_at"] = date.fromisoformat(said["due"]), None
        self._step(event, said["follow_up"], said["step"], digest=said["words"])

    def _assigned(self, event, said, made) -> None:
        self.rows["follow_ups"][event.office_id, said["follow_up"]]["assigned_id"] = said["to"]
        self._step(event, said["follow_up"], "assigned", to=said["to"], digest=said["words"])

    def _received(self, event, said, made) -> None:
        day = {name: said[name] and date.fromisoformat(said[name]) for name in ("day", "acknowledge", "answer")}
        self.rows["voices"][event.office_id, made] = {
            "office_id": event.office_id, "id": made, "kind": said["kind"], "state": said["state"],
            "channel": said["channel"], "language": said["language"], "anonymous": said["anonymous"],
            "service_id": said["service"], "facility_id": said["facility"], "transaction_id": said["transaction"],
            "barred": said["barred"], "day": day["day"], "received_at": event.at,
            "acknowledge_on": day["acknowledge"], "answer_on": day["answer"], "acknowledged_at": None,
            "answered_at": None, "answer_id": None, "closed_at": event.at if said["state"] == "passed_on" else None,
            "done_at": None, "escalated_at": None, "erased_at": None, "contact": said["contact"],
        }  # fmt: skip
        for person in said["officers"]:
            row = {"office_id": event.office_id, "voice_id": made, "person_id": person}
            self.rows["voice_officers"][event.office_id, made, person] = row
        self._step(event, made, "received", digest=said["words"])

    def _voice_stepped(self, event, said, made) -> None:
        row = self.rows["voices"][event.office_id, said["voice"]]
        row["state"] = said["state"]
        if said["step"] == "done":
            row["done_at"] = event.at
        elif said["step"] in FINAL:
            row["answered_at"], row["answer_id"], row["closed_at"] = event.at, made, event.at
        else:
            row["acknowledged_at"] = event.at
        self._step(event, said["voice"], said["step"], digest=said["words"])

    def _erased(self, event, said, made) -> None:
        self.rows["voices"][event.office_id, said["voice"]]["erased_at"] = event.at
        self._step(event, said["voice"], "erased")

    def _escalated(self, event, said, made) -> None:
        table = "follow_ups" if said["kind"] == "follow_up" else "voices"
        self.rows[table][event.office_id, said["case"]]["escalated_at"] = event.at
        self._step(event, said["case"], "escalated")
