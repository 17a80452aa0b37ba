"""A claimed message in the form in which it goes out, whatever it is about."""

from datetime import datetime
from typing import assert_never

from desk.delivery import message, phone_message
from desk.delivery.about_accounts import AccountNews
from desk.delivery.about_cases import LateNews, VoiceNews
from desk.delivery.about_plans import PlanNews
from desk.delivery.account_message import compose_about_account
from desk.delivery.addresses import SenderIdentity, UnusableAddress
from desk.delivery.case_message import compose_about_case, compose_voice_for_phone
from desk.delivery.claim import Claim
from desk.delivery.gateway import PhoneMessage
from desk.delivery.letter import Letter
from desk.delivery.message import Links
from desk.delivery.occasion import Occasion
from desk.delivery.plan_message import compose_about_plan


def compose(claim: Claim, links: Links, sender: SenderIdentity, *, at: datetime) -> Letter:
    """Return a message as mail; raise `UnusableAddress` when it has no address one can write to."""
    match claim.occasion:
        case Occasion():
            return message.compose(claim, links, sender, at=at)
        case VoiceNews() | LateNews() as news:
            return compose_about_case(claim, news, links, sender, at=at)
        case AccountNews() as news:
            return compose_about_account(claim, news, links, sender, at=at)
        case PlanNews() as news:
            return compose_about_plan(claim, news, links, sender, at=at)
        case _:
            assert_never(claim.occasion)


def compose_for_phone(claim: Claim, links: Links) -> PhoneMessage:
    """Return a message for the phone; raise `UnusableAddress` when it has no number one can write to."""
    match claim.occasion:
        case Occasion():
            return phone_message.compose_for_phone(claim, links)
        case VoiceNews() as news:
            return compose_voice_for_phone(claim, news, links)
        case LateNews() | AccountNews() | PlanNews():
            raise UnusableAddress("staff are told by mail")
        case _:
            assert_never(claim.occasion)
