"""Mail to whoever planned a change of a setting that was refused when its day came.

It says which setting, for which day and why, and holds no name: sentences that would tell who is in the way stay on the
page behind the sign-in.
"""

from datetime import datetime
from typing import Any, Final

from babel.dates import format_date

from desk.delivery.about_plans import PlanNews
from desk.delivery.addresses import Mailbox, SenderIdentity
from desk.delivery.claim import Claim
from desk.delivery.letter import Letter, encoded, shown_mailbox, write_letter
from desk.delivery.message import Links
from desk.delivery.wording import gettext_of, known_language, render
from desk.domain.masking import one_line
from desk.domain.refusals import Reason
from desk.wording import N_
from desk.wording.refusals import SENTENCES
from desk.wording.settings import LABELS, LOST_ROLE

SUBJECT: Final = N_("A planned change was refused, %(office)s")
_LONGEST_OFFICE_IN_SUBJECT: Final = 80


def compose_about_plan(claim: Claim, news: PlanNews, links: Links, sender: SenderIdentity, *, at: datetime) -> Letter:
    """Return the mail of a claimed delivery; raise `UnusableAddress` when it has no address one can write to."""
    language = known_language(claim.language)
    values = _values_of(news, language, links)
    to, reference = Mailbox.parse(claim.address), links.reference(claim.idempotency_key)
    office = values["office"][:_LONGEST_OFFICE_IN_SUBJECT]
    headers = {
        "Subject": encoded("Subject", gettext_of(language)(SUBJECT) % {"office": office}),
        "From": shown_mailbox(sender.shown_as(values["office"]), str(sender.mailbox)),
        "Message-ID": f"<{reference}@{sender.mailbox.domain}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }
    bodies = [(kind, render(f"plan.{end}", language, values)) for kind, end in (("plain", "txt"), ("html", "html"))]
    return write_letter(str(to), headers, bodies, reference=reference, at=at)


def _values_of(news: PlanNews, language: str, links: Links) -> dict[str, Any]:
    """Return everything that the wording of the message may say."""
    _ = gettext_of(language)
    label = LABELS.get(news.setting)
    return {
        "language": language,
        "office": one_line(news.office),
        "setting": _(label) if label else news.setting,
        "day": format_date(news.due, "d MMMM y", locale=language),
        "why": _why(news.reason, language),
        "link": links.to_plans(news.office_id),
    }


def _why(reason: Reason, language: str) -> str:
    """Return the sentence of a reason; none where it would tell of somebody or something in particular."""
    text = LOST_ROLE if reason is Reason.FORBIDDEN else SENTENCES[reason].text
    return "" if "%(" in text else gettext_of(language)(text)
