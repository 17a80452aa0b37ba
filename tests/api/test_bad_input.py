"""Wrong things sent to the API: each a clear problem, nothing changed."""

import pytest

from desk.operations.settings import keeping_services
from tests.fixtures.api import Api

TOO_LONG = "x" * 10_240


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, ""),
        ({"service": "one"}, "service"),
        ({"service": None}, ""),
        ({"service": 1.5}, "service"),
        ({"service": -1}, "service"),
        ({"service": 2**63}, "service"),
        ({"service": 1, "services": [1]}, ""),
        ({"services": []}, "services"),
        ({"service": 1, "name": TOO_LONG}, "name"),
        ({"service": 1, "email": "not an address"}, "email"),
        ({"service": 1, "language": "xx"}, "language"),
        ({"service": 1, "priority_reason": "Rich!"}, "priority_reason"),
        ({"service": 1, "surprise": True}, "surprise"),
        ([], ""),
        ("text", ""),
    ],
)
def test_a_body_that_does_not_fit_the_schema(api: Api, body: object, field: str) -> None:
    office = api.office
    problem = api.as_("Sari").post(f"/offices/{office.id}/visits", body, status=422)
    assert problem["code"] == "invalid"
    assert field in {each["field"] for each in problem["errors"]}
    assert office.arrives().facts["number"] == "A001"


def test_emoji_and_control_characters_in_a_name(api: Api) -> None:
    office = api.office
    body = {"service": office.services["A"], "name": "Wati \U0001f600\x00\u2028 Putri", "email": "w@example.org"}
    api.as_("Sari").post(f"/offices/{office.id}/visits", body)


def test_what_is_not_json(api: Api) -> None:
    sari = api.as_("Sari")
    path = f"/offices/{api.office.id}/visits"
    assert sari.send("POST", path, 400, data=b"{", content_type="application/json")["code"] == "malformed"
    assert sari.send("POST", path, 415, data=b"{}", content_type="text/plain")["code"] == "unsupported_media_type"
    assert sari.send("POST", path, 413, data=b" " * 300_000, content_type="application/json")["status"] == 413


def test_unknown_things(api: Api) -> None:
    sari = api.as_("Sari")
    office = api.office
    sari.post(f"/offices/{office.id}/visits", {"service": 999}, status=404)
    known = [each["code"] for each in sari.get(f"/offices/{office.id}/priority-reasons")["items"]]
    assert known == ["elderly", "pregnant", "disability", "child"]
    rich = {"service": office.services["A"], "priority_reason": "rich"}
    assert sari.post(f"/offices/{office.id}/visits", rich, status=422)["code"] == "invalid"
    sari.get("/offices/999/services", status=404)
    sari.post("/counters/999/calls", status=404)
    for number in (0, 7, office.id << 40 | 999_999, 2**53, 2**70):
        sari.get(f"/transactions/{number}", status=404)
    sari.post(f"/handoffs/{office.id << 40 | 5}/acceptance", status=404)
    sari.get("/nothing", status=404)
    assert sari.send("DELETE", "/offices", 405)["status"] == 405


def test_a_service_outside_its_hours(api: Api) -> None:
    office = api.office
    office.clock.tick(12 * 3600)
    problem = api.as_("Dewi").post(f"/offices/{office.id}/visits", {"service": office.services["C"]}, status=409)
    assert problem["code"] == "closed_now"
    assert problem["details"]["opens_at"].startswith("2026-03-03")


def test_a_day_whose_numbers_are_given_out(api: Api) -> None:
    office, dewi = api.office, api.as_("Dewi")
    service = office.services["C"]
    wanted, asked = {"daily_quota": 1}, office.agus.asks("change_service")
    keeping_services.change(office.streams, office.id, service, wanted, asked)
    dewi.post(f"/offices/{office.id}/visits", {"service": service})
    problem = dewi.post(f"/offices/{office.id}/visits", {"service": service}, status=409)
    assert (problem["code"], problem["details"]) == ("quota_reached", {"most": 1, "letter": "C", "service": service})
    # A program cannot go beyond it, whatever it says.
    dewi.post(f"/offices/{office.id}/visits", {"service": service, "beyond_quota": True}, status=422)


def test_due_times_need_a_zone_and_the_future(api: Api) -> None:
    office = api.office
    office.arrives()
    office.sari.signs_on()
    transaction = office.sari.serves()
    sari = api.as_("Sari")
    path = f"/transactions/{transaction}/pauses"
    sari.post(path, {"cause": "visitor", "due_at": "2026-03-09T10:00:00"}, status=422)
    past = {"cause": "visitor", "due_at": "2020-01-01T00:00:00Z"}
    assert sari.post(path, past, status=422)["code"] == "due_in_the_past"


@pytest.mark.parametrize("key", ["", "k" * 81])
def test_an_idempotency_key_of_the_wrong_length(api: Api, key: str) -> None:
    api.as_("Sari").post(f"/offices/{api.office.id}/visits", {"service": api.office.services["A"]}, key=key, status=400)
