"""The slip of a handoff on receipt printers, and the trial: what a visitor carries, on narrow and on wide paper."""

import pytest
from sqlalchemy import update

from desk.delivery.slip import Slip
from desk.domain.printing import JobKind, Letters, PrinterUse, TicketLanguage
from desk.domain.tokens import TokenKind, derive
from desk.models import Counter
from desk.operations.printing import Paper, ask_for
from desk.operations.terms import Disposition
from tests.delivery.test_printing import impatient, jobs, prints, stands_at
from tests.fixtures.delivery import PUBLIC_URL
from tests.fixtures.escpos import read
from tests.fixtures.office import KEYS, DeskOffice
from tests.fixtures.printer import LocalPrinter

__all__ = ["impatient"]
pytestmark = pytest.mark.usefixtures("house", "impatient")
one_database = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
NOTE, INSTRUCTION = "Bu Wati marah", "Periksa NIK 3201"
ALONG = Disposition(expects=INSTRUCTION, papers=("Surat kuasa", "KTP"), walks_along=True)


def printed(office: DeskOffice, printer, handoff: int, local: LocalPrinter):
    """Ask for the slip of a handoff; return what came out, None for nothing."""
    before = len(local.slips)
    ask_for(office.streams, printer, Paper(JobKind.HANDOFF, f"slip-{before}-{office.clock()}", "id", handoff))
    prints(office)
    return local.slips[-1] if len(local.slips) > before else None


@one_database
@pytest.mark.parametrize("width", [58, 80])
def test_what_a_visitor_carries_names_places_and_nobody(desk_office, width):
    with desk_office.engine.begin() as connection:
        there = {"location_id": "lantai 2, kiri", "location_en": "2nd floor, left"}
        connection.execute(update(Counter).where(Counter.id == desk_office.counters[2]).values(**there))
    visit = desk_office.arrives("A", name="Wati Lestari").facts["visit"]
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    served = desk_office.sari.serves()
    handoff = desk_office.sari.offers(served, desk_office.dewi, note=NOTE, disposition=ALONG)
    counter = desk_office.row(Counter, id=desk_office.counters[2]).name
    with LocalPrinter() as local:
        printer = stands_at(desk_office, local, PrinterUse(width=width))
        slip = printed(desk_office, printer, handoff, local)
        said = " ".join(slip.words)
        token = derive(KEYS.links, TokenKind.STATUS, visit)
        for words in (
            *("Lembar disposisi", "Handoff slip", "A001", "Berkas yang diserahkan: 2", "- Surat kuasa", "- KTP"),
            *(f"Kepada: {counter} (lantai 2, kiri)", "To: Counter 2 (2nd floor, left)"),
        ):
            assert words in said
        for words in ("Sari", "Dewi", "Wati", NOTE, INSTRUCTION):
            assert words not in said
        assert slip.codes == [f"{PUBLIC_URL}/v/{token}?via=ticket"]
        assert slip.line("A001").size >= 6
        assert max(len(words) for words in slip.words) <= printer.use.columns
        desk_office.sari.withdraws(handoff)
        desk_office.clock.tick(1)
        assert printed(desk_office, printer, handoff, local) is None
    assert {state for state, _ in jobs(desk_office).values()} == {"printed", "expired"}


@one_database
def test_what_goes_with_the_file_has_no_code_and_the_trial_is_in_both_languages(desk_office):
    desk_office.arrives("A")
    desk_office.sari.signs_on(1)
    served = desk_office.sari.serves()
    desk_office.sari.processes(served)
    pooled = desk_office.sari.pools(served, note=NOTE).facts["handoff"]
    with LocalPrinter() as local:
        use = PrinterUse(width=58, language=TicketLanguage.INDONESIAN, letters=Letters.DRAWN)
        printer = stands_at(desk_office, local, use)
        slip = printed(desk_office, printer, pooled, local)
        assert "Kepada: Pengolahan" in slip.words
        assert (slip.codes, "Handoff slip" in slip.words) == ([], False)
        ask_for(desk_office.streams, printer, Paper(JobKind.TRIAL, "trial", "id", printer.id))
        prints(desk_office)
        trial = local.slips[-1]
    said = " ".join(trial.words)
    for words in ("Cetak", "58 mm", "Bukan nomor antrean.", "This is no queue number.", "Garis hitam", "The black bar"):
        assert words in said
    assert "12345678901234567890123456789012" in trial.words
    assert any(picture.width == 384 and not picture.convert("L").getextrema()[1] for picture in trial.pictures)
    assert trial.codes == [f"{PUBLIC_URL}/offices/{desk_office.id}/check-in"]


def test_a_long_address_still_has_a_code_that_phones_read():
    address = "https://antrean-kantor-pelayanan.kotabaru.go.id:8443/v/" + "2345abcdefghijkmnpqrstuvwx?via=ticket"
    for use in (PrinterUse(width=58, letters=Letters.DRAWN), PrinterUse(width=80, letters=Letters.DRAWN)):
        slip = Slip(use)
        slip.code(address)
        slip.line("é" * 90)  # one word that is longer than a line
        slip.end()
        (paper,) = read(slip.content).slips
        assert paper.codes[0] == address
        code, drawn = paper.pictures
        assert code.height >= 4 * 45  # four dots a module, half a millimeter
        assert drawn.height >= 90 * 14 // use.dots * 24
