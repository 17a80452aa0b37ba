"""The tables, one topic a module; importing this package registers them all on one metadata."""

from desk.models.absence import AbsenceReasonRow, AbsenceRow
from desk.models.base import Base, db
from desk.models.delivery import Delivery
from desk.models.event import ClockEpoch, EventRow, Stream
from desk.models.floor import FloorMessage, FloorReading
from desk.models.handing_on import HandoffReasonRow, HandoffWords, Pool, PoolMember
from desk.models.keeping import AccessRecord, Remembered, TrailCheck
from desk.models.office import Calendar, Closure, Counter, Office, Service, ServiceCalendar, SpecialOpening, Week
from desk.models.person import ApiToken, Membership, Person, Skill, StaffSession
from desk.models.report import ReportDay, ReportHead
from desk.models.request import RequestRow
from desk.models.survey import InvitationRow, ResponseRow
from desk.models.transaction import Call, CustodySegment, Duty, HandoffRow, QueueEntry, TransactionRow
from desk.models.visit import Note, Visit, VisitContact, VisitorToken

__all__ = [
    "AbsenceReasonRow",
    "AbsenceRow",
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
    "FloorMessage",
    "FloorReading",
    "HandoffReasonRow",
    "HandoffRow",
    "HandoffWords",
    "InvitationRow",
    "Membership",
    "Note",
    "Office",
    "Person",
    "Pool",
    "PoolMember",
    "QueueEntry",
    "Remembered",
    "ReportDay",
    "ReportHead",
    "RequestRow",
    "ResponseRow",
    "Service",
    "ServiceCalendar",
    "Skill",
    "SpecialOpening",
    "StaffSession",
    "Stream",
    "TrailCheck",
    "TransactionRow",
    "Visit",
    "VisitContact",
    "VisitorToken",
    "Week",
    "db",
]
