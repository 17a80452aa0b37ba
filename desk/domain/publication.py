"""Publishing the figures of a survey: frozen as exact sums, so that what was published can be proved for good."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desk.domain.audit import canonical
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.improvement import Status
from desk.domain.refusals import Reason, Refused
from desk.domain.skm_elements import INSTRUMENTS, Regulation, weight_of
from desk.domain.skm_index import Tallied, Tally, answered_by_few, index_of
from desk.domain.skm_period import Period, read_period
from desk.domain.skm_warnings import FEWEST_TO_PUBLISH, Published

Counts = Mapping[str, Mapping[str, int | None]]  # profile column to value to respondents, None where they are hidden
UNTOLD: Final = ""  # the value of a profile that was not told


@dataclass(frozen=True, slots=True)
class Planned:
    """A measure of the plan as it stood: its words are those of the step `words_id`."""

    id: int
    element: str
    due: Period
    status: Status
    words_id: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is published of a period: sums, how many were served and needed, who answered, the plan."""

    period: Period
    tallied: Tallied
    weight: str
    population: int | None  # None: nothing is known of who was served
    needed: int | None
    profile: Counts
    plan: tuple[Planned, ...]

    @property
    def stated(self) -> Published:
        """What these figures say of themselves, as a report would print it."""
        index = index_of(self.tallied, weight_of(self.tallied.instrument, self.weight))
        return Published(index.shown, index.band.letter if index.band else None, self.weight)

    @property
    def seen(self) -> str:
        """A short digest, by which publishing refers to what was seen before."""
        return hashlib.sha256(canonical(as_payload(self)).encode()).hexdigest()[:32]


def as_payload(figures: Figures) -> dict[str, JSON]:
    """Return figures as an event carries them; `read_payload` reads them."""
    tallied = figures.tallied
    elements = tallied.tallies
    return {
        "period": str(figures.period),
        "regulation": tallied.instrument.regulation.value,
        "weight": figures.weight,
        "respondents": tallied.respondents,
        "population": figures.population,
        "needed": figures.needed,
        "elements": {key: [elements[key].total, elements[key].answers] for key in tallied.instrument.keys},
        "profile": {column: dict(counts) for column, counts in figures.profile.items()},
        "plan": [_planned(each) for each in figures.plan],
    }


def _planned(planned: Planned) -> dict[str, JSON]:
    return {
        "id": planned.id,
        "element": planned.element,
        "due": str(planned.due),
        "status": planned.status.value,
        "words": planned.words_id,
    }


def read_payload(payload: Mapping[str, Any]) -> Figures:
    """Return figures as they were published."""
    instrument = INSTRUMENTS[Regulation(payload["regulation"])]
    tallies = {key: Tally(*payload["elements"][key]) for key in instrument.keys}
    plan = tuple(
        Planned(each["id"], each["element"], read_period(each["due"]), Status(each["status"]), each["words"])
        for each in payload["plan"]
    )
    return Figures(
        read_period(payload["period"]),
        Tallied(instrument, payload["respondents"], tallies),
        payload["weight"],
        payload["population"],
        payload["needed"],
        payload["profile"],
        plan,
    )


def publish(figures: Figures, *, version: int, warned: Sequence[str], confirmed: bool, reason: JSON) -> Fact:
    """Return the fact that figures are published as this version of their period; `reason` is the digest of why anew.

    Raises `Refused`: TOO_FEW_TO_PUBLISH under five respondents or answers to an element, WARNINGS_UNCONFIRMED,
    WORDS_MISSING for a second version without its reason.
    """
    index = index_of(figures.tallied, weight_of(figures.tallied.instrument, figures.weight))
    few = answered_by_few(figures.tallied, FEWEST_TO_PUBLISH)
    if figures.tallied.respondents < FEWEST_TO_PUBLISH or index.value is None or few:
        raise Refused(Reason.TOO_FEW_TO_PUBLISH, fewest=FEWEST_TO_PUBLISH)
    if warned and not confirmed:
        raise Refused(Reason.WARNINGS_UNCONFIRMED)
    if version > 1 and reason is None:
        raise Refused(Reason.WORDS_MISSING)
    facts: dict[str, JSON] = {"version": version, "warned": list(warned), "reason": reason}
    return Fact(EventName.SURVEY_PUBLISHED, {**facts, "figures": as_payload(figures)})
