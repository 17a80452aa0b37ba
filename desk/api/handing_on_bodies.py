"""What requests about handing on carry: terms, receivers, orders, notes, answers."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from desk.api.bodies import Body, Id, Note, Words, exactly_one, noted
from desk.domain.reasons import DeclineReason, HandoffReason
from desk.domain.texts import one_line, several_lines
from desk.operations.terms import Disposition

Paper = Annotated[str, Field(min_length=1, max_length=200, pattern=r"[A-Za-z0-9]"), AfterValidator(one_line)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,30}$", examples=["specialist"])]


def _handed_to() -> dict[str, Any]:
    """Return the schema of "to exactly one receiver for a reason, or back without one"."""
    found = exactly_one("officer", "counter", "service", "pool", "back", common=("reason",))
    null = {"type": "null"}
    for each in found["oneOf"]:
        each["properties"]["reason"] = {"not": null}
    back = found["oneOf"][-1]
    back["required"] = ["back"]
    back["properties"] |= {"reason": null, "due_at": null}
    return found


class TermsBody(Body):
    """What goes with every handoff: a note, what is expected, by when, the papers, whether the visitor walks along."""

    note: Note | None = None
    expects: Annotated[str, Field(max_length=500), AfterValidator(several_lines)] | None = None
    papers: list[Paper] = Field(default_factory=list, max_length=30)
    walks_along: bool = False
    due_at: datetime | None = None

    @model_validator(mode="after")
    def zoned(self) -> "TermsBody":
        """Demand a zone in the due time."""
        if self.due_at is not None and self.due_at.tzinfo is None:
            raise ValueError("due_at needs a time zone")
        return self

    @property
    def disposition(self) -> Disposition:
        """What goes with the handoff beside its reason."""
        return Disposition(self.expects, tuple(self.papers), self.walks_along)


class HandoffBody(TermsBody):
    """To whom (exactly one of officer, counter, service, pool), or back to whoever had it; why, and on which terms.

    The reason is a code of the office's list; whoever had it gets it back without one.
    """

    model_config = ConfigDict(json_schema_extra={**_handed_to(), **noted(HandoffReason)})

    officer: Id | None = None
    counter: Id | None = None
    service: Id | None = None
    pool: Id | None = None
    back: Literal[True] | None = None
    reason: Code | None = None

    @model_validator(mode="after")
    def one_receiver(self) -> "HandoffBody":
        """Demand exactly one receiver, and a reason unless it goes back."""
        if sum(each is not None for each in (self.officer, self.counter, self.service, self.pool, self.back)) != 1:
            raise ValueError("give exactly one of officer, counter, service, pool and back")
        if (self.reason is None) != (self.back is not None):
            raise ValueError("give a reason, unless it goes back to whoever had it")
        if self.back is not None and self.due_at is not None:
            raise ValueError("what goes back has no due time")
        return self


class ForcedHandoverBody(TermsBody):
    """To which officer or pool (exactly one) a supervisor passes custody on, why, and in which words."""

    model_config = ConfigDict(json_schema_extra=exactly_one("officer", "pool", common=("reason", "note")))

    officer: Id | None = None
    pool: Id | None = None
    reason: Code
    note: Words

    @model_validator(mode="after")
    def one_receiver(self) -> "ForcedHandoverBody":
        """Demand exactly one receiver."""
        if (self.officer is None) == (self.pool is None):
            raise ValueError("give exactly one of officer and pool")
        return self


class NoteBody(Body):
    """A note beside a transaction; `corrects` names the earlier note it puts right."""

    words: Words
    corrects: Id | None = None


class TakingBody(Body):
    """The visit whose visitor stands here."""

    visit: Id


class RefusalBody(Body):
    """Why the offer is declined: a code of the office's list."""

    model_config = ConfigDict(json_schema_extra=noted(DeclineReason))

    reason: Code
    note: Note | None = None
