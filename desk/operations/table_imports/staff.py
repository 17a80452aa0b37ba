"""The staff of an office as a table: a row for each person in work here, known by the user name.

A user name that nobody has enrolls somebody new, without a password: they are invited from the page of the staff.
Roles and contact change; a name and a language are changed on the person's own page. Nobody is deactivated by a file.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from desk.domain.access import Role
from desk.domain.planning import keepers_of
from desk.domain.refusals import Reason, Refused
from desk.domain.staff import LANGUAGES, Contact, Newcomer, tidied
from desk.domain.tables import CellFault, CellRefused, Line
from desk.domain.texts import one_line
from desk.models import Membership, Person
from desk.operations.accounts.enrolling import add_newcomer_in, change_roles_in
from desk.operations.accounts.keeping_staff import change_contact_in
from desk.operations.stream import Unit
from desk.operations.table_imports.carrying_out import Step, differences
from desk.reads.planned import Change, list_waiting
from desk.reads.reader import Reader

PEOPLE: Any = Person.__table__
FIXED = ("name", "language")
CONTACT = ("email", "phone")
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """Who works here by user name as a file has them, with their ids; and every user name there is.

    `plans` are changes that wait in this office and may be made, by who planned them.
    """

    rows: Mapping[str, Row]
    ids: Mapping[str, int]
    elsewhere: frozenset[str]
    plans: Mapping[int, Sequence[Change]] = field(default_factory=dict)


class Staff:
    """The table of the staff."""

    code = "staff"
    columns = ("username", "name", "roles", "email", "phone", "language")
    needed = ("username",)
    in_all = True

    def rows(self, reader: Reader, office_id: int, day: date) -> list[Row]:
        """Return who works here, by user name."""
        return [row for row, _ in _kept(reader, office_id)]

    def look_up(self, reader: Reader, office_id: int, day: date) -> Known:
        """Return who there is."""
        kept = _kept(reader, office_id)
        here = {row["username"]: row for row, _ in kept}
        everybody = set(reader.execute(select(PEOPLE.c.username)).scalars())
        ids = {row["username"]: person_id for row, person_id in kept}
        return Known(here, ids, frozenset(everybody - {*here}), _plans(reader, office_id))

    def step(self, unit: Unit, known: Known, line: Line) -> Step:
        """Return what a row wants."""
        username = line.cells["username"].strip().lower()
        if not username:
            raise CellRefused(CellFault.MISSING, "username")
        if username in known.elsewhere:
            raise CellRefused(CellFault.NOT_HERE, "username")
        kept = known.rows.get(username)
        given = _given(line)
        if kept is None:
            newcomer = _newcomer(username, given)
            return Step(username, differences({}, given), lambda unit: add_newcomer_in(unit, newcomer), is_new=True)
        for name in FIXED:
            if name in given and given[name] != kept[name]:
                raise CellRefused(CellFault.FIXED, name)
        person_id = known.ids[username]
        changes, apply = differences(kept, given), _changing(person_id, kept, given)
        return Step(username, changes, apply, refused_then=_refused_then(known.plans.get(person_id, ()), given))


def _changing(person_id: int, kept: Row, given: Row) -> Any:
    wanted = {**kept, **given}

    def apply(unit: Unit) -> None:
        if wanted["roles"] != kept["roles"]:
            change_roles_in(unit, person_id, _roles(wanted["roles"]))
        if any(wanted[name] != kept[name] for name in CONTACT):
            change_contact_in(unit, person_id, Contact(wanted["email"] or None, wanted["phone"] or None))

    return apply


def _plans(reader: Reader, office_id: int) -> dict[int, list[Change]]:
    """Return what waits, by who planned it; without what will be refused anyway."""
    found: dict[int, list[Change]] = {}
    for each in list_waiting(reader, office_id):
        if each.planner_id is not None and not each.in_danger:
            found.setdefault(each.planner_id, []).append(each)
    return found


def _refused_then(plans: Iterable[Change], given: Row) -> tuple[int, ...]:
    """Return the plans that somebody may not make any more with the roles that a row gives them."""
    if "roles" not in given:
        return ()
    roles = _roles(given["roles"])
    return tuple(each.id for each in plans if not roles & keepers_of(each.kind))


def _kept(reader: Reader, office_id: int) -> list[tuple[Row, int]]:
    query = (
        select(PEOPLE, Membership.role, Membership.is_guest)
        .join(Membership, Membership.person_id == PEOPLE.c.id)
        .where(Membership.office_id == office_id, PEOPLE.c.disabled_at.is_(None))
    )
    people: dict[int, Any] = {}
    roles: dict[int, set[str]] = {}
    for row in reader.execute(query.order_by(PEOPLE.c.username)):
        people[row.id] = row
        roles.setdefault(row.id, set()).add(row.role)
    return [(_row(row, roles[person_id]), person_id) for person_id, row in people.items()]


def _row(row: Any, roles: set[str]) -> Row:
    return {
        "username": row.username,
        "name": one_line(row.name),
        "roles": " ".join(sorted(roles)),
        # Those of a guest are for the office they are at home in.
        "email": "" if row.is_guest else row.email or "",
        "phone": "" if row.is_guest else row.phone or "",
        "language": row.language,
    }


def _given(line: Line) -> Row:
    """Return the cells of a row as they are kept; raises `CellRefused`, and `Refused` for roles."""
    given = {name: one_line(cell) for name, cell in line.cells.items() if name != "username"}
    if "roles" in given:
        given["roles"] = " ".join(sorted(_roles(given["roles"])))
    if "language" in given:
        given["language"] = given["language"].lower() or LANGUAGES[0]
        if given["language"] not in LANGUAGES:
            raise CellRefused(CellFault.CHOICE, "language", choices=", ".join(LANGUAGES))
    contact = _contact(given)
    for name in CONTACT:
        if name in given:
            given[name] = getattr(contact, name) or ""
    return given


def _contact(given: Row) -> Contact:
    try:
        return tidied(Contact(given.get("email") or None, given.get("phone") or None))
    except Refused as refused:
        if refused.details.get("field") == "email":
            raise CellRefused(CellFault.EMAIL, "email") from refused
        raise CellRefused(CellFault.PHONE, "phone") from refused


def _roles(cell: str) -> frozenset[Role]:
    codes = [part for part in re.split(r"[\s,;+/]+", cell.lower()) if part]
    if not codes:
        raise Refused(Reason.ROLES_MISSING, field="roles")
    if not {*codes} <= {role.value for role in Role}:
        raise CellRefused(CellFault.CHOICE, "roles", choices=", ".join(role.value for role in Role))
    return frozenset(map(Role, codes))


def _newcomer(username: str, given: Row) -> Newcomer:
    for name in ("name", "roles"):
        if not given.get(name):
            raise CellRefused(CellFault.MISSING, name)
    contact = Contact(given.get("email") or None, given.get("phone") or None)
    return Newcomer(username, given["name"], _roles(given["roles"]), contact, given.get("language", LANGUAGES[0]))
