"""Boards for the gallery and for tests of the display: quiet, busy, more than fits, closed, an emergency."""

from collections.abc import Collection
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final

from desk.domain.counter_names import CounterName
from desk.reads.board import Board, BoardCall, BoardQueue, Place
from desk.reads.displays import Bilingual, Notice, Notices
from desk.web.lobby.display import Shown, words_in

NOWHERE: Final = Bilingual("", "")
LEFT: Final = Bilingual("Lantai 2, sebelah kiri", "2nd floor, left")
CASHIER: Final = Bilingual("Kasir dan penyerahan dokumen", "Cashier, and documents to collect")
DESK: Final = Bilingual("Meja Informasi", "Information desk")
SERVICES: Final = (
    Bilingual("Lelang", "Auctions"),
    Bilingual("Pengelolaan kekayaan negara dan penetapan status penggunaan", "State property and its use"),
    Bilingual("Penilaian", "Valuation"),
)
SHORT: Final = Notice(1, Bilingual("Tidak ada biaya di luar tarif resmi.", "There are no fees but the official ones."))
LONG: Final = Notice(
    2, Bilingual("Siapkan berkas asli dan salinannya. " * 4, "Have the originals and copies at hand. " * 4)
)
MESSAGES: Final = (SHORT, LONG)
LEAVE: Final = Bilingual(
    "Tinggalkan gedung sekarang. Ikuti petugas.", "Please leave the building now. Follow the staff."
)
URGENT: Final = Notice(9, LEAVE)
CLOSED: Final = {"id": "Kami buka Senin, 9 Maret pukul 08.00.", "en": "We open on Monday 9 March at 08:00."}
SILENT: Final = SimpleNamespace(volume=0, times=1, is_quiet=False, is_silent=True, languages=())


def call(
    number: int, counter: int, *, name: Bilingual | None = None, location: Bilingual = NOWHERE, times: int = 1
) -> BoardCall:
    """Return a call as the board has it."""
    called = CounterName(counter, name.id, name.en) if name else CounterName(counter, f"Loket {counter}")
    return BoardCall(f"{number}:{times}", f"A{number:03}", Place(called, location))


def queues(count: int, *, waiting: int = 1) -> tuple[BoardQueue, ...]:
    """Return so many services with those who wait."""
    return tuple(BoardQueue(each + 1, chr(65 + each), SERVICES[each % 3], waiting) for each in range(count))


EMPTY: Final = Board(5, (), (), (), queues(5, waiting=0), None, "both", 10)
FOUR: Final = replace(
    EMPTY,
    calls=tuple(call(each, each, location=LEFT if each % 2 else NOWHERE) for each in range(1, 5)),
    queues=queues(3, waiting=4),
)
MANY: Final = replace(
    EMPTY,
    calls=(call(12, 3, location=LEFT), call(11, 12), call(10, 5, name=CASHIER, location=LEFT)),
    serving=(call(32, 12, name=DESK), *(call(20 + each, each) for each in range(13, 25))),
    last=(call(9, 12, name=DESK), *(call(each, 4) for each in range(6, 9))),
    queues=queues(16),
)


def shown(asked: Collection[str], language: str) -> dict[str, Any]:
    """Return what the page of the display is given: `many`, `empty`, `closed` or `emergency`, else four calls."""
    board = MANY if "many" in asked else EMPTY if {"empty", "closed"} & set(asked) else FOUR
    languages = (language, "en" if language == "id" else "id")
    notices = Notices(MESSAGES if board is MANY else MESSAGES[:1], URGENT if "emergency" in asked else None)
    words = {each: words_in(each) for each in languages}
    found = Shown(board, notices, languages, 10, words, CLOSED if "closed" in asked else {}, "gallery")
    return {"shown": found, "board": board, "sounds": SILENT, "languages": languages, "words": words}
