"""Paired devices of an office: kiosks, displays, tablets, printers.

A code that waits to be typed stands in a table of its own, by its digest. An office may let only paired devices issue
numbers at its kiosks, or show its calls.

A step back forgets names and secrets; the devices themselves stay in the events, and come again from there, to be
paired anew.

Revision: 0038, after 0037.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

OFFICE_BITS = 40
OFFICES = ("paired_kiosks_only", "paired_displays_only")
TOLD = sa.text(
    "SELECT office_id, number, at, actor_id, name, payload FROM events"
    " WHERE name IN ('DevicePaired', 'DeviceChanged', 'DeviceRevoked') ORDER BY office_id, number"
)


def upgrade() -> None:
    devices = _create_devices()
    connection = op.get_bind()
    for event in connection.execute(TOLD).all():
        _tell(connection, devices, event, json.loads(event.payload))
    op.create_table(
        "device_pairings",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name="pk_device_pairings"),
        sa.UniqueConstraint("secret_hash", name="uq_device_pairings_secret_hash"),
    )
    for name in OFFICES:
        op.add_column("offices", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))


def _create_devices():
    devices = op.create_table(
        "devices",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), server_default="", nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("paired_at", sa.BigInteger(), nullable=False),
        sa.Column("paired_by", sa.Integer(), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_devices"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_devices_secret_hash", "devices", ["secret_hash"], unique=True)
    return devices


def _tell(connection, devices, event, said) -> None:
    if event.name == "DevicePaired":
        row = {"office_id": event.office_id, "id": event.office_id << OFFICE_BITS | event.number}
        row |= {"kind": said["kind"], "counter_id": said["counter"], "settings": said["settings"]}
        connection.execute(devices.insert(), {**row, "paired_at": event.at, "paired_by": event.actor_id})
        return
    mine = (devices.c.office_id == event.office_id) & (devices.c.id == said["device"])
    set_anew = {"counter_id": said.get("counter"), "settings": said.get("settings")}
    values = {"revoked_at": event.at} if event.name == "DeviceRevoked" else set_anew
    connection.execute(devices.update().where(mine).values(**values))


def downgrade() -> None:
    for name in reversed(OFFICES):
        op.drop_column("offices", name)
    op.drop_table("device_pairings")
    op.drop_table("devices")
