"""What visitors say of their own accord, and what comes of it: a complaint, a suggestion, a compliment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from desk.demo.stage import Stage
from desk.domain.access import KIOSK, VISITOR
from desk.domain.complaints import VoiceChannel, VoiceKind, VoiceStep
from desk.domain.facts import JSON
from desk.domain.following_up import FollowUpStep
from desk.models import Facility, FollowUpRow, Visit
from desk.operations.complaints import complaining
from desk.operations.complaints.complaining import Wish
from desk.operations.complaints.following_up import take_step
from desk.operations.requests import Request
from desk.operations.settings import facilities, planned

SUPERVISOR, ADMINISTRATOR = "budi", "agus"
WAITING_ROOM: Final = "waiting_room"
# Who looks after what; a supervisor is given what is said about it as a follow-up.
OWNERS: Final = {
    WAITING_ROOM: "putri",
    "toilet": "tono",
    "lactation_room": "putri",
    "play_corner": "rina",
    "disability_access": "budi",
    "consultation_room": "dewi",
}
RETRY_MINUTES: Final = 4.0

COMPLIMENT: Final = "Petugas loket sabar menjelaskan persyaratan satu per satu sampai saya mengerti. Terima kasih."
SUGGESTION: Final = "Mohon ditambah colokan listrik di ruang tunggu, terutama dekat deretan kursi belakang."
CONSIDERED: Final = "Ditanyakan dulu kepada bagian rumah tangga: daya dan letak kabelnya."
INSTALLED: Final = "Dua terminal listrik sudah dipasang di deretan belakang, kabelnya diberi pelindung."
ADOPTED: Final = "Terima kasih atas sarannya. Dua terminal listrik sudah tersedia di deretan kursi belakang."
COMPLAINT: Final = (
    "Saya sudah menunggu lama, lalu di loket baru diberi tahu bahwa fotokopi KTP harus dilegalisasi. "
    "Di pengumuman dekat pintu masuk syarat itu tidak tertulis."
)
LISTENED: Final = "Dihubungi lewat surel; pemohon sudah dilayani dan meminta pengumumannya diperbaiki."
ANSWER: Final = (
    "Mohon maaf atas ketidaknyamanannya. Syarat itu memang belum tertulis; lembar persyaratan di pintu masuk "
    "sudah kami ganti hari ini, dan petugas resepsionis kini mengingatkannya sejak awal."
)


@dataclass(frozen=True, slots=True)
class Visited:
    """What somebody writes down of the own visit."""

    number: str
    day: str
    service_id: int


class Voices:
    """The three voices of the day."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._after(14.0, self._name_owners)
        self._after(83.0, self._praise)
        self._after(101.0, self._complain)

    def _after(self, minutes: float, act: Callable[..., None], *given: object) -> None:
        self.stage.agenda.after(60 * minutes, partial(act, *given))

    def _name_owners(self) -> None:
        """The administrator says who looks after each facility."""
        for room in self._facilities():
            stage, owner = self.stage, OWNERS.get(room.code)
            if owner is None or room.retired:
                continue
            values: dict[str, JSON] = {"owner_id": stage.people[owner][0]}
            request = stage.asks(ADMINISTRATOR, "change_setting", facility=room.id)
            stage.did(
                planned.change(
                    stage.streams, stage.office_id, request, kind=facilities.KIND, subject=room.id, values=values
                )
            )
            if room.code == WAITING_ROOM:
                self._after(33.0, self._suggest, room.id)

    def _facilities(self) -> Sequence[Any]:
        query = select(Facility.__table__).where(Facility.office_id == self.stage.office_id)
        with self.stage.streams.reading() as connection:
            return connection.execute(query.order_by(Facility.position)).all()

    def _suggest(self, facility_id: int) -> None:
        """Somebody types a suggestion at the kiosk, without a name; it is taken up on the same morning."""
        wish = Wish(VoiceKind.SUGGESTION, SUGGESTION, VoiceChannel.KIOSK, anonymous=True, facility_id=facility_id)
        voice_id = self._hear(wish)
        self._after(31.0, self._step, voice_id, VoiceStep.CONSIDERED, CONSIDERED)
        self._after(88.0, self._act, voice_id)
        self._after(104.0, self._step, voice_id, VoiceStep.ADOPTED, ADOPTED)

    def _praise(self) -> None:
        """Whoever was served last praises those who served."""
        visited = self._visited()
        if visited is None:
            self._after(RETRY_MINUTES, self._praise)
            return
        channel, number, day = VoiceChannel.SURVEY, visited.number, visited.day
        self._hear(Wish(VoiceKind.COMPLIMENT, COMPLIMENT, channel, number=number, day=day))

    def _complain(self) -> None:
        """Somebody complains from home, is answered within hours, and hears that something was changed."""
        visited = self._visited()
        if visited is None:
            self._after(RETRY_MINUTES, self._complain)
            return
        wish = Wish(
            VoiceKind.COMPLAINT, COMPLAINT, VoiceChannel.VISIT, service_id=visited.service_id,
            number=visited.number, day=visited.day, email="pengadu@contoh.invalid",
        )  # fmt: skip
        voice_id = self._hear(wish)
        self._after(17.0, self._step, voice_id, VoiceStep.ACKNOWLEDGED, None)
        self._after(52.0, self._contact, voice_id)
        self._after(93.0, self._step, voice_id, VoiceStep.ANSWERED, ANSWER)

    def _visited(self) -> Visited | None:
        """Return the visit that ended last and in which the supervisor, who answers, had no hand."""
        matter = self.stage.latest_without(SUPERVISOR)
        if matter is None:
            return None
        mine = (Visit.office_id == self.stage.office_id) & (Visit.id == matter.visit_id)
        with self.stage.streams.reading() as connection:
            label, day = connection.execute(select(Visit.label, Visit.day).where(mine)).one()
        return Visited(label, day.isoformat(), self.stage.services[matter.series])

    def _hear(self, wish: Wish) -> int:
        stage, actor = self.stage, KIOSK if wish.channel is VoiceChannel.KIOSK else VISITOR
        request = Request(actor, "say", {"kind": wish.kind})
        found: int = stage.did(complaining.receive(stage.streams, stage.office_id, wish, request)).facts["voice"]
        return found

    def _step(self, voice_id: int, step: VoiceStep, words: str | None) -> None:
        request = self.stage.asks(SUPERVISOR, "voice_step", voice=voice_id, step=step)
        self.stage.did(complaining.take_step(self.stage.streams, voice_id, request, step=step, words=words))

    def _act(self, voice_id: int) -> None:
        """Who looks after the waiting room has done something about it."""
        request = self.stage.asks(OWNERS[WAITING_ROOM], "act", voice=voice_id)
        self.stage.did(complaining.act(self.stage.streams, voice_id, request, words=INSTALLED))

    def _contact(self, voice_id: int) -> None:
        """Talk to whoever complained, before the answer is written."""
        row, request = FollowUpRow, self.stage.asks(SUPERVISOR, "contact", voice=voice_id)
        query = select(row.id).where(row.office_id == self.stage.office_id, row.voice_id == voice_id)
        with self.stage.streams.reading() as connection:
            follow_up_id = connection.execute(query).scalar_one()
        step = FollowUpStep.CONTACTED
        self.stage.did(take_step(self.stage.streams, follow_up_id, request, step=step, note=LISTENED))
