"""What an administrator sets of an office: counters, pools, priority, days and times, now or from a later day on."""

import pytest

from desk.models import Counter, Membership, Office, Pool, PriorityReasonRow
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web, everything

PAGES = {
    "office-settings": ("Hari dan waktu", "Days and times"),
    "counter-settings": ("Loket dan meja", "Counters and desks"),
    "pools": ("Kelompok kerja", "Pools"),
    "priority-settings": ("Prioritas", "Priority"),
    "planned-changes": ("Perubahan yang direncanakan", "Planned changes"),
}


def of(office: DeskOffice, rest: str) -> str:
    return f"/offices/{office.id}/{rest}"


def test_in_both_languages_and_with_few_queries(web: Web, desk_office: DeskOffice) -> None:
    agus = web.as_("Agus")
    for index, language in enumerate(("id", "en")):
        agus.speak(language)
        for name, headings in PAGES.items():
            page = agus.get(of(desk_office, name))
            assert headings[index] in page.said
            assert page.queries <= 25


def test_a_counter_now_and_later_and_what_is_refused(web: Web, desk_office: DeskOffice) -> None:
    agus, path = web.as_("Agus"), of(desk_office, "counter-settings")
    agus.speak("en")
    first, third = desk_office.counters[1], desk_office.counters[3]
    agus.send(agus.get(path), path, number="7", name="Meja arsip", place="desk")
    assert desk_office.row(Counter, number=7).back_office

    desk_office.sari.signs_on(1)
    before = everything(desk_office)
    page = agus.send(agus.get(path), f"{path}/{first}", status=409, retired="y", name="Loket utama")
    assert "in use by Sari" in page.said and page.form(f"{path}/{first}")["name"] == "Loket utama"
    page = agus.send(agus.get(path), path, status=409, number="7", name="Lagi")
    assert "already, at “Meja arsip”" in page.said
    page = agus.send(agus.get(path), path, status=422, number="0", name="")
    assert "Give a number from 1 to 999." in page.said and "Give a name." in page.said
    agus.send(agus.get(path), f"{path}/{third}", status=422, since="2026-03-01", name="Kemarin")
    assert everything(desk_office) == before

    typed = {"name": "Loket tiga", "since": "2026-03-09"}
    agus.send(agus.get(path), f"{path}/{third}", **typed)
    assert desk_office.row(Counter, id=third).name == "Loket 3"
    page = agus.get(of(desk_office, "planned-changes"))
    assert "Loket tiga" in page.said and "Agus" in page.said
    change = next(action for action in _actions(page) if action.endswith("/cancellation"))
    assert "Cancelled" in agus.follow(agus.send(page, change)).said
    agus.post(change, status=303, data={"csrf_token": agus.csrf_token()})
    assert "Nothing is planned" in agus.get(of(desk_office, "planned-changes")).said


def _actions(page) -> list[str]:  # type: ignore[no-untyped-def]
    return [str(form.get("action")) for form in page.tree.named("form")]


def test_who_saves_second_undoes_nothing_and_a_plan_can_be_taken_back_by_another(
    web: Web, desk_office: DeskOffice
) -> None:
    agus, path, second = web.as_("Agus"), of(desk_office, "counter-settings"), desk_office.counters[2]
    agus.speak("en")
    action = f"{path}/{second}"
    one, other, third = agus.get(path), agus.get(path), agus.get(path)
    agus.send(one, action, name="Loket Dua")
    agus.send(other, action, number="12")
    assert (desk_office.row(Counter, id=second).name, desk_office.row(Counter, id=second).number) == ("Loket Dua", 12)
    page = agus.send(third, action, status=409, name="Loket II")
    assert "Somebody changed this meanwhile: it is “Loket Dua” now" in page.said
    agus.send(page, action)
    assert desk_office.row(Counter, id=second).name == "Loket II"

    # For one day only: another name, and back.
    agus.send(agus.get(path), action, name="Loket haji", since="2026-03-09")
    back = agus.send(agus.get(path), action, status=409, since="2026-03-10")
    assert "By that day it is planned to be “Loket haji”" in back.said
    agus.send(back, action)
    planned = agus.get(of(desk_office, "planned-changes")).said
    assert "Loket haji" in planned and "Loket II" in planned
    said = agus.get(of(desk_office, "changes-of-settings")).said
    assert "A change was planned: Counter" in said and "Loket II, 9 Mar 2026" in said
    assert "Name of a counter: Loket haji" in said

    known = of(desk_office, "identity")
    agus.send(agus.get(known), known, name="KPKNL Baru", since="2026-03-09")
    assert "Name of the office: KPKNL Baru" in agus.get(of(desk_office, "planned-changes")).said
    agus.post(f"{path}/{second}", status=422, number="1", name="Loket", since="soon")


