"""The form of the survey settings: what is stored in seconds and minutes of the day is typed in hours and minutes."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import time
from typing import Any, Final

from wtforms import BooleanField, HiddenField, TimeField, ValidationError
from wtforms.validators import InputRequired, NumberRange, Optional

from desk.domain.asking_rules import BOUNDS, AskingSettings
from desk.domain.facts import JSON
from desk.operations.settings.survey_settings import SHARE, written
from desk.reads.survey_settings import ServiceShare
from desk.web.administration.planning import since_field
from desk.web.forms.counter import StepForm
from desk.web.forms.fields import CountField, lazy
from desk.web.meanwhile import marks_of
from desk.wording import N_

NOT_A_TIME: Final = lazy(N_("Give a time such as 21:00, or leave it empty."))
# By field, the setting behind it and how many of its units make one of the form's.
UNITS: Final = {
    "percent": ("survey_percent", 1),
    "rest_days": ("survey_rest_days", 1),
    "monthly": ("survey_monthly", 1),
    "delay": ("survey_delay_s", 60),
    "phone_delay": ("survey_phone_delay_s", 60),
    "valid_days": ("survey_valid_days", 1),
    "tablet_seconds": ("survey_tablet_s", 1),
    "reminder_days": ("survey_reminder_days", 1),
    "reopened_days": ("survey_reopened_days", 1),
}
WRONG: Final = {
    "percent": N_("Give a whole number from 0 to 100."),
    "rest_days": N_("Give a whole number of days from 0 to 366."),
    "monthly": N_("Give a whole number from 0 to 31."),
    "delay": N_("Give a whole number of minutes from 0 to 10,080, which is a week."),
    "phone_delay": N_("Give a whole number of minutes from 0 to 10,080, which is a week."),
    "valid_days": N_("Give a whole number of days from 1 to 90."),
    "tablet_seconds": N_("Give a whole number of seconds from 15 to 600."),
    "reminder_days": N_("Give a whole number of days from 0 to 30."),
    "reopened_days": N_("Give a whole number of working days from 1 to 60."),
}
FLAGS: Final = {
    "on": "survey_on",
    "link_on": "survey_link_on",
    "unserved": "survey_unserved",
    "working_days": "survey_working_days",
    "phone_first": "survey_phone_first",
}


class ClockField(TimeField):  # type: ignore[misc]
    """A time of day; what is none is answered in our words."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed, empty for none; raise `ValueError` in words that say what to do."""
        self.data = None
        if not any(str(each).strip() for each in valuelist):
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(NOT_A_TIME) from error


class ShareField(CountField):
    """A whole number, or nothing."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed; empty is nothing."""
        self.data = None
        if any(str(each).strip() for each in valuelist):
            super().process_formdata(valuelist)


