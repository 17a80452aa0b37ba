"""Passing the trail on to another key: an event in every office, signed with the old key, that names the new one.

The row that heads an office's stream says which key signs, and is read under the office's lock: from this event on, no
process of any machine can sign with the old key in this office.
"""

from desk.domain.access import SYSTEM
from desk.domain.audit import key_digest
from desk.domain.facts import EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit


def rotate(streams: Streams, office_id: int, to: str) -> Done:
    """Let another key sign in an office from now on.

    Refuses `ALREADY_DONE` where it signs already, `SIGNING_KEY_MISSING` where it is not at hand.
    """

    def work(unit: Unit) -> Done:
        new = unit.keys.known.get(to)
        if new is None:
            raise Refused(Reason.SIGNING_KEY_MISSING, key=to)
        if unit.keys.signing == to:
            raise Refused(Reason.ALREADY_DONE)
        unit.append(Fact(EventName.KEY_ROTATED, {"from": unit.keys.signing, "to": to, "digest": key_digest(new, to)}))
        unit.signs_next = to
        return unit.done(key=to)

    return streams.run(office_id, Request(SYSTEM, "rotate_key", {"to": to}), work)
