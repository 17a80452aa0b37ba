"""Trying out what an office has before the first visitor comes: no number is taken, and each trial is told of."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import delete, insert

from desk.domain.access import Role, require
from desk.domain.facts import EventName, Fact
from desk.domain.opening import Trial
from desk.models import OfficeTrial
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

TRIALS: Any = OfficeTrial.__table__
ADMINISTRATORS: Final = frozenset({Role.ADMIN})


def record_trial(streams: Streams, office_id: int, request: Request, trial: Trial, *, succeeded: bool) -> Done:
    """Record that something was tried, and how it ended; of a display it is this that lets it ring.

    Raises `Refused(FORBIDDEN)` for anybody but an administrator.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, ADMINISTRATORS)
        told = unit.append(Fact(EventName.TRIAL_MADE, {"trial": trial.value, "succeeded": succeeded}))
        mine = (TRIALS.c.office_id == office_id) & (TRIALS.c.trial == trial.value)
        unit.connection.execute(delete(TRIALS).where(mine))
        row = {"office_id": office_id, "trial": trial.value, "at": unit.at, "event": told.number}
        unit.connection.execute(insert(TRIALS), {**row, "person_id": unit.actor.person_id, "succeeded": succeeded})
        return unit.done(trial=trial.value)

    return streams.run(office_id, request, work)


def forget_trials(unit: Unit, trials: Collection[Trial]) -> None:
    """Forget in every office how these ended: what was tried has been set otherwise since. The events stay."""
    if trials:
        unit.connection.execute(delete(TRIALS).where(TRIALS.c.trial.in_([each.value for each in trials])))