def _number(name: str, label: str, hint: str = "") -> CountField:
    setting, unit = UNITS[name]
    least, most = (end // unit for end in BOUNDS[setting])
    wrong = lazy(WRONG[name])
    return CountField(
        lazy(label),
        [InputRequired(wrong), NumberRange(least, most, wrong)],
        invalid_value_message=wrong,
        description=lazy(hint) if hint else "",
        render_kw={"min": least, "max": most, "inputmode": "numeric"},
    )


class SettingsForm(StepForm):
    """How the office asks; `settings_form` adds a field for each service."""

    on = BooleanField(lazy(N_("Ask visitors after their transaction has ended")))
    link_on = BooleanField(
        lazy(N_("Ask by the link on the visitor's page and on the receipt, too")),
        description=lazy(N_("Without it, only those are asked who left an address or a phone number and agreed.")),
    )
    unserved = BooleanField(
        lazy(N_("Also ask visitors who left or were closed unserved")),
        description=lazy(N_("They have no service to judge, but may say why they went.")),
    )
    percent = _number(
        "percent",
        N_("Ask about so many per cent of the transactions"),
        N_("Drawn by the system and once for each: reopening draws nobody again."),
    )
    rest_days = _number(
        "rest_days",
        N_("Ask the same person again after (days)"),
        N_("Known again by the e-mail address or the phone number. 0: after every visit."),
    )
    monthly = _number("monthly", N_("Ask the same person at most so often in a month"), N_("0: as often as they come."))
    delay = _number("delay", N_("E-mail: so long after the end (minutes)"), N_("The page has the link at once."))
    phone_delay = _number("phone_delay", N_("Message to the phone: so long after the end (minutes)"))
    phone_first = BooleanField(
        lazy(N_("Write to the phone rather than by e-mail where a visitor left both")),
        description=lazy(N_("One message a visit. Where messages come back from the one, the other is used.")),
    )
    valid_days = _number("valid_days", N_("The link works for (days)"), N_("Counted from when the message goes out."))
    tablet_seconds = _number(
        "tablet_seconds",
        N_("Tablet at a counter: ask for so long after the end (seconds)"),
        N_("It ends sooner when the next visitor is called. Whoever has begun by then may finish."),
    )
    quiet_from = ClockField(
        lazy(N_("No messages from")),
        description=lazy(N_("May go over midnight, as from 21:00 until 07:00.")),
    )
    quiet_until = ClockField(lazy(N_("No messages until")))
    working_days = BooleanField(
        lazy(N_("Messages only on days on which the service is open")),
        description=lazy(N_("By the calendar of the service.")),
    )
    reminder_days = _number(
        "reminder_days",
        N_("Remind those who are silent, once, after (days)"),
        N_("0: nobody. Never somebody who answered or wants no questions, and not after the link has expired."),
    )

    reopened_days = _number(
        "reopened_days",
        N_("Ask all the same when a reopened transaction is still in work after (working days)"),
        N_(
            "Reopening takes an invitation back that nobody has received yet. Without this limit, leaving it in work"
            " would keep the visitor from being asked for ever."
        ),
    )

    shown = HiddenField()
    since = since_field()

    def validate_quiet_until(self, field: ClockField) -> None:
        """Demand both ends of the quiet hours, or none."""
        if (field.data is None) != (self.quiet_from.data is None):
            raise ValidationError(lazy(N_("Give both ends of the quiet hours, or leave both empty.")))
        if field.data is not None and field.data == self.quiet_from.data:
            raise ValidationError(
                lazy(N_("The quiet hours begin and end at the same time. Leave both empty for none."))
            )

    def validate_reminder_days(self, field: CountField) -> None:
        """Refuse a reminder that would come with a dead link."""
        if field.data and self.valid_days.data and field.data >= self.valid_days.data:
            raise ValidationError(
                lazy(N_("The link has expired by then. Choose fewer days, or let the link work longer."))
            )

    @property
    def wanted(self) -> AskingSettings:
        """What was chosen, as it is stored."""
        values: dict[str, Any] = {setting: bool(self[name].data) for name, setting in FLAGS.items()}
        values |= {setting: self[name].data * unit for name, (setting, unit) in UNITS.items()}
        values["survey_quiet_from"] = _minutes(self.quiet_from.data)
        values["survey_quiet_until"] = _minutes(self.quiet_until.data)
        return AskingSettings(**values)

    @property
    def shares(self) -> dict[int, int | None]:
        """Per cent by service; None: as the office."""
        services = (each for each in self if each.short_name[1:].isdigit())
        return {int(each.short_name[1:]): each.data for each in services}

    @property
    def values(self) -> dict[str, JSON]:
        """What was chosen, by the names under which it is stored."""
        return {**asdict(self.wanted), **written(self.shares)}

    @property
    def names_of_values(self) -> dict[str, str]:
        """In which field each value is shown."""
        fields = {setting: name for name, (setting, _) in UNITS.items()}
        fields |= {setting: name for name, setting in FLAGS.items()}
        fields |= {"survey_quiet_from": "quiet_from", "survey_quiet_until": "quiet_until"}
        return fields | {f"{SHARE}{each.short_name[1:]}": each.short_name for each in self.service_fields}

    @property
    def service_fields(self) -> list[Any]:
        """The fields of the services."""
        return [each for each in self if each.short_name[1:].isdigit()]


def settings_form(
    settings: AskingSettings, services: Sequence[ServiceShare], *, language: str, blank: bool
) -> SettingsForm:
    """Return the form over the office's services."""
    fields = {f"s{each.id}": _share_field(each, language) for each in services}
    kind: Any = type("SettingsForm", (SettingsForm,), fields)
    stored: dict[str, Any] = {name: getattr(settings, setting) for name, setting in FLAGS.items()}
    stored |= {name: getattr(settings, setting) // unit for name, (setting, unit) in UNITS.items()}
    if settings.survey_quiet_from != settings.survey_quiet_until:
        stored["quiet_from"] = time(*divmod(settings.survey_quiet_from, 60))
        stored["quiet_until"] = time(*divmod(settings.survey_quiet_until, 60))
    stored |= {f"s{each.id}": each.percent for each in services}
    current = shown_values(settings, services)
    form: SettingsForm = kind("settings", blank=blank, shown=marks_of(current), **stored)
    return form


def shown_values(settings: AskingSettings, services: Sequence[ServiceShare]) -> dict[str, Any]:
    """Return what is set as the form shows it: delays in whole minutes, quiet hours that are none as midnight."""
    found = asdict(settings)
    found |= {setting: found[setting] // unit * unit for setting, unit in UNITS.values()}
    if settings.survey_quiet_from == settings.survey_quiet_until:
        found |= {"survey_quiet_from": 0, "survey_quiet_until": 0}
    return {**found, **written({each.id: each.percent for each in services})}


def _share_field(service: ServiceShare, language: str) -> CountField:
    wrong = lazy(WRONG["percent"])
    return ShareField(
        f"{service.series} · {service.name.in_language(language)}",
        [Optional(), NumberRange(*BOUNDS["survey_percent"], wrong)],
        invalid_value_message=wrong,
        render_kw={"min": 0, "max": 100, "inputmode": "numeric"},
    )


def _minutes(at: time | None) -> int:
    return 0 if at is None else at.hour * 60 + at.minute
