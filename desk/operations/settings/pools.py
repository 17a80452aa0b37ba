"""Pools of back-office staff with their accountable head: added, changed, retired; now or from a later day on."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update

from desk.domain.access import require
from desk.domain.facts import JSON
from desk.domain.refusals import Reason, Refused
from desk.models import Membership, Person, Pool, PoolMember, TransactionRow
from desk.operations.settings import planned
from desk.operations.settings.planned import ADMINISTRATORS
from desk.operations.settings.setting_changes import tell, words_of
from desk.operations.stream import Unit

POOLS: Any = Pool.__table__
MEMBERS: Any = PoolMember.__table__
TRANSACTIONS: Any = TransactionRow.__table__
KIND: Final = "pool"
LONGEST_NAME: Final = 120
MOST_POOLS: Final = 100
COLUMNS: Final = frozenset({"name", "head", "members", "retired"})
NEW: Final = frozenset({"name", "head", "members"})
# How a change is told.
_TOLD: Final = {"name": "pool_name", "head": "pool_head", "members": "members", "retired": "pool_retired"}


def apply(unit: Unit, pool_id: int, values: Mapping[str, JSON]) -> None:
    """Add a pool (id 0: name, head, members), or change what `values` names (name, head, members, retired).

    What lies in a pool stays with the head it came to. Raises `Refused`: FORBIDDEN, INVALID with the field (a head or
    member who does not work here), UNKNOWN, NAME_TAKEN, POOL_NOT_EMPTY.
    """
    wanted = _checked(unit, pool_id, values)
    current = _get(unit, pool_id) if pool_id else {"name": None, "head": None, "members": [], "retired": False}
    after: dict[str, Any] = {**current, **wanted}
    after["members"] = sorted({after["head"], *after["members"]})
    changed = {name: value for name, value in after.items() if current[name] != value}
    if not after["retired"]:
        _require_staff(unit, after)
        _require_free(unit, after["name"], but=pool_id)
    if changed.get("retired"):
        _require_empty(unit, pool_id)
    if changed:
        _write(unit, pool_id, current, after, changed)


def _write(unit: Unit, pool_id: int, current: Mapping[str, Any], after: Mapping[str, Any], changed: Any) -> None:
    row = {"name": after["name"], "head_id": after["head"], "retired": after["retired"]}
    if not pool_id:
        values = {"office_id": unit.office_id, **row}
        made = unit.connection.execute(insert(Pool).values(**values).returning(Pool.id)).scalar_one()
        _put(unit, made, after["members"])
        tell(unit, "pool", None, {name: after[name] for name in ("name", "head", "members")}, pool=made)
        return
    unit.connection.execute(update(Pool).where(Pool.id == pool_id).values(**row))
    if "members" in changed:
        unit.connection.execute(delete(PoolMember).where(PoolMember.pool_id == pool_id))
        _put(unit, pool_id, after["members"])
    for name, value in changed.items():
        tell(unit, _TOLD[name], current[name], value, pool=pool_id)


def _put(unit: Unit, pool_id: int, members: list[int]) -> None:
    unit.connection.execute(insert(PoolMember), [{"pool_id": pool_id, "person_id": each} for each in members])


def _check(unit: Unit, pool_id: int, values: Mapping[str, JSON]) -> None:
    _checked(unit, pool_id, values)
    if pool_id:
        _get(unit, pool_id)


def _checked(unit: Unit, pool_id: int, values: Mapping[str, JSON]) -> dict[str, Any]:
    require(unit.actor, ADMINISTRATORS)
    if not (values.keys() <= COLUMNS if pool_id else values.keys() == NEW):
        raise Refused(Reason.INVALID, field="name")
    wanted: dict[str, Any] = dict(values)
    if "name" in wanted:
        wanted["name"] = words_of(wanted["name"], "name", most=LONGEST_NAME)
    if not _is_id(wanted.get("head", 1)):
        raise Refused(Reason.INVALID, field="head")
    members = wanted.get("members", [])
    if not isinstance(members, list) or not all(map(_is_id, members)):
        raise Refused(Reason.INVALID, field="members")
    if not isinstance(wanted.get("retired", False), bool):
        raise Refused(Reason.INVALID, field="retired")
    return wanted


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def _get(unit: Unit, pool_id: int) -> dict[str, Any]:
    mine = (POOLS.c.office_id == unit.office_id) & (POOLS.c.id == pool_id)
    row = unit.connection.execute(select(POOLS).where(mine)).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=pool_id)
    members = unit.connection.execute(select(MEMBERS.c.person_id).where(MEMBERS.c.pool_id == pool_id)).scalars()
    return {"name": row.name, "head": row.head_id, "members": sorted({row.head_id, *members}), "retired": row.retired}


def _require_staff(unit: Unit, after: Mapping[str, Any]) -> None:
    query = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.office_id == unit.office_id,
            Membership.role.in_(("agent", "supervisor")),
            Membership.person_id.in_(after["members"]),
            Person.disabled_at.is_(None),
        )
    )
    here = set(unit.connection.execute(query).scalars())
    if after["head"] not in here:
        raise Refused(Reason.INVALID, field="head")
    if not here.issuperset(after["members"]):
        raise Refused(Reason.INVALID, field="members")


def _require_free(unit: Unit, name: str, *, but: int) -> None:
    mine = (POOLS.c.office_id == unit.office_id, POOLS.c.retired.is_(False), POOLS.c.id != but)
    names = unit.connection.execute(select(POOLS.c.name).where(*mine)).scalars().all()
    if name.casefold() in {each.casefold() for each in names}:
        raise Refused(Reason.NAME_TAKEN, name=name)
    if len(names) >= MOST_POOLS:
        raise Refused(Reason.INVALID, field="name")


def _require_empty(unit: Unit, pool_id: int) -> None:
    lying = (
        TRANSACTIONS.c.office_id == unit.office_id,
        TRANSACTIONS.c.pool_id == pool_id,
        TRANSACTIONS.c.ended_at.is_(None),
    )
    count = unit.connection.execute(select(func.count()).select_from(TRANSACTIONS).where(*lying)).scalar_one()
    if count:
        raise Refused(Reason.POOL_NOT_EMPTY, count=count)


planned.register(KIND, apply, _check)
