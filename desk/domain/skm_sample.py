"""How many respondents a survey needs, and how many it has."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from desk.domain.refusals import Reason, Refused
from desk.domain.skm_elements import half_up

CHI_SQUARE: Final = Fraction("3.841")  # one degree of freedom, 95 %
SHARE: Final = Fraction(1, 2)
ERROR: Final = Fraction("0.05")


@dataclass(frozen=True, slots=True)
class Sample:
    """People served in the period, respondents needed of them, and respondents received."""

    population: int
    needed: int
    received: int

    @property
    def suffices(self) -> bool:
        """Whether as many answered as are needed."""
        return self.received >= self.needed


def needed(population: int) -> int:
    """Return how many of so many people must answer, rounded half up as the published tables are.

    `S = X²NP(1−P) / (d²(N−1) + X²P(1−P))`, X² = 3.841, P = 0.5, d = 0.05: Krejcie, R. V. & Morgan, D. W. (1970),
    Educational and Psychological Measurement 30, 607-610. Raises `Refused(INVALID)` for fewer than no people.
    """
    if population < 0:
        raise Refused(Reason.INVALID, field="population")
    spread = CHI_SQUARE * SHARE * (1 - SHARE)
    return int(half_up(spread * population / (ERROR**2 * (population - 1) + spread), 0))


def sample(population: int, received: int) -> Sample:
    """Return what is needed of a population beside what was received; raises as `needed`."""
    return Sample(population, needed(population), received)
