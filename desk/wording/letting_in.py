"""Letting many people in at once, in words: what became of each."""

from typing import Final

from desk.domain.letting_in import LetIn
from desk.wording import N_

BECAME: Final[dict[LetIn, str]] = {
    LetIn.MAILED: N_("link on its way"),
    LetIn.CODE_MADE: N_("code on the sheet"),
    LetIn.MAILED_BEFORE: N_("a link went a few minutes ago; no second one was sent"),
    LetIn.HAS_PASSWORD: N_("has a password by now"),
    LetIn.NO_ADDRESS: N_("no e-mail address that an administrator entered; nothing was done"),
    LetIn.NOT_YOURS: N_("deactivated, or let in by another office; nothing was done"),
}
