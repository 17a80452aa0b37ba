"""The logo of an office; now or from a later day on. Name, address and language are among the office's settings."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from desk.domain.access import Role, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.models import OfficeLogo, PlannedLogo
from desk.operations.finding import today
from desk.operations.requests import Done, Request
from desk.operations.settings import planned
from desk.operations.stream import Streams, Unit
from desk.reads.planned import holding_on

LOGOS: Any = OfficeLogo.__table__
PICTURES: Any = PlannedLogo.__table__
KIND_LOGO: Final = "office_logo"
WHOLE_OFFICE: Final = 0
ADMINISTRATORS: Final = frozenset({Role.ADMIN})
LONGEST_NAME: Final = 200
LONGEST_ADDRESS: Final = 400


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


def change_logo(
    streams: Streams, office_id: int, request: Request, logo: Logo | None, *, due: date | None = None
) -> Done:
    """Take a logo in the place of the one there was, or none; at once, or as a later business day begins.

    Events say by digests which. Answers logo (its digest) and planned (None: it is made). Raises `Refused`: FORBIDDEN,
    ALREADY_DONE where it is so already, or will be by then, and as `desk.operations.settings.planned.plan`.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, ADMINISTRATORS)
        digest = None if logo is None else logo.digest
        if due is None or due == today(unit):
            if not _set_logo(unit, logo):
                raise Refused(Reason.ALREADY_DONE)
            return unit.done(logo=digest, planned=None)
        held = holding_on(
            unit.connection, unit.office_id, {"logo": _digest_of(unit)}, due, kind=KIND_LOGO, subject=WHOLE_OFFICE
        )
        if held["logo"] == digest:
            raise Refused(Reason.ALREADY_DONE)
        if logo is not None:
            _keep_picture(unit, logo)
        return unit.done(logo=digest, planned=planned.plan_in(unit, KIND_LOGO, WHOLE_OFFICE, {"logo": digest}, due))

    return streams.run(office_id, request, work)


def _set_logo(unit: Unit, logo: Logo | None) -> bool:
    """Write it and tell it; tell whether it was another one before."""
    before, after = _digest_of(unit), None if logo is None else logo.digest
    if before == after:
        return False
    unit.connection.execute(delete(LOGOS).where(LOGOS.c.office_id == unit.office_id))
    if logo is not None:
        write_logo(unit.connection, unit.office_id, logo, at=unit.at)
    _tell(unit, KIND_LOGO, before, after)
    unit.renew_configuration()
    return True


def _digest_of(unit: Unit) -> str | None:
    mine = select(LOGOS.c.digest).where(LOGOS.c.office_id == unit.office_id)
    found: str | None = unit.connection.execute(mine).scalar_one_or_none()
    return found


def _keep_picture(unit: Unit, logo: Logo) -> None:
    """Keep a picture until its day, once whatever number of plans want it."""
    mine = (PICTURES.c.office_id == unit.office_id, PICTURES.c.digest == logo.digest)
    if unit.connection.execute(select(PICTURES.c.digest).where(*mine)).first() is None:
        unit.connection.execute(
            insert(PlannedLogo),
            {
                "office_id": unit.office_id,
                "digest": logo.digest,
                "content": logo.content,
                "media_type": logo.media_type,
                "width": logo.width,
                "height": logo.height,
                "kept_at": unit.at,
            },
        )


def _apply_logo(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    digest = _read_digest(unit, values)
    logo = None if digest is None else _find_picture(unit, digest)
    if digest is not None and logo is None:  # altered or removed outside of the desk
        raise Refused(Reason.PLAN_ALTERED)
    _set_logo(unit, logo)


def _check_logo(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    digest = _read_digest(unit, values)
    if digest is not None and _find_picture(unit, digest) is None:
        raise Refused(Reason.INVALID, field="logo")


def _read_digest(unit: Unit, values: Mapping[str, JSON]) -> str | None:
    require(unit.actor, ADMINISTRATORS)
    digest = values.get("logo")
    if values.keys() != {"logo"} or not (digest is None or isinstance(digest, str)):
        raise Refused(Reason.INVALID, field="logo")
    return digest


def _find_picture(unit: Unit, digest: str) -> Logo | None:
    """Return a picture that was kept for its day, None where it is not the one any more."""
    columns = (PICTURES.c.content, PICTURES.c.media_type, PICTURES.c.width, PICTURES.c.height)
    mine = (PICTURES.c.office_id == unit.office_id, PICTURES.c.digest == digest)
    row = unit.connection.execute(select(*columns).where(*mine)).one_or_none()
    found = None if row is None else Logo(*row)
    return found if found is not None and found.digest == digest else None


def write_logo(connection: Connection, office_id: int, logo: Logo, *, at: datetime) -> None:
    """Write the logo of an office that has none."""
    picture = {"content": logo.content, "media_type": logo.media_type, "width": logo.width, "height": logo.height}
    row = {"office_id": office_id, "digest": logo.digest, "changed_at": at, **picture}
    connection.execute(insert(LOGOS), row)


def _tell(unit: Unit, setting: str, before: str | None, after: str | None) -> None:
    unit.append(Fact(EventName.SETTING_CHANGED, {"setting": setting, "from": before, "to": after}))


planned.register(KIND_LOGO, _apply_logo, _check_logo)
