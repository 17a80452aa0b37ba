"""An office, its counters, services and calendars."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import Base, Instant, LocalDate


class Office(Base):
    """A place with counters, one time zone and calendars: the boundary of consistency."""

    __tablename__ = "offices"
    __table_args__ = (CheckConstraint("id BETWEEN 1 AND 8191", name="id_fits_in_entity_ids"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(Text, default="")
    retired_at: Mapped[datetime | None] = mapped_column(Instant)  # since when it is no more
    zone: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5), default="id")
    day_starts_at: Mapped[int] = mapped_column(default=0)  # minutes after local midnight
    head_start_s: Mapped[int] = mapped_column(default=900)
    offer_expires_s: Mapped[int] = mapped_column(default=600)
    reopen_days: Mapped[int] = mapped_column(default=14)
    # From how many calls and how long after the last one somebody may be said not to have come; how long a slip can be
    # undone. Bounds stand in `desk.domain.slips`.
    no_show_calls: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    no_show_after_s: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    undo_s: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    survey_on: Mapped[bool] = mapped_column(default=True)
    survey_delay_s: Mapped[int] = mapped_column(default=300)
    survey_valid_days: Mapped[int] = mapped_column(default=14)
    handoff_keeps_arrival: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Causes of a pause through which the office's clock runs on; from which share of its time a promise is at risk.
    clock_causes: Mapped[list[str]] = mapped_column(
        JSON, default=lambda: ["system"], server_default=text("""'["system"]'""")
    )
    risk_percent: Mapped[int] = mapped_column(default=80, server_default=text("80"))
    # Open seconds after which an unanswered offer of an end of shift or of an absence goes back to its giver.
    handover_expires_s: Mapped[int] = mapped_column(default=14_400, server_default=text("14400"))
    # From when on the supervisor's page speaks of a gap; what they mean and their bounds stand in `desk.domain.gaps`.
    gap_offer_s: Mapped[int] = mapped_column(default=300, server_default=text("300"))
    gap_called_s: Mapped[int] = mapped_column(default=300, server_default=text("300"))
    gap_silent_s: Mapped[int] = mapped_column(default=57_600, server_default=text("57600"))
    gap_handoffs: Mapped[int] = mapped_column(default=3, server_default=text("3"))
    # What is asked where a service has no questionnaire of its own; how answers are kept, till when corrected.
    questionnaire: Mapped[str] = mapped_column(String(40), default="one", server_default=text("'one'"))
    survey_privacy: Mapped[str] = mapped_column(String(12), default="linked", server_default=text("'linked'"))
    survey_correction_s: Mapped[int] = mapped_column(default=1800, server_default=text("1800"))
    # Whom to ask, how often and when; what they mean and their bounds stand in `desk.domain.asking_rules`.
    survey_link_on: Mapped[bool] = mapped_column(default=True, server_default=true())
    survey_unserved: Mapped[bool] = mapped_column(default=False, server_default=false())
    survey_percent: Mapped[int] = mapped_column(default=100, server_default=text("100"))
    survey_rest_days: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    survey_monthly: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    survey_quiet_from: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    survey_quiet_until: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    survey_working_days: Mapped[bool] = mapped_column(default=False, server_default=false())
    survey_reminder_days: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    survey_phone_delay_s: Mapped[int] = mapped_column(default=300, server_default=text("300"))
    survey_phone_first: Mapped[bool] = mapped_column(default=False, server_default=false())
    survey_tablet_s: Mapped[int] = mapped_column(default=60, server_default=text("60"))
    survey_reopened_days: Mapped[int] = mapped_column(default=7, server_default=text("7"))
    # When somebody follows up, and until when (working days); meanings and bounds stand in `desk.domain.following_up`.
    follow_up_percent: Mapped[int] = mapped_column(default=34, server_default=text("34"))
    follow_up_lowest: Mapped[bool] = mapped_column(default=True, server_default=true())
    follow_up_days: Mapped[int] = mapped_column(default=3, server_default=text("3"))
    complaint_ack_days: Mapped[int] = mapped_column(default=3, server_default=text("3"))
    complaint_answer_days: Mapped[int] = mapped_column(default=14, server_default=text("14"))
    complaint_answer_words: Mapped[bool] = mapped_column(default=False, server_default=false())
    late_mail: Mapped[bool] = mapped_column(default=True, server_default=true())
    late_raise_days: Mapped[int] = mapped_column(default=5, server_default=text("5"))
    # How long personal data are kept, in days; what they mean and their bounds stand in `desk.domain.retention`.
    keep_contacts_days: Mapped[int] = mapped_column(default=90, server_default=text("90"))
    keep_answers_days: Mapped[int] = mapped_column(default=1095, server_default=text("1095"))
    keep_notes_days: Mapped[int] = mapped_column(default=1825, server_default=text("1825"))
    keep_addresses_days: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    keep_voices_days: Mapped[int] = mapped_column(default=365, server_default=text("365"))
    # Whether only paired devices issue numbers at the kiosk, or show who is called.
    paired_kiosks_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    paired_displays_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whether a number is taken by phone with any code of the door or with one that changes, every so many seconds; and
    # how often a waiting visitor may let somebody pass.
    phone_check_in: Mapped[str] = mapped_column(String(10), default="open", server_default=text("'open'"))
    door_code_s: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    give_way_times: Mapped[int] = mapped_column(default=2, server_default=text("2"))
    # In which languages displays speak (id, en, both), and how long each stands where both do, in turn.
    display_languages: Mapped[str] = mapped_column(String(5), default="both", server_default=text("'both'"))
    display_turn_s: Mapped[int] = mapped_column(default=10, server_default=text("10"))
    # How calls are heard on displays; what it means and the bounds stand in `desk.domain.call_sounds`.
    voice_languages: Mapped[list[str]] = mapped_column(
        JSON, default=lambda: ["id"], server_default=text("""'["id"]'""")
    )
    voice_times: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    sound_volume: Mapped[int] = mapped_column(default=80, server_default=text("80"))
    sound_quiet_from: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    sound_quiet_until: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    # Its own colors (`desk.domain.branding`); None: those that come with the desk.
    main_color: Mapped[str | None] = mapped_column(String(7))
    accent_color: Mapped[str | None] = mapped_column(String(7))
    # Roles whose holders must show a second factor at the sign-in.
    second_factor_roles: Mapped[list[str]] = mapped_column(JSON, default=list, server_default=text("'[]'"))


class Calendar(Base):
    """A named set of service hours; every change raises its version."""

    __tablename__ = "calendars"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    retired: Mapped[bool] = mapped_column(default=False, server_default=false())


class Week(Base):
    """The open intervals of a calendar's week from a date on: `hours[weekday]` is a list of [start, end] minutes."""

    __tablename__ = "calendar_weeks"

    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"), primary_key=True)
    since: Mapped[date] = mapped_column(LocalDate, primary_key=True)
    hours: Mapped[list[list[list[int]]]] = mapped_column(JSON)


