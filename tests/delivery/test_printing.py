"""Tickets on receipt printers of the house: what comes out, and that whatever is wrong with one stays with it."""

import io

import pytest
from PIL import Image
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from desk.delivery import print_worker, printers
from desk.delivery.message import Links
from desk.delivery.print_queue import PrintQueue
from desk.delivery.print_worker import Printing
from desk.delivery.ticket import _turn
from desk.domain.devices import DeviceKind, DeviceWish
from desk.domain.estimate import WaitRange
from desk.domain.printing import (
    JOB_LASTS,
    LOST_AFTER,
    JobKind,
    JobState,
    Letters,
    PrinterState,
    PrinterUse,
    TicketLanguage,
)
from desk.domain.reasons import PriorityReason
from desk.domain.tokens import TokenKind, derive
from desk.models import PrinterStanding, PrintJob, Service
from desk.operations.printing import Paper, ask_for, ticket_of
from desk.operations.settings import devices, identity
from desk.operations.settings.identity import Logo
from desk.reads.printing import find_printer, list_printers, list_unsettled
from tests.fixtures.delivery import PUBLIC_URL
from tests.fixtures.office import KEYS, DeskOffice
from tests.fixtures.printer import COVER_OPEN, JAMMED, NO_PAPER, PAPER_LOW, LocalPrinter
from tests.fixtures.web import everything

USUAL = PrinterUse()
pytestmark = pytest.mark.usefixtures("house", "impatient")


@pytest.fixture
def impatient(monkeypatch):
    """Wait for what will not come no longer than a test may."""
    monkeypatch.setattr(print_worker, "TRIED_SECONDS", 0.0)
    monkeypatch.setattr(print_worker, "PRINTING_LASTS", JOB_LASTS / 20)
    monkeypatch.setattr(printers, "ANSWER_SECONDS", 0.1)
    monkeypatch.setattr(printers, "FIRST_CONFIRMATION_SECONDS", 0.3)


def stands_at(office: DeskOffice, local: LocalPrinter, use: PrinterUse = USUAL):
    """Register a printer; return it."""
    wish = DeviceWish(DeviceKind.PRINTER, "Cetak", host=local.host, port=local.port, use=use)
    done = devices.register_printer(office.streams, office.id, wish, office.agus.asks("register", wish=str(wish)))
    with office.streams.reading() as connection:
        return find_printer(connection, office.id, done.facts["device"])


def worker(office: DeskOffice) -> Printing:
    return Printing(PrintQueue(office.engine), Links(KEYS.links, PUBLIC_URL), office.clock)


def prints(office: DeskOffice, *workers: Printing) -> None:
    """Let workers go round until nothing waits."""
    each = workers or (worker(office),)
    for _ in range(20):
        for one in each:
            one.round()
        for one in each:
            one.join()
        if not each[0].queue.waiting(office.clock()):
            return
    raise AssertionError("something waits for ever")


def jobs(office: DeskOffice) -> dict[str, tuple[str, str | None]]:
    return {row.key: (row.state, row.fault) for row in office.rows(PrintJob)}


def standing(office: DeskOffice) -> PrinterStanding:
    return office.row(PrinterStanding)


def logo() -> Logo:
    kept = io.BytesIO()
    Image.linear_gradient("L").resize((200, 100)).save(kept, "PNG")
    return Logo(kept.getvalue(), "image/png", 200, 100)


