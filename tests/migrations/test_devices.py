"""Devices come again from the events after a step back, without their names and secrets; what waited is gone."""

from dataclasses import replace

from sqlalchemy import func, inspect, select

from desk.cli import database
from desk.domain.devices import DeviceKind, DeviceWish, code_of
from desk.domain.printing import BrowserPrinting
from desk.models import Device, DevicePairing
from desk.operations.settings import devices
from desk.reads.devices import Locked, get_locked
from tests.fixtures.office import DeskOffice, prepare_office


def prepare_devices(url):
    """A display and a kiosk set otherwise, a tablet that was unpaired, a browser that waits; and kiosks are locked."""
    prepare_office(url)
    office = DeskOffice(url)
    one = office.counters[1]
    wish = DeviceWish(DeviceKind.DISPLAY, "Layar lobi", counters=(one,))
    display = pair(office, wish)
    devices.change(office.streams, office.id, display, wish_without(wish), office.agus.asks("change"))
    kiosk = DeviceWish(DeviceKind.KIOSK, "Kios")
    printing = replace(kiosk, printing=BrowserPrinting.BY_ITSELF)
    devices.change(office.streams, office.id, pair(office, kiosk), printing, office.agus.asks("print"))
    tablet = pair(office, DeviceWish(DeviceKind.TABLET, "Tablet", one))
    devices.revoke(office.streams, office.id, tablet, office.agus.asks("revoke"))
    devices.begin_pairing(office.streams)
    wanted = devices.LockedFaces(paired_kiosks_only=True, paired_displays_only=False)
    devices.lock_faces(office.streams, office.id, wanted, office.agus.asks("lock"))
    office.engine.dispose()


def wish_without(wish):
    return DeviceWish(wish.kind, wish.name, sound=False)


def pair(office, wish):
    code = code_of(office.streams.keys.links, devices.begin_pairing(office.streams))
    done = devices.pair(office.streams, office.id, code, wish, office.agus.asks("pair", wish=str(wish)))
    return done.facts["device"]


def waits(office):
    with office.streams.reading() as connection:
        return connection.execute(select(func.count()).select_from(DevicePairing)).scalar_one()


def locked(office):
    with office.streams.reading() as connection:
        return get_locked(connection, office.id)


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_devices)
    office = DeskOffice(url)
    before = {row.id: row for row in office.rows(Device)}
    assert locked(office) == Locked(paired_kiosks_only=True, paired_displays_only=False)
    assert waits(office) == 4

    database.downgrade(url, "0037")
    assert not {"devices", "device_pairings"} & set(inspect(office.engine).get_table_names())
    assert "paired_kiosks_only" not in {each["name"] for each in inspect(office.engine).get_columns("offices")}

    database.upgrade(url)
    after = {row.id: row for row in office.rows(Device)}
    assert after.keys() == before.keys()
    for device, row in after.items():
        kept = before[device]
        assert (row.kind, row.settings, row.counter_id) == (kept.kind, kept.settings, kept.counter_id)
        assert (row.paired_at, row.paired_by, row.revoked_at) == (kept.paired_at, kept.paired_by, kept.revoked_at)
        assert (row.name, row.secret_hash, row.seen_at) == ("", None, None)
    assert locked(office) == Locked(paired_kiosks_only=False, paired_displays_only=False)
    assert waits(office) == 0
    assert {row.settings["printing"] for row in after.values() if row.kind == DeviceKind.KIOSK} == {"by_itself"}
    assert office.findings() == []
    office.engine.dispose()
