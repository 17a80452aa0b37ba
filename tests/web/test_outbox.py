"""Messages to visitors, as a supervisor sees them."""

from sqlalchemy import update

from desk.models import Delivery
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web


def a_message(office: DeskOffice) -> None:
    """Wati was served and agreed to be asked."""
    office.sari.signs_on()
    office.arrives("A", name="Wati", email="wati@example.org", consent=True)
    office.sari.completes(office.sari.serves())


def test_what_waits_is_shown_without_the_address(web: Web, desk_office: DeskOffice) -> None:
    a_message(desk_office)
    page = web.as_("Budi").get(f"/offices/{desk_office.id}/messages")
    assert "A001" in page.said
    assert "wati@example.org" not in page.text
    assert "/s/" not in page.text


def test_a_dead_message_is_sent_again(web: Web, desk_office: DeskOffice) -> None:
    a_message(desk_office)
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead", attempts=8, last_error="550 no such user"))
    budi = web.as_("Budi")
    page = budi.get(f"/offices/{desk_office.id}/messages?state=dead")
    assert "550 no such user" in page.said
    delivery = desk_office.row(Delivery).id
    action = f"/offices/{desk_office.id}/messages/{delivery}/resending"
    budi.follow(budi.send(page, action))
    assert desk_office.row(Delivery).state == "pending"
    budi.follow(budi.post(action))


def test_nothing_yet(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    assert "No messages" in budi.get(f"/offices/{desk_office.id}/messages").said


def test_only_supervisors_look(web: Web, desk_office: DeskOffice) -> None:
    for name in ("Sari", "Ratna", "Agus"):
        web.as_(name).get(f"/offices/{desk_office.id}/messages", status=403)
