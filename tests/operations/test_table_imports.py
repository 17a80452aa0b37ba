"""Services, staff and calendars as tables: unchanged when they come back, judged by row, taken over whole."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.domain.access import Role
from desk.domain.closures import ClosureKind
from desk.domain.refusals import Reason
from desk.domain.tables import CellFault, Verdict
from desk.models import Calendar, Membership, Person, Service
from desk.operations.opening import setting_up
from desk.operations.settings import scheduling
from desk.operations.settings.scheduling import ClosedDay
from desk.operations.table_imports.carrying_out import ShownAgain, carry_out, rehearse
from desk.operations.table_imports.kinds import KINDS
from desk.reports.table_files import read_table, write_csv, write_xlsx
from tests.fixtures.web import everything

NEW, CHANGED, UNCHANGED, REFUSED = Verdict


def table_of(kind, text):
    found = KINDS[kind]
    return read_table(text if isinstance(text, bytes) else text.encode(), known=found.columns, needed=found.needed)


def tried(office, kind, text):
    """Return what each row comes to, having shown that nothing was kept."""
    before = everything(office)
    report = rehearse(office.streams, office.id, KINDS[kind], table_of(kind, text), office.agus.asks("try_table"))
    assert everything(office) == before
    return report


def told(report):
    """Return what a report says, in short."""
    return [
        (row.verdict, *((row.fault.code, row.fault.column) if row.fault else (each.column for each in row.differences)))
        for row in report.rows
    ]


def taken(office, kind, text):
    report = tried(office, kind, text)
    assert report.is_ready, told(report)
    asking = office.agus.asks("import_table", seen=report.digest)
    done = carry_out(office.streams, office.id, KINDS[kind], table_of(kind, text), asking, seen=report.digest)
    assert office.findings() == []
    return done.facts


def exported(office, kind):
    with office.streams.reading() as connection:
        return KINDS[kind].rows(connection, office.id, office.today)


@pytest.fixture
def furnished(desk_office):
    """The office with entries of every kind in its calendars, and words that look like formulas."""
    days = [ClosedDay(desk_office.today, "=Libur", ClosureKind.NATIONAL)]
    ask = desk_office.agus.asks
    scheduling.close_days(desk_office.streams, 1, 1, ask("close"), days=days)
    day = desk_office.today.replace(day=28)
    scheduling.open_specially(desk_office.streams, 1, 1, ask("open"), day=day, name="Bazar", hours=((600, 720),))
    service = "letter,name_id,name_en,fee_id,wait_minutes,steps,quota,calendar,head\n"
    taken(desk_office, "services", f'{service}Z,Baru,New,"-gratis\n+ meterai",7.5,"5=3; 9=7",40,Selalu,budi.kpknl\n')
    return desk_office


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_comes_back_unchanged(furnished, kind):
    rows, found = exported(furnished, kind), KINDS[kind]
    assert len(rows) > 2
    for data in (write_csv(found.columns, rows), write_xlsx(found.columns, rows, kind)):
        report = tried(furnished, kind, data)
        assert {row.verdict for row in report.rows} == {UNCHANGED}, told(report)
        assert not report.is_ready


def test_services(desk_office):
    head = "letter,name_id,name_en,wait_minutes,calendar,head,quota\n"
    report = tried(
        desk_office,
        "services",
        f"{head}A,Lelang,Auction,45,Selalu,budi.kpknl,\nz,Baru,New,5,Jam kantor,sari.kpknl,10\n"
        "Z,Lain,Other,5,Selalu,sari.kpknl,\n"
        "Y,Baru,New,x,Selalu,sari.kpknl,\nX,Baru,New,5,Tidak ada,sari.kpknl,\nW,Baru,New,5,Selalu,nobody,\n"
        "V,Baru,,5,Selalu,sari.kpknl,\nU,Baru,New,5,Selalu,agus.kpknl,\n1,Baru,New,5,Selalu,sari.kpknl,\n",
    )
    assert told(report) == [
        (CHANGED, "name_en", "wait_minutes"),
        (NEW, "name_id", "name_en", "wait_minutes", "calendar", "head", "quota"),
        (REFUSED, CellFault.TWICE, ""),
        (REFUSED, CellFault.NUMBER, "wait_minutes"),
        (REFUSED, CellFault.CALENDAR, "calendar"),
        (REFUSED, CellFault.PERSON, "head"),
        (REFUSED, Reason.INVALID, "name_en"),
        (REFUSED, Reason.HEAD_UNFIT, ""),
        (REFUSED, CellFault.CHOICE, "letter"),
    ]
    assert [(row.before, row.after) for row in report.rows[0].differences] == [("Lelang", "Auction"), ("30", "45")]
    facts = taken(desk_office, "services", "letter,name_en,calendar\nA,Auction,Jam kantor\nB,Kekayaan negara,Selalu\n")
    assert (facts["new"], facts["changed"]) == (0, 1 if facts["unchanged"] else 2)
    assert desk_office.row(Service, series="A").name_en == "Auction"
    assert next(row for row in exported(desk_office, "services") if row["letter"] == "A")["calendar"] == "Jam kantor"


def test_when_a_visitor_of_a_service_has_not_come(desk_office):
    office, head = desk_office, "letter,name_id,name_en,calendar,head,no_show_calls,no_show_seconds\n"
    report = tried(
        office, "services", f"{head}Z,Baru,New,Selalu,sari.kpknl,3,\nY,Baru,New,Selalu,sari.kpknl,10,\n"
        "X,Baru,New,Selalu,sari.kpknl,,901\nW,Baru,New,Selalu,sari.kpknl,satu,\n"
    )  # fmt: skip
    assert [row.verdict for row in report.rows] == [NEW, REFUSED, REFUSED, REFUSED]
    assert [told(report)[each] for each in (1, 2)] == [
        (REFUSED, CellFault.NUMBER, "no_show_calls"),
        (REFUSED, CellFault.NUMBER, "no_show_seconds"),
    ]
    taken(office, "services", f"{head}Z,Baru,New,Selalu,sari.kpknl,3,0\n")
    taken(office, "services", "letter,no_show_calls,no_show_seconds\nB,2,90\nZ,,0\n")
    rows = {row["letter"]: (row["no_show_calls"], row["no_show_seconds"]) for row in exported(office, "services")}
    assert (rows["A"], rows["B"], rows["Z"]) == (("", ""), ("2", "90"), ("", "0"))
    again = tried(office, "services", "letter,no_show_calls,no_show_seconds\nB,2,90\n")
    assert [row.verdict for row in again.rows] == [UNCHANGED]


def test_plans_of_somebody_who_would_lose_their_roles_are_told_by_row(desk_office):
    office, head = desk_office, "username,roles\n"
    tomorrow = office.today + timedelta(days=1)
    for_all = office.budi.changes_setting("console_limits", due=tomorrow, undo_s=20).facts["planned"]
    kept = tried(office, "staff", f"{head}budi.kpknl,supervisor agent\nsari.kpknl,supervisor\n")
    assert [row.refused_then for row in kept.rows if row.verdict is CHANGED] in ([(), ()], [()])
    lost = tried(office, "staff", f"{head}budi.kpknl,agent\nsari.kpknl,supervisor\n")
    assert [row.refused_then for row in lost.rows] == [(for_all,), ()]
    assert (lost.refused_then, lost.is_ready) == (1, True)
    more = office.budi.changes_setting("handing_on", due=tomorrow, handover_expires_s=7200).facts["planned"]
    asking = office.agus.asks("import_table", seen=lost.digest)
    table = table_of("staff", f"{head}budi.kpknl,agent\nsari.kpknl,supervisor\n")
    with pytest.raises(ShownAgain) as again:  # planned since it was shown
        carry_out(office.streams, office.id, KINDS["staff"], table, asking, seen=lost.digest)
    assert again.value.report.rows[0].refused_then == (for_all, more)
    taken(office, "staff", f"{head}budi.kpknl,agent\n")
    assert tried(office, "staff", f"{head}budi.kpknl,auditor\n").refused_then == 0  # they would be refused anyway


def test_staff(desk_office):
    head = "username,name,roles,email,phone,language\n"
    report = tried(
        desk_office,
        "staff",
        f"{head}sari.kpknl,Sari,supervisor;agent,sari@example.id,0811 2345 678,id\nbaru.kpknl,Baru,agent,,,en\n"
        "dewi.kpknl,Dewi Lestari,agent,,,id\njoko.kpknl,Joko,raja,,,id\nlain,,agent,,,id\n"
        "budi.kpknl,Budi,,,,id\nratna.kpknl,Ratna,auditor,bukan alamat,,id\nagus.kpknl,Agus,agent,,,id\n",
    )
    assert told(report) == [
        (CHANGED, "roles", "email", "phone"),
        (NEW, "name", "roles", "language"),
        (REFUSED, CellFault.FIXED, "name"),
        (REFUSED, CellFault.CHOICE, "roles"),
        (REFUSED, CellFault.MISSING, "name"),
        (REFUSED, Reason.ROLES_MISSING, "roles"),
        (REFUSED, CellFault.EMAIL, "email"),
        (REFUSED, Reason.LAST_ADMINISTRATOR, ""),
    ]
    desk_office.another()
    text = f"{head}sari.kpknl,Sari,agent supervisor,sari@example.id,0811 2345 678,id\nbaru.kpknl,Baru,agent,,,en\n"
    assert taken(desk_office, "staff", text)["new"] == 1
    with desk_office.streams.reading() as connection:
        new = connection.execute(select(Person.__table__).where(Person.username == "baru.kpknl")).one()
        mine = select(Membership.role).where(Membership.person_id == desk_office.sari.id, Membership.office_id == 1)
        assert set(connection.execute(mine).scalars()) == {Role.AGENT, Role.SUPERVISOR}
    assert (new.password_hash, new.language) == (None, "en")


def test_calendars(desk_office):
    head = "calendar,entry,date,name,kind,hours,monday\n"
    report = tried(
        desk_office,
        "calendars",
        f"{head}Baru,week,2020-01-01,,,,08.00-12.00\nBaru,closed,09/03/2027,Nyepi,national,,\nBaru,open,2027-03-10,Bazar,,10.00-12.00,\n"
        "Selalu,week,2020-01-01,,,,08.00-09.00\nSelalu,closed,31/02/2027,x,,,\nSelalu,closed,2027-03-09,,,,\n"
        "Selalu,closed,2027-03-11,x,pribadi,,\nSelalu,open,2027-03-12,x,,12.00-10.00,\nTiada,closed,2027-03-09,x,,,\n"
        "Selalu,tutup,2027-03-09,x,,,\n",
    )
    assert told(report) == [
        (NEW, "monday"),
        (NEW, "entry", "name", "kind"),
        (NEW, "entry", "name", "hours"),
        (REFUSED, Reason.DATE_OUT_OF_RANGE, ""),
        (REFUSED, CellFault.DATE, "date"),
        (REFUSED, Reason.NAME_UNFIT, "name"),
        (REFUSED, CellFault.CHOICE, "kind"),
        (REFUSED, Reason.HOURS_REVERSED, "hours"),
        (REFUSED, CellFault.FIRST_WEEK, "calendar"),
        (REFUSED, CellFault.CHOICE, "entry"),
    ]
    new = f"{head}Baru,week,2020-01-01,,,,08.00-12.00\nBaru,closed,09/03/2027,Nyepi,national,,\n"
    assert taken(desk_office, "calendars", new)["new"] == 2
    turned = f"{head}Baru,open,2027-03-09,Bazar,,10.00-12.00,\n"
    assert taken(desk_office, "calendars", turned)["changed"] == 1
    assert [row for row in exported(desk_office, "calendars") if row["calendar"] == "Baru"][1:] == [
        {"calendar": "Baru", "entry": "open", "date": "2027-03-09", "name": "Bazar", "hours": "10.00-12.00"}
    ]
    assert taken(desk_office, "calendars", f"{head}Baru,closed,2027-03-09,Nyepi,national,,\n")["changed"] == 1


def test_only_what_was_shown_is_done_and_all_of_it(desk_office):
    text = "letter,name_en\nA,Auction\nB,Assets\n"
    report = tried(desk_office, "services", text)
    kind, asking = KINDS["services"], desk_office.agus.asks("import_table")
    changed = "letter,name_en\nA,Auction\nB,Else\n"
    with pytest.raises(ShownAgain):
        carry_out(desk_office.streams, 1, kind, table_of("services", changed), asking, seen=report.digest)
    taken(desk_office, "services", "letter,name_en\nB,Meanwhile\n")
    before = everything(desk_office)
    with pytest.raises(ShownAgain) as again:
        carry_out(desk_office.streams, 1, kind, table_of("services", text), asking, seen=report.digest)
    assert again.value.report.rows[1].differences[0].before == "Meanwhile"
    assert everything(desk_office) == before
    with desk_office.refuses(Reason.FORBIDDEN):
        rehearse(desk_office.streams, 1, kind, table_of("services", text), desk_office.budi.asks("try_table"))


def test_calendars_of_one_name_are_told_apart(desk_office):
    week, since = (((480, 720),),) * 7, desk_office.today
    for _ in range(2):
        setting_up.add_calendar(desk_office.streams, 1, "Kembar", week, since=since)  # from before it was refused
    with desk_office.refuses(Reason.NAME_TAKEN):
        request = desk_office.agus.asks("add")
        scheduling.add_calendar(desk_office.streams, 1, request, name=" kembar", week=week, since=since)
    twins = [row.id for row in desk_office.rows(Calendar, name="Kembar")]
    rows = exported(desk_office, "calendars")
    assert {f"Kembar (#{each})" for each in twins} <= {row["calendar"] for row in rows}
    report = tried(desk_office, "calendars", write_csv(KINDS["calendars"].columns, rows))
    assert {row.verdict for row in report.rows} == {UNCHANGED}
