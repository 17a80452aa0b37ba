"""Words for what is set of a service: its texts, and the pictures it can have."""

from typing import Final

from desk.wording import N_

TOPICS: Final[dict[str, str]] = {
    "name": N_("Name"),
    "requirements": N_("What to bring"),
    "procedure": N_("How it goes"),
    "time": N_("Time"),
    "fee": N_("Fee"),
    "product": N_("What the visitor receives"),
    "complaints": N_("Complaints"),
}
HINTS: Final[dict[str, str]] = {
    "name": N_("As visitors call it; it stands on the tile, the ticket and the display."),
    "requirements": N_("One thing a line. It is shown as a list before a number is taken."),
    "procedure": N_("One step a line, in their order."),
    "time": N_("The first line stands on the tile."),
    "fee": N_("The first line stands on the tile. Say so where nothing is charged."),
    "product": N_("What one has in hand at the end."),
    "complaints": N_("Where and how one can complain."),
}
LANGUAGES: Final[dict[str, str]] = {"id": "Bahasa Indonesia", "en": "English"}
ICONS: Final[dict[str, str]] = {
    "file-earmark-text": N_("Document"),
    "file-earmark-check": N_("Approved document"),
    "files": N_("Copies"),
    "journal-text": N_("Register"),
    "book": N_("Book"),
    "clipboard-check": N_("Checklist"),
    "building": N_("Building"),
    "buildings": N_("Buildings"),
    "house": N_("House"),
    "hammer": N_("Auction hammer"),
    "calculator": N_("Calculator"),
    "cash-coin": N_("Coin"),
    "cash-stack": N_("Money"),
    "receipt": N_("Receipt"),
    "key": N_("Key"),
    "people": N_("People"),
    "person-badge": N_("Identity card"),
    "person-wheelchair": N_("Wheelchair"),
    "mortarboard": N_("Education"),
    "geo-alt": N_("Place on the map"),
    "telephone": N_("Telephone"),
    "chat-left-text": N_("Conversation"),
    "info-circle": N_("Information"),
    "question-circle": N_("Question"),
    "gear": N_("Technical matters"),
}
