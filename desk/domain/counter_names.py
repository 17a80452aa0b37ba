"""What a counter is called in a language: by a name of its own, or by its number."""

import re
from dataclasses import dataclass
from typing import Final

# Such names say no more than the number does; every other word makes a name of its own ("Teller 3").
_GENERIC: Final = re.compile(r"(?:(?:loket|counter)\s*)?0*([0-9]+)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class CounterName:
    """The number of a counter with its name as it was typed, in Indonesian and maybe in English."""

    number: int
    name: str
    name_en: str = ""

    def typed(self, language: str) -> str:
        """Return the name in a language as it was typed, else in the other one."""
        return (self.name_en or self.name) if language == "en" else (self.name or self.name_en)

    def own(self, language: str) -> str | None:
        """Return the name in a language if it says more than "counter 3" does."""
        name = self.typed(language)
        generic = _GENERIC.fullmatch(name)
        return None if generic is not None and int(generic[1]) == self.number else name
