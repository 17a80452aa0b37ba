"""Paper from printers of the house: set by an administrator, asked for with a number, once more for who lost it."""

import json

import pytest

from desk.cli.checks.base import Subject
from desk.cli.checks.printers import check_printers
from desk.delivery import printers as lines
from desk.delivery.message import Links
from desk.delivery.print_queue import PrintQueue
from desk.delivery.print_worker import Printing
from desk.domain.printing import JOB_LASTS, PrinterState
from desk.models import AccessRecord, PrintJob
from desk.reads.printing import list_printers
from desk.settings import Settings
from desk.watching.exposition import _of_printers
from tests.fixtures.delivery import PUBLIC_URL
from tests.fixtures.office import KEYS, DeskOffice
from tests.fixtures.printer import NO_PAPER, LocalPrinter
from tests.fixtures.web import Answer, Web
from tests.web.test_devices import PLACE, paired

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def agus(web: Web) -> Web:
    return web.as_("Agus")


def prints(office: DeskOffice) -> None:
    """Let the worker go round until nothing waits."""
    worker = Printing(PrintQueue(office.engine), Links(KEYS.links, PUBLIC_URL), office.clock)
    for _ in range(10):
        worker.round()
        worker.join()
        if not worker.queue.waiting(office.clock()):
            return
    raise AssertionError("something waits for ever")


def printer_at(agus: Web, local: LocalPrinter, **use: str) -> str:
    """Add a printer and set it; return the address of its page."""
    given = {"name": "Cetak lobi", "host": local.host, "port": str(local.port)}
    place = agus.send(agus.get(PLACE), f"{PLACE}/printers", **given).location
    if use:
        agus.send(agus.get(place), place, **use)
    return place


def takes(kiosk: Web, office: DeskOffice, key: str = "k1") -> Answer:
    service = str(office.services["A"])
    return kiosk.follow(kiosk.post("/offices/1/visits", service=service, channel="kiosk", key=key))


def state_on(web: Web, page: Answer) -> str:
    path = page.text.partition('data-paper="')[2].partition('"')[0]
    return json.loads(web.get(path).text)["state"]


def test_a_kiosk_prints_each_number_once_and_says_whether_paper_comes(
    web: Web, agus: Web, desk_office: DeskOffice
) -> None:
    kiosk = web.another()
    device = paired(agus, kiosk, "kiosk")
    assert "data-paper" not in takes(kiosk, desk_office, "k0").text
    with LocalPrinter() as local:
        place = printer_at(agus, local, kiosks=str(device), width="58", language="id", copies="1")
        page = takes(kiosk, desk_office)
        assert takes(kiosk, desk_office).path == page.path  # a double tap
        assert state_on(kiosk, page) == "printing"
        assert "data-print " not in page.text
        prints(desk_office)
        assert state_on(kiosk, page) == "printed"
        assert [slip.line("A002").size for slip in local.slips] == [7]
        local.status = NO_PAPER
        page = takes(kiosk, desk_office, "k2")
        prints(desk_office)
        assert state_on(kiosk, page) == "none"
        assert "trouble" not in kiosk.get(page.text.partition('data-paper="')[2].partition('"')[0]).text
        assert "A003" in page.said
        assert 'data-paper-state="none"' in kiosk.get(page.path).text
        web.as_("Sari").get("/offices/1/reception")
        assert "Cetak lobi: " in web.as_("Sari").get("/offices/1/reception").said
        assert "tag-bad" in agus.get(PLACE).text
        assert "tag-bad" in agus.get(place).text
    page = takes(kiosk, desk_office, "k3")  # nobody prints: there is no worker, and the printer is gone
    desk_office.clock.tick(JOB_LASTS.total_seconds())
    assert state_on(kiosk, page) == "none"
    assert desk_office.findings() == []


