"""How many numbers are taken under one grant of the code at the door, counted in the store of the rate limits."""

from typing import Final

from limits.storage import MemoryStorage, Storage

PREFIX: Final = "door"


class Grants:
    """Counts what is taken under each grant; where the store is broken, in the memory of this process."""

    def __init__(self, storage: Storage) -> None:
        self._stored, self._own = storage, MemoryStorage()

    def take(self, grant: str, key: str, *, most: int, seconds: int) -> bool:
        """Count one number under a grant and tell whether it may be issued; the same key is counted once."""
        try:
            return self._take(self._stored, grant, key, most, seconds)
        except self._stored.base_exceptions:
            return self._take(self._own, grant, key, most, seconds)

    def give_back(self, grant: str, key: str, *, seconds: int) -> None:
        """Undo `take` for a number that was not issued after all."""
        try:
            self._give_back(self._stored, grant, key, seconds)
        except self._stored.base_exceptions:
            self._give_back(self._own, grant, key, seconds)

    @staticmethod
    def _take(storage: Storage, grant: str, key: str, most: int, seconds: int) -> bool:
        if storage.incr(_of(grant, key), seconds) > 1:
            return True
        if storage.incr(_of(grant), seconds) <= most:
            return True
        Grants._give_back(storage, grant, key, seconds)
        return False

    @staticmethod
    def _give_back(storage: Storage, grant: str, key: str, seconds: int) -> None:
        storage.clear(_of(grant, key))
        storage.incr(_of(grant), seconds, amount=-1)


def _of(*parts: str) -> str:
    return "|".join((PREFIX, *parts))
