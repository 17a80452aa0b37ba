"""The tables, one topic a module; importing this package registers them all on one metadata."""

from desk.models.base import Base, db
from desk.models.delivery import Delivery
from desk.models.event import ClockEpoch, EventRow, Stream
from desk.models.keeping import AccessRecord, Remembered
from desk.models.office import Calendar, Closure, Counter, Office, Service, Week
from desk.models.person import ApiToken, Membership, Person, Skill, StaffSession
from desk.models.report import ReportDay, ReportHead
from desk.models.survey import InvitationRow, ResponseRow
from desk.models.transaction import Call, CustodySegment, Duty, HandoffRow, QueueEntry, TransactionRow
from desk.models.visit import Note, Visit, VisitContact, VisitorToken

__all__ = [
    "AccessRecord",
    "ApiToken",
    "Base",
    "Calendar",
    "Call",
    "ClockEpoch",
    "Closure",
    "Counter",
    "CustodySegment",
    "Delivery",
    "Duty",
    "EventRow",
    "HandoffRow",
    "InvitationRow",
    "Membership",
    "Note",
    "Office",
    "Person",
    "QueueEntry",
    "Remembered",
    "ReportDay",
    "ReportHead",
    "ResponseRow",
    "Service",
    "Skill",
    "StaffSession",
    "Stream",
    "TransactionRow",
    "Visit",
    "VisitContact",
    "VisitorToken",
    "Week",
    "db",
]
