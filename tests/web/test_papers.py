"""All papers of a transaction on one page: chosen printer, what became of each, and the way out through the browser."""

import pytest

from desk.delivery import printers as lines
from desk.domain.printing import JOB_LASTS
from desk.models import AccessRecord, PrintJob
from desk.operations.terms import Disposition
from tests.fixtures.office import DeskOffice
from tests.fixtures.printer import NO_PAPER, LocalPrinter
from tests.fixtures.web import Web
from tests.web.test_devices import PLACE
from tests.web.test_printing import printer_at, prints, state_on

pytestmark = [
    pytest.mark.usefixtures("house"),
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]


@pytest.fixture
def offered(desk_office: DeskOffice) -> tuple[int, int, int]:
    """Return the visit, the transaction and the handoff of a visitor who walks from Sari to Dewi with papers."""
    desk_office.budi.adds_skill(desk_office.sari, "C")
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    visit = desk_office.arrives("C").facts["visit"]
    served = desk_office.sari.serves()
    desk_office.sari.completes_documents(served, papers="Surat permohonan")
    along = Disposition(papers=("KTP",), walks_along=True)
    return visit, served, desk_office.sari.offers(served, desk_office.dewi, disposition=along)


def test_each_paper_comes_out_of_the_printer_that_was_chosen(
    web: Web, desk_office: DeskOffice, offered: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "ANSWER_SECONDS", 0.1)
    visit, served, handoff = offered
    agus, sari = web.as_("Agus"), web.as_("Sari")
    sari.speak("en")
    papers, slip = f"/offices/1/transactions/{served}/papers", f"/offices/1/handoffs/{handoff}/slip"
    ticket = f"/offices/1/reception/visits/{visit}"
    assert "has no receipt printer" in sari.get(papers).said
    assert papers in sari.get(f"/offices/1/counter?transaction={served}").text
    with LocalPrinter() as narrow, LocalPrinter(status=None) as wide:
        printer_at(agus, narrow, name="Kios", width="58", language="visitor")
        place = printer_at(agus, wide, name="Resepsi", reception="y", language="visitor")
        page = sari.get(papers)
        sari.send(page, f"{slip}/prints")  # that of the desk stands first
        sari.send(page, f"{slip}/prints")
        other = page.text.split('<option value="')[2].partition('"')[0]
        page = sari.follow(sari.send(page, f"{ticket}/prints", printer=other))
        assert page.path == papers and "Sent to “Kios”" in page.said
        prints(desk_office)
        page = sari.get(papers)
        assert (len(wide.slips), len(narrow.slips)) == (1, 1)
        assert "Lembar disposisi" in wide.slips[0].words
        assert "This printer does not tell whether paper came out" in page.said  # the wide one says nothing
        assert [page.text.count(f'data-paper-state="{each}"') for each in ("printed", "sent")] == [1, 1]
        receipt = f"/offices/1/transactions/{served}/receipt"
        narrow.status = NO_PAPER
        sari.send(sari.get(receipt), f"{receipt}/prints", printer=other)
        prints(desk_office)
        page = sari.get(receipt)
        assert "Kios: No paper. Put in a new roll." in page.said
        assert "Print through the browser instead" in page.said
        assert "Kios – No paper" in sari.get(slip).text  # known before one prints
        desk_office.clock.tick(1)
        sari.send(sari.get(slip), f"{slip}/prints")
    assert state_on(sari, sari.get(slip)) == "printing"
    desk_office.clock.tick(JOB_LASTS.total_seconds())  # and nobody prints
    _known_to_agus(agus, place, desk_office, sari.get(slip).said)
    assert [(row.subject, row.verb) for row in desk_office.rows(AccessRecord) if row.verb == "printed"] == [
        ("handoff", "printed"), ("handoff", "printed"), ("ticket", "printed"), ("receipt", "printed"),
        ("handoff", "printed"),
    ]  # fmt: skip
    assert len(desk_office.rows(PrintJob)) == 4


def _known_to_agus(agus: Web, place: str, office: DeskOffice, seen: str) -> None:
    assert "It was not printed in time" in seen
    agus.speak("en")
    assert "1 paper of the last day did not come out." in agus.get(PLACE).said
    said = agus.get(place).said
    for words in ("Last papers", "Handoff slip", "Given up", "It was not printed in time", "Printed"):
        assert words in said
    assert "C001" not in said


def test_only_who_may_read_a_slip_prints_it_and_only_while_it_holds(
    web: Web, desk_office: DeskOffice, offered: tuple[int, int, int]
) -> None:
    visit, served, handoff = offered
    papers, slip = f"/offices/1/transactions/{served}/papers", f"/offices/1/handoffs/{handoff}/slip"
    agus, sari, joko, budi = (web.as_(name) for name in ("Agus", "Sari", "Joko", "Budi"))
    with LocalPrinter() as local:
        printer = printer_at(agus, local, reception="y").rpartition("/")[2]
        page = joko.get(papers)
        assert slip not in page.text and f"/visits/{visit}/prints" in page.text
        joko.post(f"{slip}/prints", status=404, printer=printer)
        file = budi.get(f"/offices/1/transactions/{served}")
        assert papers in file.text
        budi.send(budi.get(papers), f"{slip}/prints")
        assert f"{slip}/prints" not in web.as_("Ratna").get(slip).text  # an auditor reads only
        desk_office.sari.withdraws(handoff)
        sari.post(f"{slip}/prints", printer=printer)
        assert f"{slip}/prints" not in sari.get(papers).text
        assert desk_office.sari.serves() == served
        desk_office.sari.completes(served)
        assert f"/visits/{visit}/prints" not in sari.get(papers).text
        prints(desk_office)
        assert local.slips == []  # the slip that was asked for held no more when its turn came
    assert [row.state for row in desk_office.rows(PrintJob)] == ["expired"]