def test_a_pool_has_a_head_who_works_here(web: Web, desk_office: DeskOffice) -> None:
    agus, path = web.as_("Agus"), of(desk_office, "pools")
    agus.speak("en")
    for head in ("", str(desk_office.ratna.id), "999"):
        page = agus.send(agus.get(path), path, status=422, name="Arsip", head=head)
        assert "Choose who is accountable" in page.said
    taken = {"name": "pengolahan", "head": str(desk_office.sari.id)}
    assert "already" in agus.send(agus.get(path), path, status=409, **taken).said
    agus.send(agus.get(path), path, name="Arsip", head=str(desk_office.sari.id))
    made = desk_office.row(Pool, name="Arsip").id
    agus.send(agus.get(path), f"{path}/{made}", retired="y")
    assert desk_office.row(Pool, id=made).retired
    assert "everything is as it was" in agus.follow(agus.send(agus.get(path), f"{path}/{made}")).said


def test_the_reception_offers_the_office_s_reasons_for_priority(web: Web, desk_office: DeskOffice) -> None:
    agus, path = web.as_("Agus"), of(desk_office, "priority-settings")
    agus.speak("en")
    agus.send(agus.get(path), path, label_id="Donor darah", label_en="Blood donor")
    page = agus.send(agus.get(path), path, status=409, label_id="Lain", label_en="ELDERLY")
    assert "“ELDERLY” is in use already" in page.said
    agus.send(agus.get(path), f"{path}/reasons/child", retired="y")
    agus.send(agus.get(path), f"{path}/reasons/blood_donor", position="1")
    agus.send(agus.get(path), f"{path}/head-start", minutes="30")
    assert [row.code for row in sorted(desk_office.rows(PriorityReasonRow), key=lambda row: row.position)] == [
        "blood_donor", "elderly", "pregnant", "disability", "child"
    ]  # fmt: skip

    sari = web.as_("Sari")
    sari.speak("en")
    said = sari.get(of(desk_office, "reception")).said
    assert "Blood donor" in said and "With a small child" not in said
    desk_office.arrives("A", priority_reason="blood_donor")
    desk_office.sari.signs_on(1)
    assert "Blood donor" in sari.get(of(desk_office, "counter")).said


def test_days_and_times(web: Web, desk_office: DeskOffice) -> None:
    agus, path = web.as_("Agus"), of(desk_office, "office-settings")
    agus.speak("en")
    desk_office.arrives("A")
    for typed, said in (
        ({"zone": "Asia/Nowhere"}, "Choose a time zone."),
        ({"zone": "localtime"}, "Choose a time zone."),
        ({"zone": "Asia/Makassar"}, "Choose a later day"),
        ({"day_starts_at": "25:00"}, "Give a time of day"),
        ({"reopen_days": "400"}, "within the bounds"),
    ):
        before = everything(desk_office)
        page = agus.send(agus.get(path), path, status=409 if "later" in said else 422, **typed)
        assert said in page.said and everything(desk_office) == before
    assert "WITA – Asia/Makassar" in agus.get(path).said
    agus.send(agus.get(path), path, offer_minutes="5")
    agus.send(agus.get(path), path, zone="Asia/Makassar", since="2026-03-09")
    assert "Asia/Makassar" in agus.get(of(desk_office, "planned-changes")).said


def test_another_office_is_administered_by_whoever_opened_it(web: Web, desk_office: DeskOffice) -> None:
    agus, path = web.as_("Agus"), of(desk_office, "office-settings")
    agus.speak("en")
    action = of(desk_office, "further-offices")
    typed = {"code": "kpknl-bandung", "name": "KPKNL Bandung"}
    for wrong in ({"code": "KPKNL Bandung"}, {"code": "kpknl"}, {"zone": "Mars"}, {"name": ""}):
        agus.send(agus.get(path), action, status=409 if wrong.get("code") == "kpknl" else 422, **{**typed, **wrong})
    form = agus.get(path)
    done = agus.send(form, action, **typed)
    agus.send(form, action, **typed)  # pressed twice
    made = int(done.location.split("/")[2])
    assert done.location.endswith("/checklist")
    assert "The office is open" in agus.follow(done).said
    with desk_office.streams.reading() as connection:
        assert connection.execute(Office.__table__.select().where(Office.id > desk_office.id)).one().id == made
        roles = connection.execute(Membership.__table__.select().where(Membership.office_id == made)).all()
    assert [(row.person_id, row.role) for row in roles] == [(desk_office.agus.id, "admin")]
    agus.get(f"/offices/{made}/counter-settings")
    assert desk_office.findings() == []


@pytest.mark.parametrize("kind", ["handoff", "decline"])
def test_administrators_keep_the_reasons_for_handing_on(web: Web, desk_office: DeskOffice, kind: str) -> None:
    agus, path = web.as_("Agus"), of(desk_office, "handoff-reasons")
    agus.speak("en")
    agus.send(agus.get(path), f"{path}/{kind}", label_id="Cuti", label_en="On leave soon")
    page = agus.send(agus.get(path), f"{path}/{kind}", status=409, label_id="Lagi", label_en="on leave SOON")
    assert "in use already" in page.said
