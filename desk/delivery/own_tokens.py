"""The tokens in the links of a message: what must not come back in anybody's words about it."""

from typing import Any, Final

from sqlalchemy import Connection, select

from desk.delivery.occasion import INVITATIONS
from desk.domain.messages import MessageKind
from desk.domain.tokens import TokenKind, derive

BY_MESSAGE: Final = ("email", "phone")
OF_VISITORS: Final = frozenset({MessageKind.VOICE_RECEIVED.value, MessageKind.VOICE_ANSWERED.value})


def tokens_of_survey(key: bytes, invitation_id: int, generations: int) -> frozenset[str]:
    """Return every token that messages about an invitation have ever carried."""
    kinds = (TokenKind.SURVEY, TokenKind.NO_SURVEY)
    return frozenset(
        derive(key, kind, invitation_id, channel=channel, generation=generation)
        for kind in kinds
        for channel in BY_MESSAGE
        for generation in range(1, generations + 1)
    )


def tokens_of_voice(key: bytes, voice_id: int) -> frozenset[str]:
    """Return the token in messages about a complaint."""
    return frozenset((derive(key, TokenKind.VOICE, voice_id),))


def tokens_in(connection: Connection, message: Any, key: bytes) -> frozenset[str]:
    """Return the tokens in the links of a message (its row)."""
    if message.case_id is not None:
        return tokens_of_voice(key, message.case_id) if message.kind in OF_VISITORS else frozenset()
    mine = (INVITATIONS.c.office_id == message.office_id, INVITATIONS.c.id == message.invitation_id)
    generations = connection.execute(select(INVITATIONS.c.generation).where(*mine)).scalar()
    return tokens_of_survey(key, message.invitation_id, generations or 1)
