"""The whole path over the API: number, call, start, handoff, acceptance, end; and what is refused on the way."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from desk.api import routing
from desk.api.bearer import Bearer
from desk.models import InvitationRow, Office, Stream
from tests.fixtures.api import Api


@pytest.fixture
def sari(api: Api) -> Api:
    return api.as_("Sari")


@pytest.fixture
def dewi(api: Api) -> Api:
    return api.as_("Dewi")


def take_number(program: Api, series: str = "A", **said: object) -> dict[str, object]:
    office = program.office
    answer: dict[str, object] = program.post(
        f"/offices/{office.id}/visits", {"service": office.services[series], **said}
    )
    return answer


def test_settings_that_change_again_and_again_hold_nobody_up(sari: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, authenticate = iter(range(3)), routing.authenticate

    def overtaken(*given: Any, **named: Any) -> Bearer:
        bearer = authenticate(*given, **named)
        if next(looks, None) is not None:
            with sari.office.streams.setting_up() as connection:
                connection.execute(update(Stream).values(configuration=Stream.configuration + 1))
        return bearer

    monkeypatch.setattr(routing, "authenticate", overtaken)
    assert take_number(sari)["number"] == "A001" and next(looks, None) is None


def test_a_visitor_is_served_by_two_officers(sari: Api, dewi: Api) -> None:
    office = sari.office
    visit = take_number(sari, email="wati@example.org", consent=True, name="Wati")
    assert visit["number"] == "A001"
    assert str(visit["status_url"]).startswith("/v/")
    sari.post(f"/counters/{office.counters[1]}/duties")
    dewi.post(f"/counters/{office.counters[2]}/duties")
    called = sari.post(f"/counters/{office.counters[1]}/calls")
    assert called["transaction"] == visit["transaction"]
    assert called["why"] == {"code": "only_one", "waited": 0}
    path = f"/transactions/{called['transaction']}"
    assert sari.post(f"{path}/recalls")["times"] == 2
    assert sari.post(f"{path}/start")["state"] == "serving"
    offer = sari.post(f"{path}/handoffs", {"officer": office.dewi.id, "reason": "specialist", "note": "Cek akta"})
    assert offer["state"] == "waiting"
    accepted = dewi.post(f"/handoffs/{offer['handoff']}/acceptance")
    assert (accepted["state"], accepted["counter"]) == ("serving", office.counters[2])
    assert dewi.post(f"{path}/completion", {"outcome": "fulfilled"})["ending"] == "completed"
    item = dewi.get(path)
    assert [each["holder_name"] for each in item["custody"]] == ["Budi", "Sari", "Sari", "Sari", "Dewi"]
    assert item["handoffs"][0]["note"] == "Cek akta"
    assert item["actions"] == ["reopen"]
    assert [each["name"] for each in item["events"]][-2:] == ["TransactionCompleted", "InvitationDecided"]


def test_of_a_confidential_answer_only_the_day_is_told(sari: Api) -> None:
    office = sari.office
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_privacy="confidential"))
    office.sari.signs_on(1)
    office.arrives("A")
    transaction = office.sari.serves()
    office.sari.completes(transaction)
    office.clock.tick(2_467)
    office.says(office.row(InvitationRow, transaction_id=transaction).id, score="2")
    *before, answered = sari.get(f"/transactions/{transaction}")["events"]
    assert not any(each["day_only"] for each in before)
    told = {name: answered[name] for name in ("name", "number", "day_only")}
    assert told == {"name": "ResponseReceived", "number": None, "day_only": True}
    began = datetime.fromisoformat(str(answered["at"])).astimezone(ZoneInfo("Asia/Jakarta"))
    assert (began.date(), began.hour, began.minute) == (office.today, 0, 0)


def test_the_board_shows_numbers_and_no_names(sari: Api) -> None:
    office = sari.office
    take_number(sari, name="Wati")
    take_number(sari)
    sari.post(f"/counters/{office.counters[1]}/duties")
    sari.post(f"/counters/{office.counters[1]}/calls")
    board = sari.get(f"/offices/{office.id}/board")
    assert [(each["number"], each["counter"], each["counter_en"], each["state"]) for each in board["now"]] == [
        ("A001", "Loket 1", "", "called")
    ]
    assert {each["service"]: each["waiting"] for each in board["queues"]}[office.services["A"]] == 1
    assert "Wati" not in str(board) and "Sari" not in str(board)


def test_processing_pause_and_coming_back(sari: Api) -> None:
    office = sari.office
    sari.post(f"/counters/{office.counters[1]}/duties")
    take_number(sari)
    transaction = sari.post(f"/counters/{office.counters[1]}/calls")["transaction"]
    path = f"/transactions/{transaction}"
    sari.post(f"{path}/start")
    due = (office.clock.now + timedelta(days=3)).isoformat()
    assert sari.post(f"{path}/processing", {"due_at": due})["state"] == "processing"
    assert sari.post(f"{path}/pauses", {"cause": "other_agency", "due_at": due})["state"] == "paused"
    assert sari.post(f"{path}/resumption")["state"] == "processing"
    again = sari.post(f"{path}/visits")
    assert (again["number"], again["transaction"]) == ("A002", transaction)
    assert sari.post(f"/counters/{office.counters[1]}/calls")["number"] == "A002"
    assert "reinstate" not in sari.get(path)["actions"]
    assert sari.post(f"{path}/no-show")["state"] == "processing"
    assert "reinstate" in sari.get(path)["actions"]
    assert sari.post(f"{path}/reinstatement")["state"] == "waiting"
    assert sari.post(f"/visits/{again['visit']}/departure")["left"] == [transaction]
    assert sari.post(f"{path}/cancellation", {"reason": "visitor_asked"})["ending"] == "cancelled"
    assert sari.get(path)["actions"] == []


def test_a_repeat_gets_the_first_answer(sari: Api) -> None:
    office = sari.office
    body = {"service": office.services["A"]}
    first = sari.post(f"/offices/{office.id}/visits", body, key="tap-1")
    assert sari.post(f"/offices/{office.id}/visits", body, key="tap-1") == first
    problem = sari.post(f"/offices/{office.id}/visits", {"service": office.services["B"]}, key="tap-1", status=409)
    assert problem["code"] == "key_reused"
    assert take_number(sari)["number"] == "A002"


def test_a_repeat_after_the_visit_leads_to_no_survey(sari: Api) -> None:
    """The page that the link opens leads to it by then: whoever has the key could answer in the visitor's place."""
    office = sari.office
    office.sari.signs_on(1)
    body, path = {"service": office.services["A"]}, f"/offices/{office.id}/visits"
    first = sari.post(path, body, key="tap-1")
    transaction = office.sari.serves(counter=1)
    assert sari.post(path, body, key="tap-1") == first
    office.sari.completes(transaction)
    assert sari.post(path, body, key="tap-1") == {**first, "status_url": None}


