"""Write the table of docs/page_weights.md from what pages cost now: `python -m docs.page_weights`.

A bound leaves a tenth of the bytes, one request and two queries as room; tests/web/test_page_weights.py keeps it.
"""

import math
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy import update

from desk.app import create_app
from desk.models import Person
from desk.operations.accounts.passwords import hashed
from desk.settings import Settings, Watching
from tests.fixtures.office import DeskOffice, prepare_office
from tests.fixtures.page_weights import Weight, measured
from tests.fixtures.web import PASSWORD, Web

TARGET: Final = Path(__file__).with_suffix(".md")
HEAD: Final = """\
# What pages cost

What a browser receives when it opens a page for the first time, compressed, with all headers, sheets, scripts and
pictures; how many requests that takes; and how many queries the page itself asks of the database. Measured in an
office with colors and a logo of its own (a busy one), by `python -m docs.page_weights`, which writes this table; a
page that costs more than the last three columns allow fails `tests/web/test_page_weights.py`. Everything but the page
is kept by the browser, so a second view costs the page alone. Rows that say "what changes" are fetched whenever
something has changed.

| face | page | page, kB | with all, kB | requests | queries | at most kB | at most requests | at most queries |
|---|---|---:|---:|---:|---:|---:|---:|---:|
"""


def main() -> None:
    """Measure, and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        rows = "".join(map(_row, _measure(Path(folder))))
    TARGET.write_text(HEAD + rows, encoding="utf-8")


def _measure(folder: Path) -> list[Weight]:
    url = f"sqlite:///{folder / 'desk.db'}"
    prepare_office(url)
    office = DeskOffice(url)
    settings = Settings(
        data=folder / "data", database_url=url, base_url="http://desk.example", limits_url="memory://",
        session_idle_minutes=0, watching=Watching(worker_s=0), testing=True,
    )  # fmt: skip
    app = create_app(settings)
    app.extensions["desk"] = replace(app.extensions["desk"], streams=office.streams)
    (settings.data / "secrets" / str(office.head.key_id)).touch()
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD)))
    found = measured(Web(app, office, lambda html, *, path: None), office)
    office.engine.dispose()
    return found


def _row(weight: Weight) -> str:
    most = math.ceil(weight.all_bytes / 1000 * 1.1)
    most = min(most, 60) if weight.all_bytes < 60_000 else most  # a visitor's first view has a bound of its own
    return (
        f"| {weight.face} | {weight.page} | {weight.own_bytes / 1000:.1f} | {weight.all_bytes / 1000:.1f} "
        f"| {weight.requests} | {weight.queries} | {most} | {weight.requests + 1} | {weight.queries + 2} |\n"
    )


if __name__ == "__main__":
    main()
