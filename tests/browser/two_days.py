"""An office in which a full day lies behind and another stands in its middle, with everything open that can be open."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from desk.domain.absence import AbsenceReason
from desk.domain.reasons import PauseCause, PickReason, PriorityReason
from desk.models import TransactionRow
from desk.operations.terms import Disposition
from tests.fixtures.office import DeskOffice
from tests.reads import full_day

ARRIVALS = ("A", "B", "A", "B", "A", "A", "B", "A", "A", "B", "A", "A", "B", "A")
PRIORITIES = {2: PriorityReason.ELDERLY, 7: PriorityReason.PREGNANT, 9: PriorityReason.DISABILITY}
PAPERS = Disposition("Mohon periksa keaslian akta", ("Sertifikat asli", "Surat kuasa bermeterai"))
WITH_MAIL = 5


def play(office: DeskOffice) -> None:
    """Play the working day before today from 08.00 on, and today until an hour and a half ago, whatever the time is."""
    now = datetime.now(UTC)
    midnight = now.astimezone(ZoneInfo("Asia/Jakarta")).replace(hour=0, minute=0, second=0, microsecond=0)
    office.clock.now = _working_day_before(midnight) + timedelta(hours=8)
    _values(office)
    full_day.play(office)
    office.clock.now = max(midnight.astimezone(UTC), now - timedelta(minutes=90))
    _arrive(office)
    _work_on(office)
    _ask_and_offer(office)
    _be_absent(office)


def _working_day_before(midnight: datetime) -> datetime:
    back = {0: 3, 6: 2}.get(midnight.weekday(), 1)
    return (midnight - timedelta(days=back)).astimezone(UTC)


def _values(office: DeskOffice) -> None:
    """Dewi calls two valuations, the later one first; both go to the pool."""
    office.dewi.signs_on(2)
    valuations = [office.arrives("C", email="penilai@example.id", consent=True).facts["transactions"][0] for _ in "12"]
    for transaction, quantity in zip(reversed(valuations), (12, 3), strict=True):
        office.clock.tick(20)
        office.dewi.picks(transaction, counter=2, reason=PickReason.OTHER, note="Datang dari luar kota")
        office.dewi.starts(transaction)
        office.dewi.completes_documents(transaction, quantity, papers="Sertifikat, daftar barang")
        office.dewi.pools(transaction, note="Mohon dinilai", disposition=PAPERS)
    office.dewi.signs_off()


def _arrive(office: DeskOffice) -> None:
    """Visitors come; Sari still has the last one of the day before, Dewi comes back from the break."""
    for place, series in enumerate(ARRIVALS):
        office.clock.tick(10)
        mail = {"email": f"tamu{place}@example.id", "consent": True} if place < WITH_MAIL else {}
        office.arrives(series, priority_reason=PRIORITIES.get(place), name="Wati Kusumaningrum", **mail)
    transaction = office.transaction_at(1)
    office.sari.starts(transaction)
    office.sari.completes(transaction, note="Selesai keesokan harinya")
    office.dewi.ends_break()


def _work_on(office: DeskOffice) -> None:
    """Sari finishes one, keeps one on the desk and one in a pause that is over; Dewi calls out of order."""
    office.sari.completes(office.sari.serves())
    office.clock.tick(20)
    office.sari.processes(office.sari.serves(), due_at=office.clock.now + timedelta(minutes=30))
    office.clock.tick(20)
    office.sari.pauses(office.sari.serves(), due_at=office.clock.now + timedelta(minutes=10))
    office.sari.processes(office.sari.serves())
    office.dewi.processes(office.dewi.serves(counter=2))
    last = office.rows(TransactionRow, service_id=office.services["A"], state="waiting")[-1].id
    office.dewi.picks(last, counter=2, reason=PickReason.FRAIL_NOW)
    office.dewi.starts(last)
    office.dewi.completes(last)


def _ask_and_offer(office: DeskOffice) -> None:
    """Joko takes from the pool and asks Sari; Sari and Dewi offer each other one; Sari has called, and nobody comes."""
    taken = office.rows(TransactionRow, service_id=office.services["C"])[0].id
    office.joko.takes(taken)
    office.joko.notes(taken, "Luas tanah berbeda dengan sertifikat")
    office.joko.requests(taken, office.sari, question="Apakah surat kuasanya asli?", blocks=True)
    office.joko.pauses(taken, cause=PauseCause.OTHER_AGENCY)
    office.sari.calls()
    office.dewi.serves(counter=2)
    office.clock.now = max(office.clock.now, datetime.now(UTC) - timedelta(seconds=40))
    for giver, receiver in ((office.sari, office.dewi), (office.dewi, office.sari)):
        held = office.rows(TransactionRow, holder_id=giver.id, state="processing")[-1].id
        giver.offers(held, receiver, note=f"{giver.name} minta pemeriksaan akta", disposition=PAPERS)


def _be_absent(office: DeskOffice) -> None:
    """Joko is away from today on, Dewi later; Budi tells the floor."""
    sick = {"reason": AbsenceReason.SICK, "hand_over": True}
    office.budi.plans_absence(office.dewi, of=office.joko, first=0, last=1, **sick)
    office.budi.plans_absence(office.sari, of=office.dewi, first=2, last=4)
    office.budi.tells("Loket 3 dibuka pukul 13.00", minutes=600)
