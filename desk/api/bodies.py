"""What requests to the API carry; what a rule demands across fields stands in the schema too."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from desk.domain.lifecycle import Outcome
from desk.domain.promises import MOST_OBJECTS
from desk.domain.reasons import (
    NEED_NOTE,
    BreakReason,
    CancelReason,
    PauseCause,
    PickReason,
    ReopenReason,
    ReturnReason,
)
from desk.domain.texts import LONGEST_NOTE, one_line, several_lines

Id = Annotated[int, Field(strict=True, ge=1, le=(1 << 53) - 1, examples=[1099511627783])]
Name = Annotated[str, Field(max_length=200), AfterValidator(one_line)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[!-?A-~]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
# E.164; of this country a mobile phone (desk.domain.phones).
Phone = Annotated[str, Field(pattern=r"^\+(628[1-9][0-9]{7,10}|(6[013-9]|[1-57-9][0-9])[0-9]{6,13})$")]
# Of `GET /offices/{id}/priority-reasons`: an office may have reasons of its own.
PriorityCode = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,20}$", examples=["elderly"])]
Note = Annotated[str, Field(max_length=LONGEST_NOTE), AfterValidator(several_lines)]
Words = Annotated[
    str, Field(min_length=1, max_length=LONGEST_NOTE, pattern=r"[A-Za-z0-9]"), AfterValidator(several_lines)
]


def exactly_one(*names: str, common: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the schema of "exactly one of these fields is given and not null"."""
    null = {"type": "null"}
    return {
        "oneOf": [
            {
                "required": [chosen, *common],
                "properties": {name: {"not": null} if name == chosen else null for name in names},
            }
            for chosen in names
        ]
    }


def noted(reasons: type[StrEnum]) -> dict[str, Any]:
    """Return the schema of "these reasons say too little without a note"."""
    vague = sorted(reason.value for reason in reasons if reason in NEED_NOTE)
    note = {"type": "string", "pattern": r"^[A-Za-z0-9]"}
    return {
        "if": {"required": ["reason"], "properties": {"reason": {"enum": vague}}},
        "then": {"required": ["note"], "properties": {"note": note}},
    }


class Body(BaseModel):
    """What a request carries; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Empty(Body):
    """Nothing needs to be said."""


class VisitBody(Body):
    """A visitor who takes a number: one service, or several of one visit."""

    model_config = ConfigDict(json_schema_extra=exactly_one("service", "services"))

    service: Id | None = None
    services: Annotated[list[Id], Field(min_length=1, max_length=10)] | None = None
    priority_reason: PriorityCode | None = None
    language: Literal["id", "en"] = "id"
    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    consent: bool = False

    @model_validator(mode="after")
    def one_way(self) -> "VisitBody":
        """Demand exactly one of the two ways to name services."""
        if (self.service is None) == (self.services is None):
            raise ValueError("give either service or services")
        return self


class ReturningBody(Body):
    """A visitor who is here again for an open transaction."""

    priority_reason: PriorityCode | None = None
    language: Literal["id", "en"] = "id"


class CallBody(Body):
    """Nothing for the next visitor; a transaction and a reason for a particular one."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"properties": {"transaction": {"type": "null"}, "reason": {"type": "null"}}},
                {
                    "required": ["transaction", "reason"],
                    "properties": {"transaction": {"not": {"type": "null"}}, "reason": {"not": {"type": "null"}}},
                },
            ],
            **noted(PickReason),
        }
    )

    transaction: Id | None = None
    reason: PickReason | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def reasoned(self) -> "CallBody":
        """A particular visitor needs a reason, the next one must not have one."""
        if (self.transaction is None) != (self.reason is None):
            raise ValueError("a particular transaction and a reason belong together")
        return self


class BreakBody(Body):
    """Why the officer is away for a while."""

    reason: BreakReason


class ReturnBody(Body):
    """Why the visitor sits down again, and for how long they are not to be called."""

    model_config = ConfigDict(json_schema_extra=noted(ReturnReason))

    reason: ReturnReason
    minutes: Annotated[int, Field(strict=True, ge=0, le=240)] = 0
    note: Note | None = None


class ProcessingBody(Body):
    """When the work is to be finished."""

    due_at: datetime | None = None

    @model_validator(mode="after")
    def zoned(self) -> "ProcessingBody":
        """Demand a zone in the due time."""
        if self.due_at is not None and self.due_at.tzinfo is None:
            raise ValueError("due_at needs a time zone")
        return self


class PauseBody(Body):
    """What is waited for, when to look again, and when to be reminded of it (the working day before unless said)."""

    cause: PauseCause
    due_at: datetime
    remind_at: datetime | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def zoned(self) -> "PauseBody":
        """Demand a zone in both times."""
        if self.due_at.tzinfo is None:
            raise ValueError("due_at needs a time zone")
        if self.remind_at is not None and self.remind_at.tzinfo is None:
            raise ValueError("remind_at needs a time zone")
        return self


class DocumentsBody(Body):
    """For how many objects the documents are complete, and which papers were received (one a line)."""

    quantity: Annotated[int, Field(strict=True, ge=1, le=MOST_OBJECTS)] = 1
    papers: Note | None = None


class ResumptionBody(Body):
    """Whether the visitor stayed and is served again."""

    serving: bool = False


class CompletionBody(Body):
    """What it brought the visitor."""

    outcome: Outcome
    note: Note | None = None


class CancellationBody(Body):
    """Why the transaction is called off."""

    model_config = ConfigDict(json_schema_extra=noted(CancelReason))

    reason: CancelReason
    note: Note | None = None


class ReopeningBody(Body):
    """Why a completed transaction is opened again."""

    model_config = ConfigDict(json_schema_extra=noted(ReopenReason))

    reason: ReopenReason
    note: Note | None = None