def test_a_break_and_the_end_of_a_duty(sari: Api) -> None:
    office = sari.office
    duty = sari.post(f"/counters/{office.counters[1]}/duties")["duty"]
    assert sari.post(f"/duties/{duty}/breaks", {"reason": "prayer"})["state"] == "break"
    assert sari.post(f"/counters/{office.counters[1]}/calls", status=409)["code"] == "on_break"
    assert sari.post(f"/duties/{duty}/breaks/end")["state"] == "available"
    assert sari.post(f"/duties/{duty}/end")["counter"] == office.counters[1]
    assert sari.post(f"/counters/{office.counters[1]}/calls", status=409)["code"] == "not_on_duty"


def test_refusals_answer_who_was_slower(sari: Api, dewi: Api) -> None:
    office = sari.office
    visit = take_number(sari)
    for program, counter in ((sari, 1), (dewi, 2)):
        program.post(f"/counters/{office.counters[counter]}/duties")
    picked = {"transaction": visit["transaction"], "reason": "vulnerable"}
    sari.post(f"/counters/{office.counters[1]}/calls", picked)
    problem = dewi.post(f"/counters/{office.counters[2]}/calls", picked, status=409)
    assert problem["code"] == "already_called"
    assert problem["detail"]
    assert dewi.post(f"/transactions/{visit['transaction']}/start", status=409)["code"] == "not_custodian"


def test_only_a_supervisor_closes_the_day(sari: Api, api: Api) -> None:
    office = sari.office
    take_number(sari)
    assert sari.post(f"/offices/{office.id}/day-closings", status=403)["code"] == "forbidden"
    assert api.as_("Budi").post(f"/offices/{office.id}/day-closings")["closed"] == 1


def test_the_directory_of_an_office(sari: Api) -> None:
    office = sari.office
    assert [each["id"] for each in sari.get("/offices")["items"]] == [office.id]
    services = sari.get(f"/offices/{office.id}/services")["items"]
    assert [each["series"] for each in services] == ["A", "B", "C"]
    sari.post(f"/counters/{office.counters[1]}/duties")
    counters = sari.get(f"/offices/{office.id}/counters")["items"]
    assert (counters[0]["officer"], counters[0]["state"]) == (office.sari.id, "available")
    assert {each["name"] for each in sari.get(f"/offices/{office.id}/staff")["items"]} == set(office.people)


def test_a_no_show_can_be_reinstated_and_not_reopened(sari: Api) -> None:
    office = sari.office
    sari.post(f"/counters/{office.counters[1]}/duties")
    take_number(sari)
    path = f"/transactions/{sari.post(f'/counters/{office.counters[1]}/calls')['transaction']}"
    assert sari.post(f"{path}/no-show")["ending"] == "no_show"
    assert sari.get(path)["actions"] == ["reinstate"]
    assert sari.post(f"{path}/reinstatement")["state"] == "waiting"
