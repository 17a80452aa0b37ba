"""Devices of an office that were paired by a code, and the codes that wait to be typed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class Device(Base):
    """A kiosk, a display, a tablet or a printer; its id is that of the event that paired it.

    Its name is words of the office and stands in no event; when it was seen last is written without the office's lock.
    """

    __tablename__ = "devices"
    __table_args__ = (Index("ix_devices_secret_hash", "secret_hash", unique=True), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))  # kiosk display tablet printer
    name: Mapped[str] = mapped_column(String(80), server_default=text("''"))
    counter_id: Mapped[int | None] = mapped_column()
    # What it means for each kind stands in `desk.domain.devices`.
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    paired_at: Mapped[datetime] = mapped_column(Instant)
    paired_by: Mapped[int | None] = mapped_column()
    secret_hash: Mapped[str | None] = mapped_column(String(64))  # None: a printer has no secret
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class DevicePairing(Base):
    """A code that a device shows until an administrator types it; then it says which device the browser is."""

    __tablename__ = "device_pairings"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    began_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    office_id: Mapped[int | None] = mapped_column()
    device_id: Mapped[int | None] = mapped_column(BigInteger)
