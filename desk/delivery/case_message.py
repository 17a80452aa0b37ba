"""Messages about cases: to whoever complained, by mail or phone, and to staff by mail.

They hold no name and nothing of what the visitor wrote. A visitor gets the address behind the tracking code, made when
it is sent; staff get that of a page behind their sign-in, where the installation has been told its own address.
"""

from datetime import datetime
from typing import Any, Final, assert_never

from babel.dates import format_date

from desk.delivery.about_cases import LateNews, VoiceNews
from desk.delivery.addresses import Mailbox, SenderIdentity
from desk.delivery.claim import Claim
from desk.delivery.gateway import PhoneMessage
from desk.delivery.letter import Letter, encoded, shown_mailbox, write_letter
from desk.delivery.message import Links
from desk.delivery.phone_message import LONGEST_OFFICE, require_number
from desk.delivery.wording import gettext_of, known_language, render
from desk.domain.following_up import address_apart, code_apart
from desk.domain.masking import one_line
from desk.reads.follow_ups import reference_of
from desk.wording import N_

RECEIVED: Final = N_("%(office)s has received what you wrote")
ANSWERED: Final = N_("%(office)s has answered what you wrote")
LATE_COMPLAINT: Final = N_("Late: complaint %(reference)s, %(office)s")
LATE_FOLLOW_UP: Final = N_("Late: follow-up %(reference)s, %(office)s")
STILL_LATE_COMPLAINT: Final = N_("Still late: complaint %(reference)s, %(office)s")
STILL_LATE_FOLLOW_UP: Final = N_("Still late: follow-up %(reference)s, %(office)s")
_LONGEST_OFFICE_IN_SUBJECT: Final = 80


def compose_about_case(
    claim: Claim, news: VoiceNews | LateNews, links: Links, sender: SenderIdentity, *, at: datetime
) -> Letter:
    """Return the mail of a claimed delivery; raise `UnusableAddress` when it has no address one can write to."""
    language, own = known_language(claim.language), claim.own
    values = _values_of(news, language, links)
    to, reference = Mailbox.parse(claim.address), links.reference(claim.idempotency_key)
    headers = {
        "Subject": encoded("Subject", own.subject(values) if own else _subject(news, values, language)),
        "From": shown_mailbox(sender.shown_as(values["office"]), str(sender.mailbox)),
        "Message-ID": f"<{reference}@{sender.mailbox.domain}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }
    bodies = own.bodies(values, language) if own else _bodies(news, values, language)
    return write_letter(str(to), headers, bodies, reference=reference, at=at)


def compose_voice_for_phone(claim: Claim, news: VoiceNews, links: Links) -> PhoneMessage:
    """Return the message to a phone; raise `UnusableAddress` when it has no number one can write to."""
    require_number(claim.address)
    language = known_language(claim.language)
    values = _values_of(news, language, links)
    values["office"] = values["office"][:LONGEST_OFFICE]
    own = claim.own
    text = own.for_phone(values, language) if own else one_line(render("phone_voice.txt", language, values))
    return PhoneMessage(claim.address, text, links.reference(claim.idempotency_key))


def _bodies(news: VoiceNews | LateNews, values: dict[str, Any], language: str) -> list[tuple[str, str]]:
    name = "voice" if isinstance(news, VoiceNews) else "late"
    return [(kind, render(f"{name}.{end}", language, values)) for kind, end in (("plain", "txt"), ("html", "html"))]


def _subject(news: VoiceNews | LateNews, values: dict[str, Any], language: str) -> str:
    match news:
        case VoiceNews():
            words = ANSWERED if news.is_answer else RECEIVED
        case LateNews(is_voice=True):
            words = STILL_LATE_COMPLAINT if news.is_raised else LATE_COMPLAINT
        case LateNews():
            words = STILL_LATE_FOLLOW_UP if news.is_raised else LATE_FOLLOW_UP
        case _:
            assert_never(news)
    named = {"office": values["office"][:_LONGEST_OFFICE_IN_SUBJECT], "reference": values.get("reference", "")}
    return gettext_of(language)(words) % named


def _values_of(news: VoiceNews | LateNews, language: str, links: Links) -> dict[str, Any]:
    """Return everything that the wording of a message may say."""
    values: dict[str, Any] = {"language": language, "office": one_line(news.office)}
    if isinstance(news, LateNews):
        apart = news.is_kept_apart
        address = address_apart(links.key, news.case_id) if apart else news.case_id
        return {
            **values,
            "is_voice": news.is_voice,
            "is_raised": news.is_raised,
            "reference": code_apart(links.key, news.case_id) if apart else reference_of(news.case_id),
            "due_on": format_date(news.due_on, "d MMMM y", locale=language),
            "link": links.to_case(news.office_id, address, is_voice=news.is_voice),
        }
    dates = {"received_on": news.received_on, "acknowledge_on": news.acknowledge_on, "answer_on": news.answer_on}
    return {
        **values,
        **{name: format_date(day, "d MMMM y", locale=language) if day else None for name, day in dates.items()},
        "is_answer": news.is_answer,
        "words": news.words,
        "link": links.to_voice(news.voice_id),
    }
