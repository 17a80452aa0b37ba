"""The least of a database that push needs: offices' heads and events, written as `desk.operations.stream` does."""

from sqlalchemy import Engine, create_engine, text

from desk.models.engine import engine_options, prepared

_TABLES = (
    "CREATE TABLE streams (office_id INTEGER PRIMARY KEY, number BIGINT NOT NULL)",
    "CREATE TABLE events (office_id INTEGER, number BIGINT, name VARCHAR(40), PRIMARY KEY (office_id, number))",
    "INSERT INTO streams VALUES (1, 0), (2, 0)",
)
_ADVANCE = text("UPDATE streams SET number = number + 1 WHERE office_id = :office_id RETURNING number")
_APPEND = text("INSERT INTO events (office_id, number, name) VALUES (:office_id, :number, :name)")


def open_logbook(url: str) -> Engine:
    return prepared(create_engine(url, **engine_options(url))).execution_options(desk_writes=False)


def lay_out(url: str) -> None:
    """Make the tables, with two offices in which nothing has happened."""
    engine = open_logbook(url)
    with engine.begin() as connection:
        for statement in _TABLES:
            connection.execute(text(statement))
    engine.dispose()


def append(engine: Engine, office_id: int, *names: str) -> int:
    """Commit events in one transaction; return the number of the last."""
    number = 0
    with engine.execution_options(desk_writes=True).begin() as connection:
        for name in names:
            number = connection.execute(_ADVANCE, {"office_id": office_id}).scalar_one()
            connection.execute(_APPEND, {"office_id": office_id, "number": number, "name": name})
    return number


def topics_of(name: str) -> frozenset[str]:
    """`BoardChanged` shows on the board, `NothingShown` nowhere."""
    return frozenset() if name == "NothingShown" else frozenset({name.removesuffix("Changed").lower()})
