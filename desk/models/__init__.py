"""The tables, one topic a module; importing this package registers them all on one metadata."""

from desk.models.absence import AbsenceReasonRow, AbsenceRow
from desk.models.base import Base, db
from desk.models.delivery import Delivery, GatewayReceipt
from desk.models.event import ClockEpoch, EventRow, Stream
from desk.models.floor import FloorMessage, FloorReading
from desk.models.following_up import (
    CaseStep,
    CaseWords,
    Facility,
    FollowUpRow,
    VoiceContact,
    VoiceOfficer,
    VoiceRow,
)
from desk.models.handing_on import HandoffReasonRow, HandoffWords, Pool, PoolMember
from desk.models.improvement import ImprovementPlace, ImprovementRow, ImprovementStep, SurveyPublication
from desk.models.keeping import AccessRecord, Remembered, TrailCheck
from desk.models.office import Calendar, Closure, Counter, Office, Service, ServiceCalendar, SpecialOpening, Week
from desk.models.person import ApiToken, Membership, Person, Skill, StaffSession
from desk.models.privacy import Erasure, RetentionMark, Wiping
from desk.models.report import ReportDay, ReportHead
from desk.models.request import RequestRow
from desk.models.survey import (
    InvitationRow,
    LooseResponse,
    QuestionnaireDraft,
    QuestionnaireRow,
    QuestionnaireStep,
    ResponseDetail,
    ResponseHandler,
    ResponseRevision,
    ResponseRow,
    SurveyAsking,
    SurveyBlock,
    SurveyTally,
)
from desk.models.survey_import import ImportProfile, ImportRow, SurveyImport
from desk.models.survey_legs import LegTally, ResponseLeg
from desk.models.survey_point import SurveyPoint
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
    "CaseStep",
    "CaseWords",
    "ClockEpoch",
    "Closure",
    "Counter",
    "CustodySegment",
    "Delivery",
    "Duty",
    "Erasure",
    "EventRow",
    "Facility",
    "FloorMessage",
    "FloorReading",
    "FollowUpRow",
    "GatewayReceipt",
    "HandoffReasonRow",
    "HandoffRow",
    "HandoffWords",
    "ImportProfile",
    "ImportRow",
    "ImprovementPlace",
    "ImprovementRow",
    "ImprovementStep",
    "InvitationRow",
    "LegTally",
    "LooseResponse",
    "Membership",
    "Note",
    "Office",
    "Person",
    "Pool",
    "PoolMember",
    "QuestionnaireDraft",
    "QuestionnaireRow",
    "QuestionnaireStep",
    "QueueEntry",
    "Remembered",
    "ReportDay",
    "ReportHead",
    "RequestRow",
    "ResponseDetail",
    "ResponseHandler",
    "ResponseLeg",
    "ResponseRevision",
    "ResponseRow",
    "RetentionMark",
    "Service",
    "ServiceCalendar",
    "Skill",
    "SpecialOpening",
    "StaffSession",
    "Stream",
    "SurveyAsking",
    "SurveyBlock",
    "SurveyImport",
    "SurveyPoint",
    "SurveyPublication",
    "SurveyTally",
    "TrailCheck",
    "TransactionRow",
    "Visit",
    "VisitContact",
    "VisitorToken",
    "VoiceContact",
    "VoiceOfficer",
    "VoiceRow",
    "Week",
    "Wiping",
    "db",
]
