"""Two offices in one database, with something of every kind in each, and requests as an attacker makes them."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from desk.domain.access import SYSTEM, VISITOR, Actor, Role
from desk.domain.complaints import VoiceKind
from desk.domain.devices import DeviceKind, DeviceWish, code_of
from desk.domain.displays import MessageWish
from desk.domain.improvement import Wish as Improvement
from desk.domain.points import PointKind
from desk.domain.publication import Figures
from desk.domain.questionnaire_json import as_json
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_elements import INSTRUMENTS, Regulation
from desk.domain.skm_index import Tallied, Tally
from desk.domain.skm_period import Period
from desk.domain.tokens import TokenKind, derive
from desk.models import Calendar, Delivery, Duty, Facility, FollowUpRow, InvitationRow
from desk.operations.complaints.complaining import Wish, receive
from desk.operations.requests import Request
from desk.operations.settings import displaying
from desk.operations.settings.devices import begin_pairing, pair
from desk.operations.settings.identity import Logo, change_logo, write_logo
from desk.operations.survey import improving, publishing, questionnaires
from desk.web.kiosk.aloud import sealed_words
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

WATI = {"name": "Wati Lestari", "email": "wati.lestari@example.id", "consent": True}
QUESTIONNAIRE = "nps"
_ARGUMENT = re.compile(r"<(?:[^<>:]+:)?(\w+)>")


@dataclass(frozen=True)
class Things:
    """What there is in an office, by the names that routes give their arguments."""

    office: DeskOffice
    arguments: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.arguments[name]

    def path(self, rule: str, **other: Any) -> str:
        """Return an address for a rule, with these things in it, or others."""
        return _ARGUMENT.sub(lambda found: str({**self.arguments, **other}[found[1]]), rule)


def furnished(office: DeskOffice) -> Things:
    """Let things happen in an office: one visitor asked afterwards, one offered to Dewi, one still waiting."""
    for _ in range(3):
        office.arrives("A", **WATI)
    office.sari.signs_on(1)
    office.dewi.signs_on(2)
    done = office.sari.serves()
    office.sari.completes(done)
    invitation = office.row(InvitationRow, transaction_id=done)
    offered = office.sari.serves()
    handoff = office.sari.offers(offered, office.dewi)
    visit = office.transaction(offered).visit_id
    request = office.sari.requests(offered, office.dewi)
    batch = _handed_over(office)
    _marked(office)
    _drafted(office)
    absence = office.sari.plans_absence(office.joko).facts["absence"]
    links = office.streams.keys.links
    return Things(
        office,
        {
            "office_id": office.id,
            "service_id": office.services["A"],
            "calendar_id": office.rows(Calendar)[-1].id,
            "counter_id": office.counters[3],
            "visit_id": visit,
            "transaction_id": offered,
            "handoff_id": handoff,
            "request_id": request,
            "batch_id": batch,
            "absence_id": absence,
            "person_id": office.joko.id,
            "delivery_id": _dead(office),
            "invitation_id": invitation.id,
            "duty_id": office.row(Duty, officer_id=office.sari.id).id,
            "officer_id": office.joko.id,
            "snippet_id": office.budi.adds_snippet("ktp", "Fotokopi KTP belum ada"),
            "message_id": office.budi.tells("Rapat pukul 15.00"),
            "token": derive(links, TokenKind.STATUS, visit),
            **_said(office),
            **_improved(office),
            **_points(office),
            "import_id": office.takes_over_paper(),
            "device_id": _device(office),
            "notice_id": _notice(office),
            "table_kind": "services",
            "suffix": "csv",
            "no_survey": derive(links, TokenKind.NO_SURVEY, invitation.id, channel="email"),
            "survey": derive(links, TokenKind.SURVEY, invitation.id, generation=invitation.generation),
            "part": "now",
            "filename": "css/base.css",
            "kind": "handoff",
            "code": "specialist",
            "priority": "child",
            "pool_id": office.pools["Pengolahan"],
            "change_id": _planned(office),
            "logo_id": _planned_logo(office),
            "report": "waiting",
            "name": "all",
            "number": 1,
            "language": "id",
            "label": "A001",
            "spoken": "id",
            "sealed": sealed_words(links, "id", "A001"),
            "session": "0123456789abcdef",
            "place": 0,
            "text": "invitation-email",
        },
    )


def _marked(office: DeskOffice) -> None:
    """The office has a logo."""
    with office.streams.setting_up() as connection:
        write_logo(connection, office.id, Logo(b"(picture)", "image/png", 1, 1), at=office.clock())


def _notice(office: DeskOffice) -> int:
    """Displays show a message; return it."""
    wish = MessageWish("Hanya tarif resmi.", "Official fees only.", office.clock())
    done = displaying.add_message(office.streams, office.id, wish, office.agus.asks("add"))
    found: int = done.facts["message"]
    return found


def _planned(office: DeskOffice) -> int:
    """A change that supervisors make too is planned for tomorrow; return it."""
    due = office.clock().date() + timedelta(days=1)
    done = office.agus.changes_setting("pause_cause", due=due, code="visitor", retired=True)
    found: int = done.facts["planned"]
    return found


def _planned_logo(office: DeskOffice) -> int:
    """Another logo is planned for tomorrow; return the change."""
    due, logo = office.clock().date() + timedelta(days=1), Logo(b"(another picture)", "image/png", 1, 1)
    done = change_logo(office.streams, office.id, office.agus.asks("plan"), logo, due=due)
    found: int = done.facts["planned"]
    return found


def _dead(office: DeskOffice) -> int:
    """The message to the visitor was given up; return it."""
    with office.streams.engine.begin() as connection:
        connection.execute(update(Delivery).values(state="dead"))
    found: int = office.row(Delivery).id
    return found


def _said(office: DeskOffice) -> dict[str, Any]:
    """A visitor complains of the toilet, and of nobody in particular."""
    facility = office.rows(Facility)[1].id
    wish = Wish(VoiceKind.COMPLAINT, "Toilet kotor", facility_id=facility, name="Wati")
    voice = receive(office.streams, office.id, wish, Request(VISITOR, "say")).facts["voice"]
    return {
        "voice_id": voice,
        "follow_up_id": office.row(FollowUpRow).id,
        "facility_id": facility,
        "voice": derive(office.streams.keys.links, TokenKind.VOICE, voice),
    }


def _points(office: DeskOffice) -> dict[str, Any]:
    """A poster in the waiting room and a tablet at the third counter."""
    poster = office.budi.sets_up(PointKind.POSTER)
    tablet = office.budi.sets_up(PointKind.TABLET, counter=3)
    return {"point_id": poster, "poster": office.point_token(poster), "tablet": office.point_token(tablet)}


def _device(office: DeskOffice) -> int:
    """A display in the lobby."""
    code = code_of(office.streams.keys.links, begin_pairing(office.streams))
    wish = DeviceWish(DeviceKind.DISPLAY, "Layar lobi")
    device: int = pair(office.streams, office.id, code, wish, Request(SYSTEM, "pair")).facts["device"]
    return device


def _improved(office: DeskOffice) -> dict[str, Any]:
    """A measure of the follow-up plan, and a period that was published."""
    period, agreed = Period(2026, 3, 1), Improvement("waktu", Period(2026, 3, 2), office.sari.id)
    asking = office.budi.asks("plan")
    planned = improving.plan(office.streams, office.id, asking, period=period, wish=agreed, words="Loket keempat")
    instrument = INSTRUMENTS[Regulation.RULE_2017]
    tallied = Tallied(instrument, 6, {key: Tally(18, 6) for key in instrument.keys})
    figures = Figures(period, tallied, "exact", 8, 8, {}, ())
    publishing.publish_survey(
        office.streams, office.id, office.budi.asks("publish"), lambda reader: publishing.Ready(figures, ()),
        seen=figures.seen, confirmed=True, reason=None,
    )  # fmt: skip
    return {"improvement_id": planned.facts["improvement"], "period": str(period)}


def _handed_over(office: DeskOffice) -> int:
    """Dewi hands over the one thing she has at the end of her shift, and starts again; return the handover."""
    office.arrives("B")
    work = office.dewi.serves(counter=2)
    office.dewi.processes(work)
    batch: int = office.dewi.hands_over_shift({work: office.sari}).facts["batch"]
    return batch


def _drafted(office: DeskOffice) -> None:
    """The administrator takes a questionnaire over, asks with it nowhere yet, and has a draft of it."""
    admin = Actor.staff(office.budi.id, Role.ADMIN)
    questionnaires.adopt(office.streams, office.id, QUESTIONNAIRE, Request(admin, "adopt"))
    definition = as_json(SHIPPED[QUESTIONNAIRE])
    questionnaires.save_draft(
        office.streams, office.id, QUESTIONNAIRE, Request(admin, "save"), definition=definition, revision=0
    )


@pytest.fixture
def own(desk_office: DeskOffice) -> Things:
    """What there is in the office of the people who try the doors."""
    return furnished(desk_office)


@pytest.fixture
def foreign(desk_office: DeskOffice) -> Things:
    """What there is in another office."""
    return furnished(desk_office.another())


def ask(browser: Web, method: str, path: str, **fields: Any) -> TestResponse:
    """Make a request, with a token against forgery if it is a POST, and return whatever comes."""
    given = {"csrf_token": browser.csrf_token(), **fields} if method == "POST" else None
    return browser.client.open(path, method=method, data=given, buffered=True)