@pytest.mark.parametrize("width", [58, 80])
def test_a_ticket_comes_out_once_and_says_all(desk_office, width):
    identity.change_logo(desk_office.streams, desk_office.id, desk_office.agus.asks("logo"), logo())
    desk_office.arrives("A", priority_reason=PriorityReason.ELDERLY)
    visit = desk_office.arrives("A", priority_reason=PriorityReason.ELDERLY).facts["visit"]
    token = derive(KEYS.links, TokenKind.STATUS, visit)
    with LocalPrinter() as local:
        printer = stands_at(desk_office, local, PrinterUse(width=width, copies=2))
        assert ask_for(desk_office.streams, printer, ticket_of(visit, language="id"))
        assert not ask_for(desk_office.streams, printer, ticket_of(visit, language="id"))
        prints(desk_office)
        prints(desk_office)
        first, second = local.slips
    assert first.words == second.words
    said = " ".join(first.words)
    for words in (
        "Nomor antrean Anda",
        "Your queue number",
        "A002",
        "Lelang",
        "1 orang di depan Anda",
        "1 person before you",
        "Prioritas Anda sudah tercatat pada nomor ini.",
    ):
        assert words in said
    assert "Lanjut usia" not in said  # why is nobody's to read
    assert "08.00" in said
    assert token in said.replace(" ", "")
    assert first.line("A002").size >= 6
    assert first.codes == [f"{PUBLIC_URL}/v/{token}?via=ticket"]
    assert first.cut
    assert {picture.width for picture in first.pictures} == {printer.use.dots}
    shades = first.pictures[0].convert("L").histogram()
    assert min(shades[0], shades[255]) > 500  # the logo, in dots
    assert max(len(words) for words in first.words) <= printer.use.columns
    assert jobs(desk_office) == {f"ticket-{visit}": ("printed", None)}
    now = standing(desk_office)
    assert (now.state, now.printed_at, now.answers, now.confirms) == ("ready", desk_office.clock(), True, True)
    assert token not in repr(everything(desk_office))


def test_letters_and_languages_are_those_that_are_set(desk_office):
    name = "Pelayanan é – “Ḥalal”"
    with desk_office.engine.begin() as connection:
        connection.execute(update(Service).where(Service.series == "A").values(name_id="Café – umum", name_en=name))
    visit = desk_office.arrives("A").facts["visit"]
    said = []
    with LocalPrinter() as local:
        printer = stands_at(desk_office, local)
        for number, (language, letters) in enumerate(
            ((TicketLanguage.INDONESIAN, Letters.CODE_PAGE), (TicketLanguage.ENGLISH, Letters.CODE_PAGE),
             (TicketLanguage.VISITOR, Letters.DRAWN))
        ):  # fmt: skip
            use = PrinterUse(language=language, letters=letters, cuts=False)
            wish = DeviceWish(DeviceKind.PRINTER, "Cetak", host=local.host, port=local.port, use=use)
            devices.change(desk_office.streams, desk_office.id, printer.id, wish, desk_office.agus.asks("set"))
            ask_for(desk_office.streams, printer, Paper(JobKind.TICKET, f"again-{number}", "id", visit))
            prints(desk_office)
            said.append(local.slips[-1])
    by_page, with_picture, drawn = said
    assert "Café – umum" in by_page.words
    assert "Your queue number" not in by_page.words
    assert not by_page.cut and by_page.fed
    assert "Your queue number" in with_picture.words
    assert len(with_picture.pictures) == len(by_page.pictures) + 1  # one letter is in neither page
    assert "Café – umum" not in drawn.words
    assert len(drawn.pictures) == len(by_page.pictures) + 1


@pytest.mark.parametrize(
    ("status", "state"),
    [(NO_PAPER, "paper_out"), (COVER_OPEN, "cover_open"), (JAMMED, "fault")],
)
def test_nothing_is_sent_to_a_printer_that_cannot_print(desk_office, status, state):
    visit = desk_office.arrives("A").facts["visit"]
    with LocalPrinter(status=status) as local:
        printer = stands_at(desk_office, local)
        ask_for(desk_office.streams, printer, ticket_of(visit, language="id"))
        prints(desk_office)
        assert local.jobs == []
        assert jobs(desk_office) == {f"ticket-{visit}": ("failed", state)}
        assert standing(desk_office).state == state
        local.status = PAPER_LOW
        desk_office.clock.tick(120)
        look = worker(desk_office)
        look.round()
        look.join()
    with desk_office.streams.reading() as connection:
        (found,) = list_printers(connection)
    assert found.state_now(desk_office.clock()) is PrinterState.PAPER_LOW
    assert found.since == desk_office.clock()
    assert jobs(desk_office) == {f"ticket-{visit}": ("failed", state)}  # late paper is worse than none


