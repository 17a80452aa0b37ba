"""Refused accesses in words: why somebody did not get what they asked for."""

from typing import Final

from desk.domain.refused_access import RefusedAs
from desk.wording import N_

REFUSED_AS: Final[dict[RefusedAs, str]] = {
    RefusedAs.NOT_SIGNED_IN: N_("token is not valid any more"),
    RefusedAs.NOT_ALLOWED: N_("not allowed"),
    RefusedAs.NOT_THEIRS: N_("of another office, or not there"),
    RefusedAs.FORGED: N_("form came from elsewhere, or was open too long"),
    RefusedAs.LIMIT: N_("too often in a short time"),
}
