"""A morning in which everything happens once, so that every table of the state has rows to tamper with."""

from desk.domain.reasons import DeclineReason
from desk.models import AbsenceRow, InvitationRow
from tests.fixtures.office import BACK_OFFICE, DeskOffice, prepare_office


def prepare_morning(url: str) -> None:
    """Make the office of the tests with its morning behind it."""
    prepare_office(url)
    office = DeskOffice(url)
    play(office)
    office.engine.dispose()


def play(office: DeskOffice) -> None:
    """Play the morning."""
    for colleague, counter in ((office.sari, 1), (office.dewi, 2), (office.joko, BACK_OFFICE)):
        colleague.signs_on(counter)
    office.arrives("A", email="visitor@example.id", consent=True)
    office.clock.tick(60)
    office.arrives("A", "B")
    office.clock.tick(60)
    _hand_on_and_answer(office)
    _come_back_and_miss(office)
    _seat_and_transfer(office)
    _go_home(office)


def _hand_on_and_answer(office: DeskOffice) -> None:
    transaction = office.sari.serves()
    office.dewi.declines(office.sari.offers(transaction, office.dewi), DeclineReason.OTHER, note="Masih rapat")
    office.sari.recalls(office.sari.calls().facts["transaction"])
    office.sari.starts(transaction)
    office.clock.tick(60)
    office.dewi.accepts(office.sari.offers(transaction, office.dewi, note="Sertifikat asli ada"))
    office.dewi.completes(transaction)
    office.answers(office.row(InvitationRow).id, 4, comment="Terima kasih")


def _come_back_and_miss(office: DeskOffice) -> None:
    transaction = office.sari.serves()
    office.joko.accepts(office.sari.offers(transaction, office.joko))
    office.joko.pauses(transaction)
    office.joko.resumes(transaction)
    office.clock.tick(60)
    office.comes_back(transaction)
    office.dewi.picks(transaction, counter=2)
    office.dewi.misses(transaction)
    office.joko.completes(transaction)
    office.joko.reopens(transaction)
    _ask_and_cover(office, transaction)


def _ask_and_cover(office: DeskOffice, transaction: int) -> None:
    """Dewi is away; Joko asks, and hands over what he has; Dewi's deputy declines."""
    office.budi.plans_absence(office.sari, of=office.dewi, first=0)
    office.sari.refuses_request(office.joko.requests(transaction, office.dewi), DeclineReason.BUSY)
    office.sari.answers(office.joko.requests(transaction, office.sari), "Sudah diperiksa")
    office.joko.requests(transaction, "A", blocks=True)
    office.sari.declines(office.joko.hands_over_shift({transaction: office.dewi}).facts["batch"])
    office.budi.cancels_absence(office.row(AbsenceRow).id)


def _seat_and_transfer(office: DeskOffice) -> None:
    transaction = office.sari.serves()
    office.sari.seats(transaction, minutes=5)
    office.budi.transfers(transaction, "A")


def _go_home(office: DeskOffice) -> None:
    office.clock.tick(-3600)
    office.arrives("B")
    office.budi.confirms_clock()
    office.arrives("A")
    office.dewi.takes_break()
    office.dewi.ends_break()
    office.dewi.signs_off()
    office.dewi.signs_on(2)
    office.dewi.takes_break()
    office.dewi.reads(office.budi.tells("Rapat pukul 15.00"))
    office.budi.closes_day()
    office.arrives("A")
    office.sari.calls()
