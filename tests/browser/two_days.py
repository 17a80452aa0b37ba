"""An office in which a full day lies behind and another stands in its middle, with everything open that can be open."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from desk.domain.absence import AbsenceReason
from desk.domain.access import VISITOR, Actor, Role
from desk.domain.complaints import VoiceKind, VoiceStep
from desk.domain.improvement import Wish
from desk.domain.questionnaire_editing import replaced
from desk.domain.questionnaire_json import as_json
from desk.domain.questionnaires import Measure, Variant, Words
from desk.domain.reasons import PauseCause, PickReason, PriorityReason
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_period import Period
from desk.domain.tallies import Origin
from desk.models import Facility, TransactionRow
from desk.operations.complaints import complaining
from desk.operations.requests import Request
from desk.operations.settings import identity
from desk.operations.survey import improving, publishing, questionnaires, taking_over
from desk.operations.survey.taking_over import Sheet
from desk.operations.terms import Disposition
from desk.reports.skm_findings import Question, find
from tests.fixtures.office import DeskOffice
from tests.fixtures.pictures import picture
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
    _draft(office)
    _publish(office)
    _say(office)
    _plan(office)


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


def _draft(office: DeskOffice) -> None:
    """The administrator words the questionnaire of the full day anew, and has not finished."""
    admin = Actor.staff(office.people["Agus"].id, Role.ADMIN)
    asked = SHIPPED["skm2017"]
    fee = replace(asked.question("biaya"), variants={"A": Variant(Words("Apakah benar gratis?", ""), ())})
    question = asked.questions.index(asked.question("biaya"))
    definition = as_json(replaced(asked, question, fee))
    questionnaires.save_draft(
        office.streams, office.id, asked.code, Request(admin, "save"), definition=definition, revision=0
    )


def _publish(office: DeskOffice) -> None:
    """Twelve questionnaires on paper, a measure about the weakest element, and the quarter published."""
    elements = [each.key for each in SHIPPED["skm2017"].questions if each.scored]
    sheets = [_sheet(elements, number, office.today) for number in range(12)]
    asked = {"questionnaire": SHIPPED["skm2017"], "origin": Origin.PAPER, "sheets": sheets}
    taking_over.take_over(office.streams, office.id, office.budi.asks("take_over"), **asked)
    quarter = Period(office.today.year, 3, (office.today.month - 1) // 3 + 1)
    wish = Wish("sarana", quarter.after, office.sari.id)
    asking = office.budi.asks("plan")
    improving.plan(office.streams, office.id, asking, period=quarter, wish=wish, words="Memperbaiki pendingin ruangan")
    question = Question(office.id, quarter, Measure.SKM_2017, "exact", today=office.today)
    with office.streams.reading() as connection:
        seen = find(connection, question).ready.figures.seen
    publishing.publish_survey(
        office.streams,
        office.id,
        office.budi.asks("publish"),
        lambda connection: find(connection, question).ready,
        seen=seen,
        confirmed=True,
        reason=None,
    )


def _plan(office: DeskOffice) -> None:
    """A supervisor and the administrator plan for tomorrow: who serves what, another logo."""
    tomorrow = office.today + timedelta(days=1)
    joko = [[office.joko.id, office.services["A"]]]
    office.budi.changes_setting("skills", due=tomorrow, added=joko, removed=[])
    logo = identity.Logo(picture(), "image/png", 120, 60)
    identity.change_logo(office.streams, office.id, office.agus.asks("change_logo"), logo, due=tomorrow)


def _say(office: DeskOffice) -> None:
    """Visitors complain, suggest and praise; the complaint of a visit is answered, that of the toilet has an owner."""
    toilet = office.rows(Facility)[1]
    office.agus.changes_setting("facility", subject=toilet.id, owner_id=office.sari.id)
    said = {
        VoiceKind.COMPLAINT: ("Menunggu terlalu lama tanpa kabar.", None),
        VoiceKind.SUGGESTION: ("Mohon sabun di toilet diisi ulang.", toilet.id),
        VoiceKind.COMPLIMENT: ("Petugas sangat membantu.", None),
    }
    for kind, (words, facility_id) in said.items():
        day = office.today.isoformat()
        wish = complaining.Wish(kind, words, facility_id=facility_id, number="A001", day=day, name="Wati")
        done = complaining.receive(office.streams, office.id, wish, Request(VISITOR, "say"))
        if kind is VoiceKind.COMPLAINT:
            asking = office.budi.asks("answer")
            answer = {"step": VoiceStep.ANSWERED, "words": "Kami mohon maaf."}
            complaining.take_step(office.streams, done.facts["voice"], asking, **answer)


def _sheet(elements: list[str], number: int, day: date) -> Sheet:
    answers: dict[str, int | str] = {key: 2 + (number + place) % 3 for place, key in enumerate(elements)}
    return Sheet(answers, {"jenis_kelamin": "LP"[number % 2]}, day)
