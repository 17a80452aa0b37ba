"""Requests, ends of shifts and absences as a program uses them."""

from datetime import timedelta

import pytest

from tests.fixtures.api import Api


@pytest.fixture
def transaction(desk_office) -> int:
    """What Sari is serving; Dewi is at the next counter."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.arrives("A")
    return desk_office.sari.serves()


def test_asked_refused_answered_completed(api: Api, desk_office, transaction):
    sari, dewi = api.as_("Sari"), api.as_("Dewi")
    due = (desk_office.clock.now + timedelta(hours=1)).isoformat()
    body = {"officer": desk_office.dewi.id, "kind": "sub_task", "question": "Cek pajak", "due_at": due, "blocks": True}
    made = sari.post(f"/transactions/{transaction}/requests", body, key="one")
    assert sari.post(f"/transactions/{transaction}/requests", body, key="one") == made
    refused = sari.post(f"/transactions/{transaction}/completion", {"outcome": "fulfilled"}, status=409)
    assert (refused["code"], refused["details"]["request"]) == ("blocked_by_request", made["request"])
    assert "Dewi" in refused["detail"]
    (waiting,) = dewi.get(f"/offices/{desk_office.id}/requests")["items"]
    assert (waiting["id"], waiting["question"], waiting["overdue"]) == (made["request"], "Cek pajak", False)
    assert dewi.post(f"/requests/{made['request']}/answer", {"answer": "Lunas"})["state"] == "answered"
    (kept,) = sari.get(f"/transactions/{transaction}")["requests"]
    assert (kept["answer"], kept["state"]) == ("Lunas", "answered")
    sari.post(f"/transactions/{transaction}/completion", {"outcome": "fulfilled"})
    dewi.post(f"/requests/{made['request']}/refusal", {"reason": "busy"}, status=409)
    sari.post(f"/requests/{made['request']}/withdrawal", status=409)


def test_a_shift_ends_and_an_absence_is_planned(api: Api, desk_office, transaction):
    sari, dewi, office = api.as_("Sari"), api.as_("Dewi"), f"/offices/{desk_office.id}"
    sari.post(f"/transactions/{transaction}/processing")
    sari.post(f"{office}/shift-handovers", {"items": []}, status=409)
    items = [{"transaction": transaction, "receiver": desk_office.dewi.id, "note": "Tinggal cap"}]
    handed = sari.post(f"{office}/shift-handovers", {"items": items})
    assert handed["offers"] == [handed["batch"]]
    assert dewi.post(f"/shift-handovers/{handed['batch']}/acceptance")["accepted"] == handed["offers"]
    days = {"first_day": "2026-03-02", "last_day": "2026-03-03", "reason": "training", "deputy": desk_office.joko.id}
    left = dewi.post(f"{office}/absences", days, status=409)
    assert (left["code"], left["details"]["count"]) == ("leave_needs_handover", 1)
    planned = dewi.post(f"{office}/absences", {**days, "hand_over": True})
    assert len(planned["offers"]) == 1
    assert [each["deputy"] for each in sari.get(f"{office}/absences")["items"]] == [desk_office.joko.id]
    dewi.post(f"/absences/{planned['absence']}/cancellation")
    assert sari.get(f"{office}/absences")["items"] == []


def test_what_goes_to_a_deputy_says_for_whom_it_was_meant(api: Api, desk_office, transaction):
    dewi, joko = desk_office.dewi, desk_office.joko
    joko.plans_absence(dewi, first=0)
    sari = api.as_("Sari")

    made = sari.post(f"/transactions/{transaction}/handoffs", {"officer": joko.id, "reason": "specialist"})

    assert (made["receiver"], made["meant_for"]) == (dewi.id, joko.id)
