"""Print jobs and the state of printers are no facts of the office: a step back drops them, and nothing is missing."""

from datetime import timedelta

from sqlalchemy import inspect

from desk.cli import database
from desk.delivery.print_queue import PrintQueue
from desk.delivery.printers import Found
from desk.domain.devices import DeviceKind, DeviceWish
from desk.domain.printing import PrinterState, PrinterUse, TicketLanguage
from desk.models import PrinterStanding, PrintJob
from desk.operations.printing import ask_for, ticket_of
from desk.operations.settings import devices
from desk.reads.printing import list_printers
from tests.fixtures.office import DeskOffice, prepare_office


def prepare_printer(url):
    """A printer that was found without paper, and a ticket that waits for it."""
    prepare_office(url)
    office = DeskOffice(url)
    use = PrinterUse(width=58, language=TicketLanguage.ENGLISH, reception=True)
    wish = DeviceWish(DeviceKind.PRINTER, "Cetak", host="192.168.1.50", use=use)
    devices.register_printer(office.streams, office.id, wish, office.agus.asks("register"))
    with office.streams.reading() as connection:
        (printer,) = list_printers(connection)
    PrintQueue(office.engine).note(printer, Found(PrinterState.PAPER_OUT, answered=True), office.clock())
    ask_for(office.streams, printer, ticket_of(office.arrives("A").facts["visit"], language="id"))
    office.engine.dispose()


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_printer)
    office = DeskOffice(url)
    assert (office.row(PrintJob).state, office.row(PrinterStanding).state) == ("waiting", "paper_out")
    with office.streams.reading() as connection:
        (before,) = list_printers(connection)

    database.downgrade(url, "0048")
    assert not {"print_jobs", "printer_standings"} & set(inspect(office.engine).get_table_names())

    database.upgrade(url)
    with office.streams.reading() as connection:
        (after,) = list_printers(connection)
    assert (after.use, after.host, after.state) == (before.use, before.host, None)
    assert office.rows(PrintJob) == office.rows(PrinterStanding) == []
    assert PrintQueue(office.engine).claim_looks(office.clock() + timedelta(minutes=2)) == [after]
    assert office.findings() == []
    office.engine.dispose()
