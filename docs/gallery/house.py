"""The house of the gallery: offices behind the real server, one in the middle of a day, one with nobody in it, and two
in states that are met seldom (`rare.py`).

What happens there is played by the same hands as in the tests, so that it needs no clock and no network.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import update

from desk.cli.database import upgrade
from desk.domain.displays import MessageWish
from desk.domain.points import PointKind
from desk.domain.tokens import TokenKind, derive
from desk.models import InvitationRow, Person, TransactionRow
from desk.models.engine import open_engine
from desk.operations.accounts.passwords import hashed
from desk.operations.settings import displaying, keeping_services
from desk.operations.stream import Streams
from desk.settings import load_keys, load_settings
from docs.gallery import rare
from tests.browser import two_days
from tests.fixtures.office import Clock, DeskOffice, furnish
from tests.fixtures.real_server import RealServer, free_port

PASSWORD: Final = "gallery of faces"  # noqa: S105
CODES: Final = ("kpknl", "kanwil", "balai", "cabang")
MAIN, ACCENT = "#5b1a3a", "#0b5c8a"  # of an imagined office
SERVICES: Final = {
    "A": (
        "Permohonan lelang", "Auction requests", "hammer", "Rp0", "Free of charge",
        "KTP asli dan surat kuasa", "ID card and letter of authority",
    ),
    "B": (
        "Pengelolaan kekayaan negara", "State property", "building", "Rp0", "Free of charge",
        "Surat permohonan", "Letter of request",
    ),
    "C": ("Penilaian", "Valuation", "calculator", "Sesuai tarif", "As by the tariff", "Daftar barang", "List of goods"),
}  # fmt: skip


@dataclass
class House:
    """The offices, the server, the addresses of visitors' pages by what they show, and the secrets of devices."""

    server: RealServer
    busy: DeskOffice
    empty: DeskOffice
    large: DeskOffice
    closed: DeskOffice
    visitors: dict[str, str] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)
    slip: int = 0  # whose ticket the reception prints

    def take_colors(self) -> None:
        """Let the busy office choose colors of its own."""
        self.busy.agus.changes_setting("office", main_color=MAIN, accent_color=ACCENT)

    def raise_alarm(self) -> None:
        """Show an emergency on the displays of the busy office."""
        words = ("Tinggalkan gedung sekarang. Ikuti petugas.", "Please leave the building now. Follow the staff.")
        displaying.raise_emergency(self.busy.streams, self.busy.id, *words, self.busy.agus.asks("raise"))


@contextmanager
def opened() -> Iterator[House]:
    """Furnish the house in a folder of its own, serve it, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="gallery-") as folder:
        server = RealServer(Path(folder), f"sqlite:///{folder}/desk.db", free_port())
        server.extra = {"DESK_BASE_URL": server.url}
        upgrade(server.database_url)
        settings = load_settings(server.environ)
        clock, engine = Clock(datetime(2026, 1, 5, 1, tzinfo=UTC)), open_engine(settings.database)
        streams = Streams(engine, load_keys(settings), clock=clock)
        offices = [
            DeskOffice(server.database_url, furnish(streams, code), clock=clock, engine=engine) for code in CODES
        ]
        for office in offices:
            office.streams = streams
        house = House(server, *offices)
        _furnish(house)
        server.start()
        try:
            yield house
        finally:
            server.stop()
            engine.dispose()


def _furnish(house: House) -> None:
    """Play two days in one office, close the other, and let everybody in who is photographed."""
    for office in (house.busy, house.empty, house.large, house.closed):
        _word(office)
    two_days.play(house.busy)
    house.visitors.update(rare.furnish_large(house.large))
    house.empty.clock.now = datetime.now(UTC)
    house.empty.sari.signs_on(1)
    rare.furnish_closed(house.closed)
    house.devices.update(rare.pair_all(house.large, house.closed))
    wish = MessageWish(
        "Tidak ada biaya di luar tarif resmi.", "There are no fees but the official ones.", house.busy.clock()
    )
    displaying.add_message(house.busy.streams, house.busy.id, wish, house.busy.agus.asks("add"))
    with house.busy.streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD)))
    tablet = house.busy.budi.sets_up(PointKind.TABLET, counter=1)
    house.visitors["tablet"] = f"/tablet/{house.busy.point_token(tablet)}"
    _find_visitors(house)


def _word(office: DeskOffice) -> None:
    """Give the services what a citizen's charter says of them."""
    names = ("name_id", "name_en", "icon", "fee_id", "fee_en", "requirements_id", "requirements_en")
    for series, words in SERVICES.items():
        wanted = dict(zip(names, words, strict=True))
        keeping_services.change(
            office.streams, office.id, office.services[series], wanted, office.agus.asks("word", series=series)
        )
    for number in (1, 2):
        where = {
            "location_id": f"Lantai 1, sebelah {'kiri' if number == 1 else 'kanan'}",
            "location_en": "Ground floor",
        }
        office.agus.changes_setting("counter", subject=office.counters[number], **where)


def _find_visitors(house: House) -> None:
    office, keys = house.busy, house.busy.streams.keys.links
    house.slip = office.rows(TransactionRow, state="waiting")[-1].visit_id
    for state in ("waiting", "called", "processing", "ended"):
        row = office.rows(TransactionRow, state=state)[-1]
        house.visitors[state] = f"/v/{derive(keys, TokenKind.STATUS, row.visit_id)}"
    asked = office.rows(InvitationRow)[-1]
    house.visitors["survey"] = (
        f"/s/{derive(keys, TokenKind.SURVEY, asked.id, channel='link', generation=asked.generation)}"
    )