class Closure(Base):
    """A date on which a calendar is closed all day: a public holiday, collective leave, an event."""

    __tablename__ = "calendar_closures"

    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"), primary_key=True)
    day: Mapped[date] = mapped_column(LocalDate, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(12), default="own", server_default=text("'own'"))


class SpecialOpening(Base):
    """A date with hours of its own, whatever the week and the closures say: `hours` is a list of [start, end]."""

    __tablename__ = "calendar_openings"

    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"), primary_key=True)
    day: Mapped[date] = mapped_column(LocalDate, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    hours: Mapped[list[list[int]]] = mapped_column(JSON)


class ServiceCalendar(Base):
    """From a date on a service keeps another calendar than its first one (`services.calendar_id`)."""

    __tablename__ = "service_calendars"

    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"), primary_key=True)
    since: Mapped[date] = mapped_column(LocalDate, primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))


class Counter(Base):
    """A counter, or a desk in the back office."""

    __tablename__ = "counters"
    __table_args__ = (
        Index(
            "uq_counters_number_in_use",
            "office_id",
            "number",
            unique=True,
            sqlite_where=text("NOT retired"),
            postgresql_where=text("NOT retired"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    number: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="", server_default=text("''"))  # empty: as in Indonesian
    back_office: Mapped[bool] = mapped_column(default=False)
    retired: Mapped[bool] = mapped_column(default=False)
    # Where it is, as visitors are told beside its name.
    location_id: Mapped[str] = mapped_column(String(80), default="", server_default=text("''"))
    location_en: Mapped[str] = mapped_column(String(80), default="", server_default=text("''"))


class Service(Base):
    """What a visitor comes for, with its published standard in both languages and its promise."""

    __tablename__ = "services"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    series: Mapped[str] = mapped_column(String(3))
    icon: Mapped[str] = mapped_column(String(40), default="file-earmark-text")
    name_id: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    requirements_id: Mapped[str] = mapped_column(Text, default="")
    requirements_en: Mapped[str] = mapped_column(Text, default="")
    procedure_id: Mapped[str] = mapped_column(Text, default="")
    procedure_en: Mapped[str] = mapped_column(Text, default="")
    time_id: Mapped[str] = mapped_column(Text, default="")
    time_en: Mapped[str] = mapped_column(Text, default="")
    fee_id: Mapped[str] = mapped_column(Text, default="")
    fee_en: Mapped[str] = mapped_column(Text, default="")
    product_id: Mapped[str] = mapped_column(Text, default="")
    product_en: Mapped[str] = mapped_column(Text, default="")
    complaints_id: Mapped[str] = mapped_column(Text, default="")
    complaints_en: Mapped[str] = mapped_column(Text, default="")
    wait_promise_s: Mapped[int] = mapped_column(default=1800)
    # Working days from complete documents by quantity: [[objects up to, days], …]; empty: done at the counter.
    completion_steps: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    head_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)
    questionnaire: Mapped[str | None] = mapped_column(String(40))
    survey_percent: Mapped[int | None] = mapped_column()  # asked about; None: as the office
    daily_quota: Mapped[int | None] = mapped_column()  # numbers a business day; None: any
    no_show_calls: Mapped[int | None] = mapped_column()  # None, as the next one: as the office
    no_show_after_s: Mapped[int | None] = mapped_column()


class ServiceWording(Base):
    """What a text of a service said before and after a change; the event of that number has digests only."""

    __tablename__ = "service_wordings"

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"), index=True)
    text: Mapped[str] = mapped_column(String(20))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
