"""The message that asks a visitor on the phone: one short text in the visitor's language, with the link to the form."""

from typing import Final

from desk.delivery.addresses import UnusableAddress
from desk.delivery.claim import Claim
from desk.delivery.gateway import PhoneMessage
from desk.delivery.message import Links, values_of
from desk.delivery.wording import known_language, render
from desk.domain.masking import one_line
from desk.domain.phones import is_phone

LONGEST_OFFICE: Final = 40


def compose_for_phone(claim: Claim, links: Links) -> PhoneMessage:
    """Return the message of a claimed delivery; raise `UnusableAddress` when it has no number one can write to."""
    require_number(claim.address)
    language = known_language(claim.language)
    values = values_of(claim, language, links)
    values["office"] = values["office"][:LONGEST_OFFICE]
    own = claim.own
    text = own.for_phone(values, language) if own else one_line(render("phone.txt", language, values))
    return PhoneMessage(claim.address, text, links.reference(claim.idempotency_key))


def require_number(address: str) -> None:
    """Raise `UnusableAddress` for what is no phone number."""
    if not is_phone(address):
        raise UnusableAddress("not a phone number")
