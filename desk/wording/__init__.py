"""The sentences people read, as message ids to be translated where they are shown; no Flask here."""


def N_(message: str) -> str:  # noqa: N802 - the gettext convention for marking
    """Mark a message for the catalog without translating it now."""
    return message