def test_whatever_dies_meanwhile_ends_one_job_only(desk_office):
    visits = [desk_office.arrives("A").facts["visit"] for _ in range(5)]
    with LocalPrinter() as local:
        printer = stands_at(desk_office, local)
        ends = []
        for visit, trouble in zip(
            visits, ({"breaks_after": 5_000}, {"runs_out": True}, {"stuck": True}, {}, {}), strict=True
        ):
            for name, value in trouble.items():
                setattr(local, name, value)
            ask_for(desk_office.streams, printer, ticket_of(visit, language="id"))
            prints(desk_office)
            ends.append(jobs(desk_office)[f"ticket-{visit}"])
            local.breaks_after, local.runs_out, local.stuck = None, False, False
            local.status = LocalPrinter().status
        assert local.forgotten == 1
        assert [len(slip.codes) for slip in local.slips] == [1, 1]
    assert ends == [
        ("failed", "unreachable"), ("failed", "paper_out"), ("failed", "silent"), ("printed", None), ("printed", None),
    ]  # fmt: skip
    desk_office.clock.tick(120)
    look = worker(desk_office)
    look.round()
    look.join()
    assert standing(desk_office).state == "unreachable"


class BusyQueue(PrintQueue):
    """One whose database is locked the first times that the end of a job is to be written, and a printer noted."""

    refusals = 2

    def end(self, *given):
        if self.refusals:
            self.refusals -= 1
            raise OperationalError("UPDATE print_jobs", {}, Exception("database is locked"))
        super().end(*given)

    def note(self, *given):
        raise OperationalError("UPDATE printer_standings", {}, Exception("database is locked"))


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_what_came_out_counts_as_printed_though_the_database_was_busy(desk_office, monkeypatch):
    monkeypatch.setattr(print_worker, "WRITE_AGAIN_SECONDS", (0.0, 0.0, 0.0))
    visit = desk_office.arrives("A").facts["visit"]
    with LocalPrinter() as local:
        ask_for(desk_office.streams, stands_at(desk_office, local), ticket_of(visit, language="id"))
        queue = BusyQueue(desk_office.engine)
        prints(desk_office, Printing(queue, Links(KEYS.links, PUBLIC_URL), desk_office.clock))
        assert (len(local.slips), queue.refusals) == (1, 0)
    assert [*jobs(desk_office).values()] == [("printed", None)]


def test_one_that_says_nothing_is_believed_until_it_takes_nothing(desk_office):
    visits = [desk_office.arrives("A").facts["visit"] for _ in range(2)]
    with LocalPrinter(status=None) as local:
        printer = stands_at(desk_office, local)
        ask_for(desk_office.streams, printer, ticket_of(visits[0], language="id"))
        prints(desk_office)
        local.stuck = True
        ask_for(desk_office.streams, printer, ticket_of(visits[1], language="id"))
        prints(desk_office)
        assert len(local.slips) == 1
    assert [*jobs(desk_office).values()] == [("printed", None), ("failed", "silent")]
    assert (standing(desk_office).answers, standing(desk_office).confirms) == (False, False)


def test_two_workers_at_one_printer_never_print_into_each_other(desk_office):
    visits = [desk_office.arrives("A").facts["visit"] for _ in range(6)]
    with LocalPrinter() as local:
        one, other = stands_at(desk_office, local), stands_at(desk_office, local)
        desk_office.clock.tick(1)
        for number, visit in enumerate(visits):
            ask_for(desk_office.streams, (one, other)[number % 2], ticket_of(visit, language="id"))
        prints(desk_office, worker(desk_office), worker(desk_office))
        numbers = [words for slip in local.slips for words in slip.words if words.startswith("A00")]
        assert sorted(numbers) == [f"A00{number}" for number in range(1, 7)]
    assert {state for state, _ in jobs(desk_office).values()} == {"printed"}


