"""What an office is known by: its name, its address, the language it speaks first, its logo."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from desk.domain.access import Role, require
from desk.domain.facts import EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.models import Office, OfficeLogo
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

OFFICES: Any = Office.__table__
LOGOS: Any = OfficeLogo.__table__
ADMINISTRATORS: Final = frozenset({Role.ADMIN})
LONGEST_NAME: Final = 200
LONGEST_ADDRESS: Final = 400
LANGUAGES: Final = ("id", "en")


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as it is served: read, made smaller and written anew by us."""

    content: bytes = field(repr=False)
    media_type: str
    width: int
    height: int

    @property
    def digest(self) -> str:
        """The digest of its content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Identity:
    """How an office calls itself."""

    name: str
    address: str
    language: str

    def require_valid(self) -> None:
        """Raise `Refused(INVALID)` (field) for what cannot be kept."""
        if not 0 < len(self.name) <= LONGEST_NAME:
            raise Refused(Reason.INVALID, field="name")
        if len(self.address) > LONGEST_ADDRESS:
            raise Refused(Reason.INVALID, field="address")
        if self.language not in LANGUAGES:
            raise Refused(Reason.INVALID, field="language")


def change_identity(streams: Streams, office_id: int, request: Request, wanted: Identity) -> Done:
    """Rename an office; answers changed. What was printed before keeps the old name. Raises `Refused`."""

    def work(unit: Unit) -> Done:
        require(unit.actor, ADMINISTRATORS)
        wanted.require_valid()
        columns = (OFFICES.c.name, OFFICES.c.address, OFFICES.c.language)
        before = Identity(*unit.connection.execute(select(*columns).where(OFFICES.c.id == office_id)).one())
        changed = [name for name in ("name", "address", "language") if getattr(before, name) != getattr(wanted, name)]
        if not changed:
            raise Refused(Reason.ALREADY_DONE)
        values = {name: getattr(wanted, name) for name in changed}
        unit.connection.execute(update(OFFICES).where(OFFICES.c.id == office_id).values(**values))
        for name in changed:
            _tell(unit, f"office_{name}", getattr(before, name), getattr(wanted, name))
        unit.renew_configuration()
        return unit.done(changed=changed)

    return streams.run(office_id, request, work)


def change_logo(streams: Streams, office_id: int, request: Request, logo: Logo | None) -> Done:
    """Take a logo in the place of the one there was, or none; the event says by digests which. Raises `Refused`."""

    def work(unit: Unit) -> Done:
        require(unit.actor, ADMINISTRATORS)
        mine = LOGOS.c.office_id == office_id
        before: str | None = unit.connection.execute(select(LOGOS.c.digest).where(mine)).scalar_one_or_none()
        after = None if logo is None else logo.digest
        if before == after:
            raise Refused(Reason.ALREADY_DONE)
        unit.connection.execute(delete(LOGOS).where(mine))
        if logo is not None:
            write_logo(unit.connection, office_id, logo, at=unit.at)
        _tell(unit, "office_logo", before, after)
        unit.renew_configuration()
        return unit.done(logo=after)

    return streams.run(office_id, request, work)


def write_logo(connection: Connection, office_id: int, logo: Logo, *, at: datetime) -> None:
    """Write the logo of an office that has none."""
    picture = {"content": logo.content, "media_type": logo.media_type, "width": logo.width, "height": logo.height}
    row = {"office_id": office_id, "digest": logo.digest, "changed_at": at, **picture}
    connection.execute(insert(LOGOS), row)


def _tell(unit: Unit, setting: str, before: str | None, after: str | None) -> None:
    unit.append(Fact(EventName.SETTING_CHANGED, {"setting": setting, "from": before, "to": after}))
