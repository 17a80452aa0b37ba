"""Surveys for the tests: answers by element, and the published cases of skm_cases.json."""

import json
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from desk.domain.skm_elements import INSTRUMENTS, Regulation
from desk.domain.skm_index import Tallied, Tally

CASES = json.loads((Path(__file__).parent / "skm_cases.json").read_text(encoding="utf-8"))
PUBLISHED = {case["id"]: case for case in CASES["cases"]}
VECTORS = CASES["test_vectors"]
RULE_2017, RULE_2004 = INSTRUMENTS[Regulation.RULE_2017], INSTRUMENTS[Regulation.RULE_2004]


def instrument_of(case):
    return INSTRUMENTS[Regulation(case["category_scale"])]


def by_key(case, name):
    """Return sums or means by element key: the case numbers them in its own order."""
    return {key: case[name][f"u{number}"] for number, key in enumerate(case["element_order"], 1)}


def tallied_of(case):
    """Return a case that prints (or fixes) its sums."""
    tallies = {key: Tally(total, case["n"]) for key, total in by_key(case, "sums").items()}
    return Tallied(instrument_of(case), case["n"], tallies)


def means_of(case):
    return {key: Fraction(value) for key, value in by_key(case, "nrr").items()}


def everybody(instrument, score, count=1):
    """Return respondents who all give one score to everything."""
    return [dict.fromkeys(instrument.keys, score)] * count


INSTRUMENT = st.sampled_from(list(INSTRUMENTS.values()))


@st.composite
def complete(draw, most=12):
    """Draw an instrument, and respondents who answered everything."""
    instrument = draw(INSTRUMENT)
    row = st.tuples(*[st.integers(1, 4)] * len(instrument.keys))
    rows = draw(st.lists(row, min_size=1, max_size=most))
    return instrument, [dict(zip(instrument.keys, each, strict=True)) for each in rows]


@st.composite
def with_gaps(draw, most=12):
    """Draw an instrument, and respondents who left some elements out."""
    instrument, rows = draw(complete(most))
    return instrument, [{key: row[key] for key in draw(st.sets(st.sampled_from(instrument.keys)))} for row in rows]
