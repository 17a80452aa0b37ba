"""What all tables share: the metadata with its naming convention, and the column types for instants and local dates."""

from datetime import date, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Date, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from desk.domain.clock import instant, micros

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base of every table."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)

# Tables keyed (office_id, id): one tree instead of a table and an index beside it.
CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}


class Instant(TypeDecorator[datetime]):
    """An instant as whole microseconds since 1970; takes aware datetimes or such numbers, gives aware UTC datetimes."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | int | None, dialect: Dialect) -> int | None:
        """Return what is stored."""
        return _stored(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return what was stored as an aware datetime."""
        return _read(value)

    # Straight to the functions, since every row of every request comes through here.

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return what turns a value into what is stored."""
        return _stored

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what turns what is stored into an aware datetime."""
        return _read


def _stored(value: datetime | int | None) -> int | None:
    return micros(value) if isinstance(value, datetime) else value


def _read(value: int | None) -> datetime | None:
    return None if value is None else instant(value)


class LocalDate(TypeDecorator[date]):
    """A date in the office's own calendar; takes dates or ISO texts."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: date | str | None, dialect: Dialect) -> date | None:
        """Return what is stored."""
        return date.fromisoformat(value) if isinstance(value, str) else value
