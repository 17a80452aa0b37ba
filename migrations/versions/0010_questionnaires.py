"""Questionnaires as versioned data, answers to any of them, their revisions, and answers that belong to no transaction.

What the events say is read back from them after a step back: published versions, answers without a score of 1 to 5, and
corrections. What is in no event (profiles, own words beside the comment, answers without a transaction) is gone then.

Revision: 0010, after 0009.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OFFICE_BITS = 40
EVENTS = sa.text(
    "SELECT office_id, number, at, actor_id, name, payload FROM events WHERE name IN ('QuestionnairePublished',"
    " 'QuestionnaireChosen', 'InvitationDecided', 'ResponseReceived', 'ResponseRevised')"
    " AND (payload LIKE '%\"questionnaire\"%' OR payload LIKE '%\"definition\"%' OR name = 'ResponseRevised')"
    " ORDER BY office_id, number"
)

FIRST_ANSWERS = {
    "sqlite": "UPDATE responses SET satisfaction = (score - 1) * 2500, words_id = id,"
    """ answers = '{"score": ' || score || '}'""",
    "postgresql": "UPDATE responses SET satisfaction = (score - 1) * 2500, words_id = id,"
    """ answers = CAST('{"score": ' || score || '}' AS json)""",
}


def upgrade() -> None:
    op.add_column("offices", column("questionnaire", sa.String(40), "'one'"))
    op.add_column("offices", column("survey_privacy", sa.String(12), "'linked'"))
    op.add_column("offices", column("survey_correction_s", sa.Integer(), "1800"))
    op.add_column("services", sa.Column("questionnaire", sa.String(40), nullable=True))
    with op.batch_alter_table("invitations", recreate=_copies()) as invitations:
        invitations.add_column(sa.Column("questionnaire_id", sa.BigInteger(), nullable=True))
        invitations.add_column(column("privacy", sa.String(12), "'linked'"))
    widen_responses()
    create_questionnaires()
    create_revisions_and_details()
    create_loose_responses()
    _read_events()


def downgrade() -> None:
    op.drop_table("loose_responses")
    op.drop_table("response_details")
    op.drop_table("response_revisions")
    op.drop_table("questionnaire_drafts")
    op.drop_table("questionnaires")
    op.execute(sa.text("DELETE FROM responses WHERE score IS NULL"))
    op.drop_index("ix_responses_received", "responses")
    op.drop_index("ix_responses_transaction", "responses")
    with op.batch_alter_table("responses", recreate=_copies()) as responses:
        for name in ADDED:
            responses.drop_column(name)
        responses.alter_column("score", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("invitations", recreate=_copies()) as invitations:
        invitations.drop_column("privacy")
        invitations.drop_column("questionnaire_id")
    op.drop_column("services", "questionnaire")
    for name in ("survey_correction_s", "survey_privacy", "questionnaire"):
        op.drop_column("offices", name)


ADDED = ("questionnaire_id", "answers", "satisfaction", "channel", "standing", "revision", "revised_at", "service_id",
         "words_id")  # fmt: skip


def column(name: str, kind: sa.types.TypeEngine, default: str) -> sa.Column:
    return sa.Column(name, kind, server_default=sa.text(default), nullable=False)


def widen_responses() -> None:
    """Every answer so far was one score of 1 to 5 through a link."""
    with op.batch_alter_table("responses", recreate=_copies()) as responses:
        responses.add_column(sa.Column("questionnaire_id", sa.BigInteger(), nullable=True))
        responses.add_column(column("answers", sa.JSON(), "'{}'"))
        responses.add_column(sa.Column("satisfaction", sa.Integer(), nullable=True))
        responses.add_column(column("channel", sa.String(10), "'link'"))
        responses.add_column(column("standing", sa.String(10), "'visitor'"))
        responses.add_column(column("revision", sa.Integer(), "1"))
        responses.add_column(sa.Column("revised_at", sa.BigInteger(), nullable=True))
        responses.add_column(sa.Column("service_id", sa.Integer(), nullable=True))
        responses.add_column(column("words_id", sa.BigInteger(), "0"))
        responses.alter_column("score", existing_type=sa.Integer(), nullable=True)
    op.execute(sa.text(FIRST_ANSWERS[op.get_bind().dialect.name]))
    with op.batch_alter_table("responses", recreate=_copies()) as responses:
        for name in ("answers", "channel", "standing", "revision", "words_id"):
            responses.alter_column(name, server_default=None)
    op.create_index("ix_responses_received", "responses", ["office_id", "received_at"])
    op.create_index("ix_responses_transaction", "responses", ["office_id", "transaction_id"])


def create_questionnaires() -> None:
    op.create_table(
        "questionnaires",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(12), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_questionnaires"),
        sa.UniqueConstraint("office_id", "code", "number", name="uq_questionnaires_office_id_code_number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "questionnaire_drafts",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "code", name="pk_questionnaire_drafts"),
        sqlite_with_rowid=False,
    )


def create_revisions_and_details() -> None:
    op.create_table(
        "response_revisions",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("response_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        _of_response("response_revisions"),
        sa.PrimaryKeyConstraint("office_id", "response_id", "revision", name="pk_response_revisions"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "response_details",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("response_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        _of_response("response_details"),
        sa.PrimaryKeyConstraint("office_id", "response_id", name="pk_response_details"),
        sqlite_with_rowid=False,
    )
    for table in ("response_revisions", "response_details"):
        op.create_index(f"ix_{table}_transaction", table, ["office_id", "transaction_id"])


def _of_response(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["office_id", "response_id"],
        ["responses.office_id", "responses.id"],
        name=f"fk_{table}_office_id_response_id",
    )


def create_loose_responses() -> None:
    op.create_table(
        "loose_responses",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("questionnaire_id", sa.BigInteger(), nullable=True),
        sa.Column("measure", sa.String(12), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_loose_responses"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_loose_responses_day", "loose_responses", ["office_id", "day"])
    op.create_index(
        "ix_loose_responses_import",
        "loose_responses",
        ["office_id", "import_id"],
        sqlite_where=sa.text("import_id IS NOT NULL"),
        postgresql_where=sa.text("import_id IS NOT NULL"),
    )


def _read_events() -> None:
    """Write what events of a later version said before a step back; an older database has none."""
    connection = op.get_bind()
    tables = sa.MetaData()
    names = ("offices", "services", "invitations", "questionnaires", "responses", "response_revisions")
    tables.reflect(connection, only=names)
    for event in connection.execute(EVENTS).all():
        said = json.loads(event.payload)
        ident = event.office_id << OFFICE_BITS | event.number
        READ[event.name](connection, tables.tables, event, ident, said)


def _published(connection, tables, event, ident, said) -> None:
    definition = said["definition"]
    row = {"office_id": event.office_id, "id": ident, "code": said["code"], "number": said["number"]}
    row |= {"measure": definition["measure"], "published_at": event.at, "published_by": event.actor_id}
    text = json.dumps(definition, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    connection.execute(tables["questionnaires"].insert().values(**row, definition=text))


def _chosen(connection, tables, event, ident, said) -> None:
    service = said["service"]
    table = tables["offices" if service is None else "services"]
    found = table.c.id == (event.office_id if service is None else service)
    connection.execute(table.update().where(found).values(questionnaire=said["questionnaire"]))


def _decided(connection, tables, event, ident, said) -> None:
    table = tables["invitations"]
    mine = (table.c.office_id == event.office_id) & (table.c.id == (said["invitation"] or ident))
    values = {"questionnaire_id": said["questionnaire"], "privacy": said.get("privacy", "linked")}
    connection.execute(table.update().where(mine).values(**values))


def _received(connection, tables, event, ident, said) -> None:
    table = tables["responses"]
    mine = (table.c.office_id == event.office_id) & (table.c.id == ident)
    names = ("answers", "satisfaction", "channel", "standing")
    values = {"questionnaire_id": said["questionnaire"], **{name: said[name] for name in names}}
    values["service_id"] = said["service"]
    if connection.execute(table.update().where(mine).values(**values)).rowcount:
        return
    transaction = sa.text("SELECT transaction_id FROM invitations WHERE office_id = :office AND id = :id")
    found = connection.execute(transaction, {"office": event.office_id, "id": said["invitation"]}).scalar_one()
    row = {"office_id": event.office_id, "id": ident, "invitation_id": said["invitation"], "transaction_id": found}
    row |= {"score": said.get("score"), "received_at": event.at, "revision": 1, "words_id": ident, **values}
    connection.execute(table.insert().values(**row))


def _revised(connection, tables, event, ident, said) -> None:
    table, old = tables["responses"], tables["response_revisions"]
    mine = (table.c.office_id == event.office_id) & (table.c.id == said["response"])
    was = connection.execute(table.select().where(mine)).one()
    row = {"office_id": event.office_id, "response_id": said["response"], "revision": was.revision}
    row |= {"answers": was.answers, "satisfaction": was.satisfaction, "until_at": event.at}
    row |= {"transaction_id": was.transaction_id}
    connection.execute(old.insert().values(**row))
    values = {"answers": said["answers"], "satisfaction": said["satisfaction"], "score": said.get("score")}
    values |= {"revision": was.revision + 1, "revised_at": event.at, "words_id": ident}
    connection.execute(table.update().where(mine).values(**values))


READ = {
    "QuestionnairePublished": _published,
    "QuestionnaireChosen": _chosen,
    "InvitationDecided": _decided,
    "ResponseReceived": _received,
    "ResponseRevised": _revised,
}


def _copies() -> str:
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"
