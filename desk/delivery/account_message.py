"""Mail to a member of staff about their own account: a link to choose a password, or that something was changed.

It holds the user name and the office's name; the link is made when it is sent, of the address the installation was told
and never of what a browser said.
"""

from datetime import datetime
from typing import Any, Final

from babel.dates import format_date, format_time

from desk.delivery.about_accounts import AccountNews, Became
from desk.delivery.addresses import Mailbox, SenderIdentity
from desk.delivery.claim import Claim
from desk.delivery.letter import Letter, encoded, shown_mailbox, write_letter
from desk.delivery.message import Links
from desk.delivery.wording import gettext_of, known_language, render
from desk.domain.masking import one_line
from desk.domain.messages import MessageKind
from desk.domain.signing_in import Secured
from desk.wording import N_

INVITED: Final = N_("Your account at %(office)s")
RESET: Final = N_("Choose a new password, %(office)s")
CHANGED: Final[dict[Secured, str]] = {
    Secured.PASSWORD: N_("Your password was changed, %(office)s"),
    Secured.ADDRESS: N_("Your e-mail address was changed, %(office)s"),
    Secured.SECOND_FACTOR: N_("Your second factor was changed, %(office)s"),
    Secured.ACCOUNT: N_("Your account of the identity provider was changed, %(office)s"),
}
BECAME: Final[dict[tuple[Secured, Became], str]] = {
    (Secured.SECOND_FACTOR, Became.ADDED): N_("A second factor was set up for you, %(office)s"),
    (Secured.SECOND_FACTOR, Became.REPLACED): N_("Your second factor was replaced by another one, %(office)s"),
    (Secured.SECOND_FACTOR, Became.REMOVED): N_("Your second factor was removed, %(office)s"),
    (Secured.SECOND_FACTOR, Became.RENEWED): N_("Your recovery codes were replaced by new ones, %(office)s"),
    (Secured.ACCOUNT, Became.ADDED): N_("An account of the identity provider lets you in now, %(office)s"),
    (Secured.ACCOUNT, Became.REPLACED): N_("Another account of the identity provider lets you in now, %(office)s"),
    (Secured.ACCOUNT, Became.REMOVED): N_("Your account of the identity provider was unlinked, %(office)s"),
}
_LONGEST_OFFICE_IN_SUBJECT: Final = 80


def compose_about_account(
    claim: Claim, news: AccountNews, links: Links, sender: SenderIdentity, *, at: datetime
) -> Letter:
    """Return the mail of a claimed delivery; raise `UnusableAddress` when it has no address one can write to."""
    language = known_language(claim.language)
    values = _values_of(news, language, links)
    to, reference = Mailbox.parse(claim.address), links.reference(claim.idempotency_key)
    headers = {
        "Subject": encoded("Subject", values["subject"]),
        "From": shown_mailbox(sender.shown_as(values["office"]), str(sender.mailbox)),
        "Message-ID": f"<{reference}@{sender.mailbox.domain}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }
    bodies = [(kind, render(f"account.{end}", language, values)) for kind, end in (("plain", "txt"), ("html", "html"))]
    return write_letter(str(to), headers, bodies, reference=reference, at=at)


def _values_of(news: AccountNews, language: str, links: Links) -> dict[str, Any]:
    """Return everything that the wording of a message may say."""
    office = one_line(news.office)
    words = INVITED if news.kind is MessageKind.INVITED else RESET
    if news.changed is not None:
        words = BECAME.get((news.changed, news.became), CHANGED[news.changed])
    moment = (news.expires_at or news.queued_at).astimezone(news.zone)
    return {
        "language": language,
        "office": office,
        "subject": gettext_of(language)(words) % {"office": office[:_LONGEST_OFFICE_IN_SUBJECT]},
        "username": news.username,
        "is_invited": news.kind is MessageKind.INVITED,
        "changed": news.changed.value if news.changed else "",
        "by": news.by.value,
        "link": links.to_invitation(news.delivery_id) if news.expires_at else None,
        "day": format_date(moment, "d MMMM y", locale=language),
        "time": format_time(moment, gettext_of(language)("HH:mm"), tzinfo=news.zone, locale=language),
    }
