"""What a message is about, of whichever kind it is, looked up in the claiming transaction."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from desk.delivery.about_accounts import AccountNews, find_account_news, is_about_account
from desk.delivery.about_cases import LateNews, VoiceNews, find_news
from desk.delivery.about_plans import PlanNews, find_plan_news, is_about_plan
from desk.delivery.occasion import Occasion, find_occasions
from desk.domain.refusals import Refused

About = Occasion | VoiceNews | LateNews | AccountNews | PlanNews


def find_about(connection: Connection, deliveries: Sequence[Any], *, at: datetime) -> dict[int, About | Refused]:
    """Return by its id what each delivery says, or why it is not to be sent any more."""
    cases = [each for each in deliveries if each.case_id is not None]
    accounts = [each for each in deliveries if is_about_account(each)]
    plans = [each for each in deliveries if is_about_plan(each)]
    others = [each for each in deliveries if each.case_id is None and not is_about_account(each)]
    asked = [each for each in others if not is_about_plan(each)]
    found: dict[int, About | Refused] = {**find_occasions(connection, asked, at=at)}
    found |= find_account_news(connection, accounts, at=at)
    found |= find_plan_news(connection, plans)
    by_office = attrgetter("office_id")
    for office_id, group in groupby(sorted(cases, key=by_office), by_office):
        found |= find_news(connection, office_id, list(group), at=at)
    return found
