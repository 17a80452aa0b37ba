"""Why this visitor was the next one, in one sentence; the codes are in `desk.domain.discipline`.

Used by pages only: the numbers of a reason (seconds) become words in the language of the request.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext, ngettext

from desk.domain.discipline import GAVE_WAY, WhyCode
from desk.wording import N_

WHYS: Final[dict[WhyCode, str]] = {
    WhyCode.LONGEST_WAIT: N_("Has waited longest of those you serve: %(waited)s."),
    WhyCode.PRIORITY: N_(
        "Has priority, which counts as %(head_start)s of waiting: before %(overtaken)s. Has waited %(waited)s."
    ),
    WhyCode.WAY_GIVEN: N_("Was let pass by who came earlier. Has waited %(waited)s."),
    WhyCode.ADDRESSED: N_("Waits for you in person: a handoff or a return to you. Has waited %(waited)s."),
    WhyCode.ONLY_ONE: N_("Is the only one waiting whom you can call now. Has waited %(waited)s."),
    WhyCode.PICKED: N_("Was called out of order, before %(before)s. Has waited %(waited)s."),
}
# The same for whoever reads of it afterwards: the officer is not "you".
TOLD: Final[dict[WhyCode, str]] = {
    **WHYS,
    WhyCode.LONGEST_WAIT: N_("Had waited longest of those the officer serves: %(waited)s."),
    WhyCode.ADDRESSED: N_("Waited for this officer in person, after a handoff or a return. Had waited %(waited)s."),
    WhyCode.ONLY_ONE: N_("Was the only one waiting whom the officer could call. Had waited %(waited)s."),
}
NOBODY: Final = N_("nobody")
UNKNOWN: Final = N_("The reason of this call was not recorded.")


def why_sentence(why: Mapping[str, Any] | None, *, told: bool = False) -> str:
    """Return the reason stored with a call as one sentence, to the officer who called or `told` to somebody else."""
    code = (why or {}).get("code")
    if why is None or code not in WHYS:
        return gettext(UNKNOWN)
    sentence = gettext(
        (TOLD if told else WHYS)[WhyCode(code)],
        waited=spell_duration(why.get("waited")),
        head_start=spell_duration(why.get("head_start")),
        overtaken=_who_came_earlier(why.get("overtaken")),
        before=_who_was_before(why.get("before")),
    )
    wished = [str(each["label"]) for each in why.get(GAVE_WAY) or ()]
    return f"{sentence} {_who_gave_way(wished)}" if wished else sentence


def _who_gave_way(labels: list[str]) -> str:
    return gettext("Needed more time and let others go first: %(labels)s.", labels=", ".join(labels))


def spell_duration(seconds: Any) -> str:
    """Return whole seconds in words as `duration()` in templates/macros/ui.html does, without markup."""
    whole = max(0, int(seconds or 0))
    if whole < 60:
        return gettext("%(seconds)d s", seconds=whole)
    if whole < 3600:
        return gettext("%(minutes)d min", minutes=whole // 60)
    if whole < 86400:
        return gettext("%(hours)d h %(minutes)d min", hours=whole // 3600, minutes=whole // 60 % 60)
    return gettext("%(days)d d %(hours)d h", days=whole // 86400, hours=whole // 3600 % 24)


def _who_came_earlier(count: Any) -> str:
    earlier = int(count or 0)
    return ngettext("%(num)d visitor who came earlier", "%(num)d visitors who came earlier", earlier)


def _who_was_before(count: Any) -> str:
    before = int(count or 0)
    if not before:
        return gettext(NOBODY)
    return ngettext("%(num)d visitor who was ahead", "%(num)d visitors who were ahead", before)
