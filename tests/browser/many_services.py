"""An office with as many services as a large one has, and the long standard that the demo publishes of valuation."""

import tomllib
from pathlib import Path
from string import ascii_uppercase
from typing import Final

import desk.demo
from desk.domain.services import TEXTS, Plan
from desk.operations.opening import setting_up
from desk.operations.settings import keeping_services
from tests.fixtures.office import DeskOffice

MANY: Final = 17
NAMES: Final = (
    ("Piutang negara", "State receivables"),
    ("Informasi dan pengaduan", "Information and complaints"),
    ("Hukum dan informasi", "Legal affairs"),
    ("Permohonan keterangan lunas dan pengembalian jaminan", "Certificates of discharge and return of collateral"),
    ("Pengembalian uang jaminan penawaran lelang", "Return of bid deposits"),
    ("Kutipan risalah lelang", "Extracts of auction records"),
    ("Penggunaan barang milik negara", "Use of state property"),
    ("Pemanfaatan dan sewa", "Utilization and lease"),
    ("Pemindahtanganan dan hibah", "Transfer and grants"),
    ("Penghapusan", "Write-off"),
    ("Pengambilan surat", "Collecting letters"),
    ("Surat masuk", "Incoming letters"),
    ("Konsultasi", "Advice"),
    ("Layanan lain", "Other services"),
)


def offers_many(office: DeskOffice, count: int = MANY) -> None:
    """Add services until the office has so many; Dewi serves them all."""
    with office.streams.reading() as connection:
        mine = keeping_services.SERVICES.select().where(keeping_services.SERVICES.c.office_id == office.id)
        known = connection.execute(mine.order_by(keeping_services.SERVICES.c.id)).mappings().first()
    assert known is not None
    for series, (name_id, name_en) in list(zip(ascii_uppercase[3:], NAMES, strict=False))[: count - 3]:
        words = {"name_id": name_id, "name_en": name_en, "fee_id": "Rp0", "fee_en": "Free of charge"}
        plan = Plan(series, words, known["calendar_id"], known["head_id"])
        done = keeping_services.add(office.streams, office.id, plan, office.agus.asks("add", series=series))
        office.services[series] = done.facts["service"]
    setting_up.add_skills(office.streams, office.dewi.id, [office.services[each] for each in office.services])


def publishes_valuation(office: DeskOffice, series: str = "C") -> None:
    """Publish of a service what the demo publishes of valuation: seven lines of how long it takes alone."""
    found = tomllib.loads(Path(desk.demo.__file__).with_name("services.toml").read_text(encoding="utf-8"))
    words = {name: str(text).strip() for name, text in found["valuation"].items() if name in TEXTS}
    service = office.services[series]
    keeping_services.change(office.streams, office.id, service, words, office.agus.asks("publish", series=series))
