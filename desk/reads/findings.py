"""What the doctor has to say: findings, gathered without letting one broken thing drown the others."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

MOST_OF_A_KIND: Final = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold: which of the invariants 1 to 8 (0: the database itself), where, and what."""

    office_id: int
    invariant: int
    kind: str
    subject: str
    message: str


@dataclass(slots=True)
class Findings:
    """The findings on one office; of each kind the first fifty, and how many more there were."""

    office_id: int
    _found: list[Finding] = field(default_factory=list)
    _counts: Counter[tuple[int, str]] = field(default_factory=Counter)

    def add(self, invariant: int, kind: str, subject: str, message: str) -> None:
        """Note a finding."""
        self._counts[invariant, kind] += 1
        if self._counts[invariant, kind] <= MOST_OF_A_KIND:
            self._found.append(Finding(self.office_id, invariant, kind, subject, message))

    def all(self) -> list[Finding]:
        """Return what was found, in the order of finding."""
        more = [
            Finding(self.office_id, invariant, kind, "more", f"{count - MOST_OF_A_KIND} more findings of this kind")
            for (invariant, kind), count in self._counts.items()
            if count > MOST_OF_A_KIND
        ]
        return self._found + more