def test_what_was_left_by_a_killed_worker_is_over(desk_office):
    first, second, third = (desk_office.arrives("A").facts["visit"] for _ in range(3))
    with LocalPrinter() as local:
        printer, queue = stands_at(desk_office, local), PrintQueue(desk_office.engine)
        for visit in (first, second):
            ask_for(desk_office.streams, printer, ticket_of(visit, language="id"))
        waiting = queue.waiting(desk_office.clock())
        assert queue.claim(waiting[0], desk_office.clock())  # and it dies
        assert not queue.claim(waiting[0], desk_office.clock())
        assert not queue.claim(waiting[1], desk_office.clock())
        worker(desk_office).round()
        desk_office.clock.tick(max(LOST_AFTER, JOB_LASTS).total_seconds())
        ask_for(desk_office.streams, printer, ticket_of(third, language="id"))
        prints(desk_office)
        assert len(local.slips) == 1
        assert [state for state, _ in jobs(desk_office).values()] == ["failed", "expired", "printed"]
        desk_office.clock.tick(3 * 86_400)
        assert queue.forget(desk_office.clock()) == 3
    assert JobState.EXPIRED.value not in repr(jobs(desk_office))


def test_a_visit_that_is_over_and_an_unpaired_printer_print_nothing(desk_office):
    visit = desk_office.arrives("A")
    with LocalPrinter() as local:
        printer = stands_at(desk_office, local)
        desk_office.sari.signs_on(1)
        desk_office.sari.calls(counter=1)
        desk_office.sari.starts(visit.facts["transaction"])
        desk_office.sari.completes(visit.facts["transaction"])
        ask_for(desk_office.streams, printer, ticket_of(visit.facts["visit"], language="id"))
        prints(desk_office)
        devices.revoke(desk_office.streams, desk_office.id, printer.id, desk_office.agus.asks("revoke"))
        ask_for(desk_office.streams, printer, Paper(JobKind.TRIAL, "trial", "id"))
        late = worker(desk_office)
        late.round()
        late.join()
        assert local.jobs == []
    desk_office.clock.tick(JOB_LASTS.total_seconds())
    late.round()
    with desk_office.streams.reading() as connection:
        found = [job.stands(desk_office.clock()) for job in list_unsettled(connection)]
    assert set(found) <= {JobState.EXPIRED}
    assert jobs(desk_office)[f"ticket-{visit.facts['visit']}"] == ("expired", None)
    assert desk_office.findings() == []


def test_the_range_of_the_wait_is_said_as_on_the_phone():
    assert _turn(WaitRange(0, 5), "en") == "It is your turn in about 5 min at most."
    assert _turn(WaitRange(45, 90), "id") == "Giliran Anda kira-kira 45 menit sampai 1 jam 30 menit lagi."


def test_a_trial_and_a_receipt(desk_office):
    desk_office.arrives("C")
    desk_office.dewi.signs_on(2)
    transaction = desk_office.dewi.serves(counter=2)
    desk_office.dewi.completes_documents(transaction, 2, papers="Surat permohonan\nSertipikat")
    with LocalPrinter() as local:
        printer = stands_at(desk_office, local)
        ask_for(desk_office.streams, printer, Paper(JobKind.TRIAL, "trial", "id"))
        prints(desk_office)
        ask_for(desk_office.streams, printer, Paper(JobKind.RECEIPT, "receipt", "id", transaction))
        prints(desk_office)
        trial, receipt = local.slips
    assert {"UJI COBA · TRIAL", "A000", "à é î õ ü ñ ç", "– “ ” € …", "This is no queue number."} <= set(trial.words)
    assert trial.codes == [f"{PUBLIC_URL}/offices/{desk_office.id}/check-in"]
    assert {"- Surat permohonan", "- Sertipikat"} <= set(receipt.words)
    assert receipt.codes[0].endswith("?via=receipt")
