"""What an office has set about asking afterwards: whom, how often, when; with the bounds of each and what they mean."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import time, timedelta
from typing import Final

from desk.domain.asking_times import Timing
from desk.domain.invitation import Channel
from desk.domain.refusals import Reason, Refused

Value = bool | int


@dataclass(frozen=True, slots=True)
class AskingSettings:
    """The settings by the names under which they are stored; times of day are minutes after midnight.

    Delays are seconds (`survey_delay_s` that of e-mail), throttles days and times a month, the share per cent; 0 of a
    throttle or a reminder is none. `survey_phone_first`: who left both is written to on the phone. `survey_tablet_s`:
    for so many seconds after the end a tablet at the counter asks. `survey_reopened_days`: working days in work after a
    reopening, after which is decided all the same; there is no "never".
    """

    survey_on: bool = True
    survey_link_on: bool = True
    survey_unserved: bool = False
    survey_percent: int = 100
    survey_rest_days: int = 0
    survey_monthly: int = 0
    survey_delay_s: int = 300
    survey_valid_days: int = 14
    survey_quiet_from: int = 0
    survey_quiet_until: int = 0
    survey_working_days: bool = False
    survey_reminder_days: int = 0
    survey_phone_delay_s: int = 300
    survey_phone_first: bool = False
    survey_tablet_s: int = 60
    survey_reopened_days: int = 7

    def timing(self, channel: Channel) -> Timing:
        """When a message by this channel goes out."""
        delay_s = self.survey_phone_delay_s if channel is Channel.PHONE else self.survey_delay_s
        return Timing(
            timedelta(seconds=delay_s),
            time(*divmod(self.survey_quiet_from, 60)),
            time(*divmod(self.survey_quiet_until, 60)),
            working_days=self.survey_working_days,
            reminder_days=self.survey_reminder_days,
        )

    @property
    def throttles(self) -> bool:
        """Whether a person's earlier askings matter."""
        return self.survey_rest_days > 0 or self.survey_monthly > 0


# What may be set, in the unit it is stored in.
BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "survey_percent": (0, 100),
    "survey_rest_days": (0, 366),
    "survey_monthly": (0, 31),
    "survey_delay_s": (0, 7 * 86_400),
    "survey_phone_delay_s": (0, 7 * 86_400),
    "survey_valid_days": (1, 90),
    "survey_tablet_s": (15, 600),
    "survey_quiet_from": (0, 1_439),
    "survey_quiet_until": (0, 1_439),
    "survey_reminder_days": (0, 30),
    "survey_reopened_days": (1, 60),
}
SETTINGS: Final = tuple(field.name for field in fields(AskingSettings))


def changed(before: AskingSettings, wanted: AskingSettings) -> dict[str, tuple[Value, Value]]:
    """Return what differs, by setting, from and to.

    Raises `Refused(INVALID)` (field) for a value out of bounds, and for a reminder that would come when the link has
    expired.
    """
    values: Mapping[str, Value] = asdict(wanted)
    for name, (least, most) in BOUNDS.items():
        if not least <= values[name] <= most:
            raise Refused(Reason.INVALID, field=name)
    if wanted.survey_reminder_days >= wanted.survey_valid_days:
        raise Refused(Reason.INVALID, field="survey_reminder_days")
    return {name: (was, values[name]) for name, was in asdict(before).items() if was != values[name]}


def require_share(percent: int | None) -> None:
    """Raise `Refused(INVALID)` for a service's share that is none; None is that of the office."""
    least, most = BOUNDS["survey_percent"]
    if percent is not None and not least <= percent <= most:
        raise Refused(Reason.INVALID, field="percent")