def test_a_printer_is_set_and_nothing_is_printed_twice(
    web: Web, agus: Web, desk_office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "ANSWER_SECONDS", 0.1)
    device = str(paired(agus, web.another(), "kiosk"))
    with LocalPrinter() as local, LocalPrinter(status=None) as other:
        first = printer_at(agus, local, kiosks=device, counters=str(desk_office.counters[1]), reception="y", copies="2")
        second = printer_at(agus, other)
        for taken in ({"kiosks": device}, {"counters": str(desk_office.counters[1])}, {"reception": "y"}):
            page = agus.send(agus.get(second), second, status=422, **taken)
            assert "field-error" in page.text
        agus.send(agus.get(second), second, status=422, copies="9")
        agus.send(agus.get(second), second, status=422, width="60")
        agus.send(agus.get(first), first, name="Cetak kios")
        with desk_office.streams.reading() as connection:
            found = list_printers(connection, desk_office.id)
        assert (found[0].name, found[0].use.copies, found[0].use.reception) == ("Cetak kios", 2, True)
        for place in (first, second):
            agus.send(agus.get(place), f"{place}/tries")
            page = agus.get(place)
            agus.send(page, f"{place}/trials")
            agus.send(page, f"{place}/trials")
        assert 'data-paper-state="printing"' in agus.get(first).text
        prints(desk_office)
        assert (len(local.slips), len(other.slips)) == (2, 1)
        assert 'data-paper-state="printed"' in agus.get(first).text
        agus.send(agus.get("/offices/1/checklist/ticket"), f"{second}/trials")
        local.status = NO_PAPER
        agus.send(agus.get(first), f"{first}/tries")
        assert "message-error" in agus.get(first).text
        _machines_know(desk_office)
    revoked = agus.send(agus.get(first), f"{first}/unpairing")
    assert "Cetak kios" in agus.follow(revoked).said
    agus.post(f"{first}/trials", status=404)


def _machines_know(office: DeskOffice) -> None:
    subject = Subject(Settings(), {}, office.clock(), office.engine, is_current=True)
    said = [result.level.value for result in check_printers(subject)]
    assert said == ["warning", "warning"]  # no paper; and one that nobody prints on
    with office.engine.connect() as connection:
        told = {family.name: family.samples for family in _of_printers(connection, office.clock())}
    assert [sample.value for sample in told["desk_printer_prints"]] == [0.0, 1.0]
    assert told["desk_printer_state"][0].labels["state"] == PrinterState.PAPER_OUT


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_reception_prints_again_and_looks_are_recorded(
    web: Web, agus: Web, desk_office: DeskOffice, language: str
) -> None:
    sari = web.as_("Sari")
    for each in (sari, agus):
        each.speak(language)
    with LocalPrinter() as local:
        printer = printer_at(agus, local, reception="y", language="visitor").rpartition("/")[2]
        taken = sari.send(
            sari.get("/offices/1/reception"), "/offices/1/reception/visits", services=str(desk_office.services["C"])
        )
        page = sari.follow(taken)
        assert state_on(sari, page) == "printing"
        prints(desk_office)
        page = sari.get(page.path)
        assert 'data-paper-state="printed"' in page.text
        sari.send(page, f"{page.path}/prints")
        sari.send(page, f"{page.path}/prints")
        prints(desk_office)
        assert len(local.slips) == 2
        assert [row.verb for row in desk_office.rows(AccessRecord) if row.verb == "printed"] == ["printed"] * 2
        sari.post(f"{page.path}/prints", printer="1")
        desk_office.dewi.signs_on(2)
        done = desk_office.dewi.serves(counter=2)
        desk_office.dewi.completes_documents(done, papers="Surat")
        receipt = f"/offices/1/transactions/{done}/receipt"
        sari.send(sari.get(receipt), f"{receipt}/prints")
        prints(desk_office)
        assert "- Surat" in local.slips[-1].words
        assert state_on(sari, sari.get(receipt)) == "printed"
        desk_office.dewi.completes(done)
        assert f"{page.path}/prints" not in sari.get(page.path).text
        sari.post(f"{page.path}/prints", printer=printer)
    assert len(desk_office.rows(PrintJob)) == 3
