"""A morning in which everything happens once, so that every table of the state has rows to tamper with."""

from datetime import timedelta

from desk.domain.access import VISITOR
from desk.domain.complaints import VoiceKind
from desk.domain.devices import DeviceKind, DeviceWish, code_of
from desk.domain.improvement import Status
from desk.domain.improvement import Wish as Improvement
from desk.domain.invitation import Standing
from desk.domain.points import PointKind
from desk.domain.publication import Figures
from desk.domain.reasons import DeclineReason, RevokeReason
from desk.domain.skm_elements import INSTRUMENTS, Regulation
from desk.domain.skm_index import Tallied, Tally
from desk.domain.skm_period import Period
from desk.models import AbsenceRow, InvitationRow
from desk.operations.complaints.complaining import Wish, receive
from desk.operations.keeping import privacy
from desk.operations.requests import Request
from desk.operations.settings import devices, planned
from desk.operations.survey import answering, improving, publishing
from desk.reads.kept_of_person import Sought
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
    _revoke(office)
    _praise(office)
    _go_home(office)
    _give_way(office)
    office.asks_with("skm2017", service="B")
    office.takes_over_paper()
    office.budi.sets_up(PointKind.POSTER)
    _improve(office)
    _plan(office)
    _pair(office)
    _forget(office)


def _pair(office: DeskOffice) -> None:
    """The administrator pairs a display, has it show fewer counters, and unpairs it again."""
    code = code_of(office.streams.keys.links, devices.begin_pairing(office.streams))
    wish = DeviceWish(DeviceKind.DISPLAY, "Layar lobi")
    device = devices.pair(office.streams, office.id, code, wish, office.agus.asks("pair")).facts["device"]
    fewer = DeviceWish(DeviceKind.DISPLAY, "Layar lobi", counters=(office.counters[1],))
    devices.change(office.streams, office.id, device, fewer, office.agus.asks("change_device"))
    devices.mark_seen(office.streams, office.id, device, at=office.clock())
    devices.revoke(office.streams, office.id, device, office.agus.asks("revoke"))


def _plan(office: DeskOffice) -> None:
    """The administrator plans a counter's new name and shorter days of reopening, and cancels the latter."""
    due, wanted = office.clock().date() + timedelta(days=400), {"name": "Loket prioritas"}
    asked, third = office.agus.asks("plan", **wanted), office.counters[3]
    planned.plan(office.streams, office.id, asked, kind="counter", subject=third, values=wanted, due=due)
    asked, days = office.agus.asks("plan"), {"reopen_days": 7}
    done = planned.plan(office.streams, office.id, asked, kind="office", subject=0, values=days, due=due)
    planned.cancel(office.streams, office.id, done.facts["planned"], office.agus.asks("cancel"))


def _revoke(office: DeskOffice) -> None:
    """One more is served; a colleague tries the link to the survey, which comes into the wrong hands."""
    transaction = office.arrives("C").facts["transaction"]
    office.dewi.picks(transaction, counter=2)
    office.dewi.starts(transaction)
    office.dewi.completes(transaction)
    invitation = office.row(InvitationRow, transaction_id=transaction).id
    given, request = {invitation: {"score": "5"}}, Request(VISITOR, "answer")
    answering.answer(office.streams, answering.Link(invitation, 1), given, request, standing=Standing.STAFF)
    office.budi.revokes(transaction, RevokeReason.OTHER, note="Tautan tersebar")


def _forget(office: DeskOffice) -> None:
    """The last but one who came wants nothing kept of them."""
    wish = privacy.Wish(Sought("lupa@example.id"))
    privacy.erase_person(office.streams, office.id, wish, office.budi.asks("erase_person"))


def _improve(office: DeskOffice) -> None:
    """The supervisor agrees on a measure, notes how far it is, and publishes a period."""
    period = Period(2026, 3, 1)
    agreed = Improvement("waktu", Period(2026, 3, 2), office.sari.id)
    asking = office.budi.asks("plan")
    planned = improving.plan(office.streams, office.id, asking, period=period, wish=agreed, words="Loket keempat")
    progress = office.budi.asks("progress")
    improving.note_progress(
        office.streams, planned.facts["improvement"], progress, status=Status.UNDER_WAY, note="Dipesan"
    )
    instrument = INSTRUMENTS[Regulation.RULE_2017]
    figures = Figures(
        period, Tallied(instrument, 6, {key: Tally(18, 6) for key in instrument.keys}), "exact", 8, 8, {}, ()
    )
    publishing.publish_survey(
        office.streams,
        office.id,
        office.budi.asks("publish"),
        lambda reader: publishing.Ready(figures, ()),
        seen=figures.seen,
        confirmed=True,
        reason=None,
    )


def _praise(office: DeskOffice) -> None:
    """The first visitor praises those who served, who are told."""
    day = office.today.isoformat()
    wish = Wish(VoiceKind.COMPLIMENT, "Cepat dan ramah", number="A001", day=day, name="Wati")
    receive(office.streams, office.id, wish, Request(VISITOR, "say"))


def _hand_on_and_answer(office: DeskOffice) -> None:
    transaction = office.sari.serves()
    office.dewi.declines(office.sari.offers(transaction, office.dewi), DeclineReason.OTHER, note="Masih rapat")
    office.sari.recalls(office.sari.calls().facts["transaction"])
    office.sari.starts(transaction)
    office.clock.tick(60)
    office.dewi.accepts(office.sari.offers(transaction, office.dewi, note="Sertifikat asli ada"))
    office.dewi.completes(transaction)
    office.answers(office.row(InvitationRow).id, 2, comment="Terima kasih")
    office.corrects(office.row(InvitationRow).id, score="4", comment="Maaf, salah tekan")


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
    _slip(office)
    _ask_and_cover(office, transaction)


def _slip(office: DeskOffice) -> None:
    """Each slip is taken back, and the visitor finished with after all."""
    office.arrives("B")
    called = office.dewi.calls(counter=2).facts["transaction"]
    office.dewi.undoes(called)
    called = office.dewi.calls(counter=2).facts["transaction"]
    office.dewi.seats(called)
    office.dewi.undoes(called)
    office.dewi.starts(called)
    office.dewi.undoes(called)
    office.dewi.starts(called)
    office.dewi.completes(called)
    office.dewi.undoes(called)
    office.dewi.completes(called)


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


def _give_way(office: DeskOffice) -> None:
    """Somebody needs more time, thinks better of it, and needs it after all."""
    first = office.arrives("A").facts["transaction"]
    office.clock.tick(60)
    office.arrives("A")
    office.gives_way(first)
    office.takes_place_back(first)
    office.gives_way(first)


def _go_home(office: DeskOffice) -> None:
    office.clock.tick(-3600)
    office.arrives("B", email="lupa@example.id")
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
