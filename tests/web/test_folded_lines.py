"""What a report says once instead of often: pairs of too few, and who worked in one shift only."""

from types import SimpleNamespace

from desk.reports.shifts import Shift
from desk.reports.tables import By, Line, Table, Unit
from desk.web.reports.fairness_sheets import _without_repeats
from desk.web.reports.words import Shown


def test_pairs_of_too_few_are_one_line():
    few = [Line((1, "officer", n), (), few=True) for n in range(3)]
    counted = [Line((1, "officer", 9), (7, 6)), *few]
    table = Table("pairs", By.PAIR, (("offered", Unit.COUNT), ("accepted", Unit.COUNT)), counted)
    lines = [("Sari → Joko", ["7", "6"]), *((f"Sari → {n}", ["under 5", ""]) for n in range(3))]
    shown = Shown("pairs", "pair", "Pairs", ("Pair", "Offered", "Accepted"), lines, counted, table)

    assert shown.told == [lines[0], ("3 pairs", ["under 5", ""])]
    assert len(shown.lines) == 4, "files have them all"


def test_the_whole_day_of_one_shift_is_left_out():
    def share(officer, shift, calls):
        return SimpleNamespace(officer_id=officer, shift=shift, calls=calls)

    sari = [share(1, None, 9), share(1, Shift.MORNING, 9)]
    dewi = [share(2, None, 12), share(2, Shift.MORNING, 5), share(2, Shift.AFTERNOON, 7)]

    assert _without_repeats([*sari, *dewi]) == [sari[1], *dewi]
