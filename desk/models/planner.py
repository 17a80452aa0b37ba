"""What SQLite's planner is told about the sizes of tables, so that it chooses as in an office of many years.

Without statistics it takes the first column of a key to be nearly unique. Here that is the office, so it would walk
through the whole history of an office rather than use an index over what is open; and statistics gathered while the
database is small would say the same. PostgreSQL gathers its own as the tables grow.

Samples of values (sqlite_stat4) are not kept: with them SQLite plans a prepared statement anew for every value it is
given, which takes several times as long as finding a row by its key.
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, text

HISTORY: Final = 1_000_000
OPEN: Final = 1_000
# So many rows share what the columns of a key but the last tell apart, for each column that is left out.
ALIKE: Final = 8

# Every key and index of the tables kept by office; the key of a table without row ids goes by the name of the table.
KEPT_BY_OFFICE: Final = text(
    """
    SELECT t.name AS tbl, CASE i.origin WHEN 'pk' THEN t.name ELSE i.name END AS idx, i."unique" AS is_unique,
        CASE WHEN i.partial AND s.sql NOT LIKE '%IS NOT NULL%' THEN 1 ELSE 0 END AS is_small,
        (SELECT count(*) FROM pragma_index_info(i.name)) AS columns
    FROM sqlite_master t JOIN pragma_index_list(t.name) i LEFT JOIN sqlite_master s ON s.name = i.name
    WHERE t.type = 'table' AND columns > 1
        AND 'office_id' = (SELECT name FROM pragma_index_info(i.name) WHERE seqno = 0)
    ORDER BY tbl, idx
    """
)


def tell_planner(connection: Connection) -> None:
    """Write the sizes to be reckoned with; does nothing on another database than SQLite."""
    if connection.dialect.name != "sqlite":
        return
    connection.execute(text("ANALYZE"))  # makes the table of statistics, if there is none yet
    connection.execute(text("DELETE FROM sqlite_stat1"))
    if connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat4'")).scalar_one():
        connection.execute(text("DELETE FROM sqlite_stat4"))
    lines = [*_statistics(connection.execute(KEPT_BY_OFFICE))]
    insert = text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:tbl, :idx, :stat)")
    if lines:
        connection.execute(insert, lines)


def _statistics(keys: Any) -> Iterator[dict[str, str]]:
    """Yield for each key how many rows it holds, and how many share its first, its first two … columns."""
    for key in keys:
        rows = OPEN if key.is_small else HISTORY
        shared = [rows, *(ALIKE ** (key.columns - place) for place in range(1, key.columns))]
        if key.is_unique:
            shared[-1] = 1
        yield {"tbl": key.tbl, "idx": key.idx, "stat": " ".join(map(str, [rows, *shared]))}
