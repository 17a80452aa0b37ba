"""A token opens what it was made for and nothing else: status, survey, API and session each in its own place."""

from urllib.parse import quote

import pytest
from sqlalchemy import update

from desk.domain.access import Role
from desk.domain.tokens import TokenKind, derive, hash_of
from desk.models import InvitationRow, VisitorToken
from desk.operations.accounts.granting import PREFIX, grant
from tests.fixtures.api import Api
from tests.fixtures.web import Web, everything
from tests.security.conftest import Things
from tests.security.test_sessions import secret_of

STATUS_PLACES = ("/v/{}", "/v/{}/now", "/v/{}/departure", "/v/{}/ticket", "/v/{}/open-matters")
SURVEY_PLACES = ("/s/{}", "/s/{}/thanks")
VOICE_PLACES = ("/voice/{}", "/voice/{}/receipt")


@pytest.fixture
def tokens(web: Web, own: Things) -> dict[str, str]:
    """One token of each kind, all of them good."""
    return {
        "status": own["token"],
        "survey": own["survey"],
        "survey by e-mail": derive(
            own.office.streams.keys.links, TokenKind.SURVEY, own["invitation_id"], channel="email"
        ),
        "no survey": own["no_survey"],
        "voice": own["voice"],
        "poster": own["poster"],
        "tablet": own["tablet"],
        "API": grant(own.office.streams, own.office.id, "Budi", Role.SUPERVISOR),
        "session": secret_of(web.as_("Budi")),
    }


def test_each_opens_its_own_place(web: Web, own: Things, api: Api, tokens: dict[str, str]) -> None:
    web.get(f"/v/{tokens['status']}")
    web.get(f"/s/{tokens['survey']}")
    web.get(f"/voice/{tokens['voice']}")
    Api(api.client, own.office, tokens["API"]).get("/offices")


def test_none_opens_the_place_of_another(web: Web, own: Things, api: Api, tokens: dict[str, str]) -> None:
    before = everything(own.office)
    places = {"status": _not_a_status, "survey": _not_a_survey, "no survey": _not_an_opt_out, "voice": _not_a_voice}
    for kind, token in tokens.items():
        for own_kind, closed in places.items():
            if not kind.startswith(own_kind):
                closed(web, own, token)
        for sent in (token, f"{PREFIX}{token}") if kind != "API" else ():
            Api(api.client, own.office, sent).get("/offices", status=401)
            Api(api.client, own.office, sent).post(f"/offices/{own.office.id}/visits", status=401)
    assert everything(own.office) == before


def _not_a_status(web: Web, own: Things, token: str) -> None:
    for place in STATUS_PLACES:
        web.get(place.format(quote(token)), status=404)
    for rest in ("departure", f"return/{own['transaction_id']}", f"open-matters/{own['transaction_id']}"):
        web.post(f"/v/{quote(token)}/{rest}", status=404)
    web.post(f"/offices/{own['office_id']}/kiosk/return", status=422, code=token)


def _not_a_survey(web: Web, own: Things, token: str) -> None:
    for place in SURVEY_PLACES:
        web.get(place.format(quote(token)), status=404)
    web.post(f"/s/{quote(token)}", status=404, **{f"q{own['invitation_id']}-score": "5"})


def _not_an_opt_out(web: Web, own: Things, token: str) -> None:
    web.get(f"/u/{quote(token)}", status=404)
    web.post(f"/u/{quote(token)}", status=404)
    web.post(f"/u/{quote(token)}/return", status=404)


def _not_a_voice(web: Web, own: Things, token: str) -> None:
    for place in VOICE_PLACES:
        web.get(place.format(quote(token)), status=404)
    web.post("/voice", status=422, code=token)


def test_none_opens_a_poster_or_a_tablet(web: Web, own: Things, tokens: dict[str, str]) -> None:
    before = everything(own.office)
    places = {"poster": ("/p/{}", "/p/{}/thanks"), "tablet": ("/tablet/{}", "/tablet/{}/now", "/tablet/{}/thanks")}
    for own_kind, of_kind in places.items():
        for token in (quote(each) for kind, each in tokens.items() if kind != own_kind):
            for place in of_kind:
                web.get(place.format(token), status=404)
            web.post(of_kind[0].format(token), status=404, **{"q0-score": "5", "go": "send"})
    assert everything(own.office) == before


def test_a_token_is_no_session(web: Web, own: Things, tokens: dict[str, str]) -> None:
    for kind in ("status", "survey", "API"):
        browser = web.another()
        with browser.client.session_transaction() as session:
            session["_user_id"] = tokens[kind]
        browser.get(f"/offices/{own.office.id}/counter", status=302)


def test_a_hash_from_the_database_opens_nothing(web: Web, own: Things, api: Api, tokens: dict[str, str]) -> None:
    for token in tokens.values():
        web.get(f"/v/{hash_of(token)}", status=404)
        web.get(f"/s/{hash_of(token)}", status=404)
        web.get(f"/voice/{hash_of(token)}", status=404)
        Api(api.client, own.office, PREFIX + hash_of(token)).get("/offices", status=401)


def test_a_status_token_of_one_office_opens_no_kiosk_of_another(web: Web, own: Things, foreign: Things) -> None:
    web.post(f"/offices/{foreign['office_id']}/kiosk/return", status=422, code=own["token"])
    web.post(f"/offices/{own['office_id']}/kiosk/return", code=own["token"])


def test_the_kind_in_the_database_decides_not_the_subject(web: Web, own: Things) -> None:
    """Even where a visit and an invitation had the same id."""
    with own.office.streams.setting_up() as connection:
        connection.execute(
            update(VisitorToken)
            .where(VisitorToken.token_hash == hash_of(own["survey"]))
            .values(subject_id=own["visit_id"])
        )
    web.get(f"/v/{own['survey']}", status=404)


def test_a_survey_link_of_an_earlier_generation_opens_nothing(web: Web, own: Things) -> None:
    web.get(f"/s/{own['survey']}")
    with own.office.streams.setting_up() as connection:
        connection.execute(update(InvitationRow).where(InvitationRow.id == own["invitation_id"]).values(generation=2))
    web.get(f"/s/{own['survey']}", status=410)


def test_tokens_have_the_bits_that_were_promised(own: Things, tokens: dict[str, str]) -> None:
    assert len(own["token"]) == len(own["survey"]) == 26  # 128 bits, 5 to a character
    assert len(set(tokens.values())) == len(tokens)
    assert own["token"] not in repr(everything(own.office))
    assert own["survey"] not in repr(everything(own.office))


def test_another_key_makes_other_tokens(own: Things) -> None:
    for kind in TokenKind:
        made = {derive(key, kind, own["visit_id"]) for key in (b"a" * 32, b"b" * 32, own.office.streams.keys.links)}
        assert len(made) == 3
