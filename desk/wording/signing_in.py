"""Signing in, in words: what came of an attempt, and by what somebody proved who they are."""

from typing import Final

from desk.domain.signing_in import How, Outcome
from desk.wording import N_

OUTCOMES: Final[dict[Outcome, str]] = {
    Outcome.SUCCESS: N_("signed in"),
    Outcome.REFUSED: N_("refused"),
    Outcome.DELAYED: N_("put off after wrong attempts"),
    Outcome.ENDED: N_("session ended"),
    Outcome.CHANGED: N_("what lets them in was changed"),
}
HOWS: Final[dict[How, str]] = {
    How.PASSWORD: N_("password"),
    How.CODE: N_("one-time code or link"),
    How.TOTP: N_("code of the authenticator app"),
    How.RECOVERY: N_("recovery code"),
    How.OIDC: N_("identity provider"),
    How.SESSION: N_("session"),
    How.SERVER: N_("command line of the server"),
}
