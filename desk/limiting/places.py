"""Where the counts are kept: apart from the data of the offices, whose writers must not wait for them."""

from typing import Final

from sqlalchemy import URL
from sqlalchemy.engine import make_url

from desk.settings import Settings

SCHEMES: Final = {"desk-sqlite": "sqlite", "desk-postgresql": "postgresql+psycopg"}


def limits_uri(settings: Settings) -> str:
    """Return the storage address for Flask-Limiter.

    The one that was set (`redis://…`), else a SQLite file of its own in the data folder, or on PostgreSQL an unlogged
    table of the desk's database, on connections of its own.
    """
    if settings.limits_url:
        return settings.limits_url
    if settings.on_sqlite:
        return f"desk-sqlite:///{(settings.data / 'limits.db').absolute()}"
    return "desk-postgresql" + settings.database.removeprefix(make_url(settings.database).drivername)


def database_url(uri: str) -> URL:
    """Return the database's address behind a storage address; raises `ValueError` for another scheme."""
    scheme, separator, rest = uri.partition(":")
    if not separator or scheme not in SCHEMES:
        raise ValueError(f"not a storage of ours: {scheme}")
    return make_url(f"{SCHEMES[scheme]}:{rest}")
