"""Who keeps the server: sets its address, mail and backups, opens and retires offices, says who does so too.

And what nobody would look after any more if somebody went: neither an office nor the server may come to that.
"""

from dataclasses import dataclass

from desk.domain.facts import JSON, EventName, Fact
from desk.domain.refusals import Reason, Refused


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member of staff as these rules see them; `administers` an office that is in use."""

    id: int
    keeps: bool
    active: bool
    administers: bool


@dataclass(frozen=True, slots=True)
class Unattended:
    """What would have nobody who can sign in: the name of an office without an administrator, the server."""

    office: str | None = None
    server: bool = False


ATTENDED = Unattended()


def require_attended(unattended: Unattended) -> None:
    """Raise `Refused`, LAST_ADMINISTRATOR with the office or LAST_KEEPER, where something would have nobody."""
    if unattended.office is not None:
        raise Refused(Reason.LAST_ADMINISTRATOR, office=unattended.office)
    if unattended.server:
        raise Refused(Reason.LAST_KEEPER)


def give(one: Candidate) -> Fact:
    """Let an administrator keep the server; raises `Refused`: DEACTIVATED, ALREADY_DONE, NOT_AN_ADMINISTRATOR."""
    if not one.active:
        raise Refused(Reason.DEACTIVATED)
    if one.keeps:
        raise Refused(Reason.ALREADY_DONE)
    if not one.administers:
        raise Refused(Reason.NOT_AN_ADMINISTRATOR)
    return _told(one.id, now=True)


def take(one: Candidate, *, others_keep: bool) -> Fact:
    """Let somebody keep it no more, oneself too; raises `Refused`: ALREADY_DONE, LAST_KEEPER."""
    if not one.keeps:
        raise Refused(Reason.ALREADY_DONE)
    if not others_keep:
        raise Refused(Reason.LAST_KEEPER)
    return lapsed(one.id)


def lapsed(person_id: int) -> Fact:
    """Return that somebody keeps the server no more: it was taken, or they administer no office now."""
    return _told(person_id, now=False)


def _told(person_id: int, *, now: bool) -> Fact:
    about: dict[str, JSON] = {"setting": "keeps_server", "person": person_id, "from": not now, "to": now}
    return Fact(EventName.SETTING_CHANGED, about)
