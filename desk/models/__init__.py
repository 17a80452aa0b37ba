"""The tables, one topic a module; importing this package registers them all on one metadata."""

from desk.models.absence import AbsenceReasonRow, AbsenceRow
from desk.models.base import Base, db
from desk.models.console import ConsoleHabit, Snippet
from desk.models.delivery import Delivery, GatewayReceipt
from desk.models.device import Device, DevicePairing
from desk.models.display import DisplayMessage, DisplayWording
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
from desk.models.handing_on import HandoffReasonRow, HandoffWords, PauseCauseRow, Pool, PoolMember
from desk.models.heartbeat import Heartbeat
from desk.models.improvement import ImprovementPlace, ImprovementRow, ImprovementStep, SurveyPublication
from desk.models.keeping import AccessRecord, Remembered, TrailCheck
from desk.models.message_text import MessageText
from desk.models.office import (
    Calendar,
    Closure,
    Counter,
    Office,
    Service,
    ServiceCalendar,
    ServiceWording,
    SpecialOpening,
    Week,
)
from desk.models.opening import OfficeLogo, OfficeTrial, SetupToken
from desk.models.person import ApiToken, Membership, Person, Skill, StaffSession
from desk.models.planned import PlannedChange
from desk.models.planned_logo import PlannedLogo
from desk.models.printing import PrinterStanding, PrintJob
from desk.models.priority import PriorityReasonRow
from desk.models.privacy import Erasure, RetentionMark, Wiping
from desk.models.report import ReportDay, ReportHead
from desk.models.request import RequestRow
from desk.models.second_factor import HalfSignIn, OpenIdIdentity, RecoveryCode, SecondFactor
from desk.models.signing_in import AccessRefusal, PasswordWish, SignInRecord, StaffCode
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
    "AccessRefusal",
    "ApiToken",
    "Base",
    "Calendar",
    "Call",
    "CaseStep",
    "CaseWords",
    "ClockEpoch",
    "Closure",
    "ConsoleHabit",
    "Counter",
    "CustodySegment",
    "Delivery",
    "Device",
    "DevicePairing",
    "DisplayMessage",
    "DisplayWording",
    "Duty",
    "Erasure",
    "EventRow",
    "Facility",
    "FloorMessage",
    "FloorReading",
    "FollowUpRow",
    "GatewayReceipt",
    "HalfSignIn",
    "HandoffReasonRow",
    "HandoffRow",
    "HandoffWords",
    "Heartbeat",
    "ImportProfile",
    "ImportRow",
    "ImprovementPlace",
    "ImprovementRow",
    "ImprovementStep",
    "InvitationRow",
    "LegTally",
    "LooseResponse",
    "Membership",
    "MessageText",
    "Note",
    "Office",
    "OfficeLogo",
    "OfficeTrial",
    "OpenIdIdentity",
    "PasswordWish",
    "PauseCauseRow",
    "Person",
    "PlannedChange",
    "PlannedLogo",
    "Pool",
    "PoolMember",
    "PrintJob",
    "PrinterStanding",
    "PriorityReasonRow",
    "QuestionnaireDraft",
    "QuestionnaireRow",
    "QuestionnaireStep",
    "QueueEntry",
    "RecoveryCode",
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
    "SecondFactor",
    "Service",
    "ServiceCalendar",
    "ServiceWording",
    "SetupToken",
    "SignInRecord",
    "Skill",
    "Snippet",
    "SpecialOpening",
    "StaffCode",
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
