"""Handing on through the API: pools, terms, back to whoever had it, orders, notes, with the visitor."""

import pytest


@pytest.fixture
def served(desk_office):
    """A transaction Sari serves; Dewi and Joko are there."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.joko.signs_on(4)
    desk_office.arrives("A")
    return desk_office.sari.serves()


def test_a_pool_takes_it_and_a_member_takes_it_out(api, desk_office, served):
    sari, joko = api.as_("Sari"), api.as_("Joko")
    (pool,) = sari.get("/offices/1/pools")["items"]
    assert (pool["name"], pool["waiting"]) == ("Pengolahan", 0)

    said = {"pool": pool["id"], "reason": "next_step", "expects": "Mohon dinilai", "papers": ["Sertifikat"]}
    done = sari.post(f"/transactions/{served}/handoffs", said)
    assert (done["state"], done["receiver"]) == ("processing", desk_office.budi.id)
    assert api.as_("Dewi").post(f"/transactions/{served}/takings", status=403)["code"] == "not_in_this_pool"
    assert joko.post(f"/transactions/{served}/takings")["state"] == "processing"
    assert joko.post(f"/transactions/{served}/takings", status=409)["code"] == "not_in_a_pool"

    (handoff,) = sari.get(f"/transactions/{served}")["handoffs"]
    assert (handoff["expects"], handoff["papers"]) == ("Mohon dinilai", ["Sertifikat"])
    back = joko.post(f"/transactions/{served}/handoffs", {"back": True, "note": "Kurang satu"})
    assert back["receiver"] == desk_office.sari.id


def test_the_queue_it_comes_from_is_refused(api, desk_office, served):
    said = {"service": desk_office.services["A"], "reason": "workload"}
    refused = api.as_("Sari").post(f"/transactions/{served}/handoffs", said, status=409)
    assert refused["code"] == "return_instead"
    desk_office.sari.seats(served)
    for who in ("Sari", "Budi"):
        refused = api.as_(who).post(f"/transactions/{served}/handoffs", said, status=409)
        assert refused["code"] == "already_waiting"
    assert desk_office.transaction(served).handoffs == 0


def test_an_order_is_a_supervisors(api, desk_office, served):
    said = {"officer": desk_office.dewi.id, "reason": "workload", "note": "Sakit"}
    api.as_("Sari").post(f"/transactions/{served}/forced-handovers", said, status=403)
    budi, dewi = api.as_("Budi"), api.as_("Dewi")
    budi.post(f"/transactions/{served}/forced-handovers", {**said, "note": " "}, status=422)
    done = budi.post(f"/transactions/{served}/forced-handovers", said)
    assert (done["state"], done["receiver"]) == ("waiting", desk_office.dewi.id)
    dewi.post(f"/transactions/{served}/news-sightings")
    again = dewi.post(f"/transactions/{served}/news-sightings", status=409)
    assert again["code"] == "already_done"


def test_taking_over_with_the_visitor_and_being_late(api, desk_office, served):
    dewi = api.as_("Dewi")
    handoff = desk_office.sari.offers(served, desk_office.dewi)
    visit = desk_office.transaction(served).visit_id
    assert dewi.post("/offices/1/takings", {"visit": visit})["state"] == "serving"
    assert dewi.post("/offices/1/takings", {"visit": visit}, status=404)["code"] == "no_offer_for_number"
    late = api.as_("Sari").post(f"/handoffs/{handoff}/withdrawal", status=409)
    assert (late["code"], late["details"]["by"]) == ("offer_closed", "Dewi")
    assert "Dewi" in late["detail"]


def test_notes_and_their_corrections(api, served):
    sari = api.as_("Sari")
    note = sari.post(f"/transactions/{served}/notes", {"words": "Akta lengkap"})["note"]
    sari.post(f"/transactions/{served}/notes", {"words": "Akta kurang", "corrects": note})
    sari.post(f"/transactions/{served}/notes", {"words": "Lain", "corrects": served}, status=404)
    assert [each["name"] for each in sari.get(f"/transactions/{served}")["events"]][-2:] == [
        "NoteAdded", "NoteCorrected",
    ]  # fmt: skip


def test_the_list_of_reasons(api, served):
    reasons = api.as_("Sari").get("/offices/1/handoff-reasons")["items"]
    assert {"kind": "handoff", "code": "approval", "label": {"id": "Perlu persetujuan", "en": "Needs approval"},
            "needs_note": True} in reasons  # fmt: skip


@pytest.mark.parametrize("officer", [True, 1.0, "1"])
def test_an_id_is_a_whole_number_and_nothing_that_passes_for_one(api, served, officer):
    said = {"officer": officer, "reason": "specialist"}
    assert api.as_("Sari").post(f"/transactions/{served}/handoffs", said, status=422)["code"] == "invalid"
