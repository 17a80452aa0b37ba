"""What programs are answered by an office that is closed for good."""

from desk.domain.access import SYSTEM
from desk.operations.requests import Request
from desk.operations.settings.retiring_offices import bring_back, retire
from tests.fixtures.api import Api
from tests.fixtures.office import DeskOffice


def test_it_says_so_gives_no_number_and_is_read_as_before(api: Api, desk_office: DeskOffice) -> None:
    desk_office.another()
    budi, office = api.as_("Budi"), f"/offices/{desk_office.id}"
    assert [each["retired"] for each in budi.get("/offices")["items"]] == [False]
    retire(desk_office.streams, desk_office.id, Request(SYSTEM, "retire_office", {}))

    assert [each["retired"] for each in budi.get("/offices")["items"]] == [True]
    wish = {"service": desk_office.services["A"]}
    assert budi.post(f"{office}/visits", wish, status=410)["code"] == "office_retired"
    sari = api.as_("Sari")
    duty = f"/counters/{desk_office.counters[1]}/duties"
    assert sari.post(duty, status=410)["code"] == "office_retired"
    for path in ("services", "counters", "staff", "board", "calendars"):
        budi.get(f"{office}/{path}")

    bring_back(desk_office.streams, desk_office.id, Request(SYSTEM, "bring_office_back", {}))
    budi.post(f"{office}/visits", wish)
