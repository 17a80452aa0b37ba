"""An office that asks afterwards, as the tests of questions have it: who is where, who was served, what was decided."""

from typing import Any, Final

import pytest

from desk.models import InvitationRow
from tests.fixtures.office import BACK_OFFICE, DeskOffice

CONSENTING: Final = {"email": "siti@example.id", "consent": True}


@pytest.fixture
def office(desk_office: DeskOffice) -> DeskOffice:
    """Sari at counter 1, Dewi at counter 2, Joko at his desk."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.joko.signs_on(BACK_OFFICE)
    return desk_office


def serve(office: DeskOffice, **said: Any) -> int:
    """Let Sari serve somebody to the end; return the transaction."""
    office.arrives("A", **said)
    transaction = office.sari.serves()
    office.sari.completes(transaction)
    return transaction


def invitation_of(office: DeskOffice, transaction: int) -> Any:
    """Return what was decided about asking after a transaction."""
    return office.row(InvitationRow, transaction_id=transaction)
