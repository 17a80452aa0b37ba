"""Two offices in one database, with something of every kind in each, and requests as an attacker makes them."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from desk.domain.tokens import TokenKind, derive
from desk.models import Calendar, Delivery, Duty, InvitationRow
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

WATI = {"name": "Wati Lestari", "email": "wati.lestari@example.id", "consent": True}
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
            "delivery_id": office.row(Delivery).id,
            "invitation_id": invitation.id,
            "duty_id": office.row(Duty, officer_id=office.sari.id).id,
            "officer_id": office.joko.id,
            "message_id": office.budi.tells("Rapat pukul 15.00"),
            "token": derive(links, TokenKind.STATUS, visit),
            "survey": derive(links, TokenKind.SURVEY, invitation.id, generation=invitation.generation),
            "part": "now",
            "filename": "css/base.css",
            "kind": "handoff",
            "code": "specialist",
            "report": "waiting",
            "name": "all",
        },
    )


def _handed_over(office: DeskOffice) -> int:
    """Dewi hands over the one thing she has at the end of her shift, and starts again; return the handover."""
    office.arrives("B")
    work = office.dewi.serves(counter=2)
    office.dewi.processes(work)
    batch: int = office.dewi.hands_over_shift({work: office.sari}).facts["batch"]
    return batch


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
