"""When an office can be closed for good: the table of what keeps it open, and back."""

from dataclasses import fields, replace

import pytest

from desk.domain.refusals import Reason, Refused
from desk.domain.retiring import SETTING, UnderWay, bring_back, retire

EMPTY = UnderWay()
EACH = [field.name for field in fields(UnderWay)]


@pytest.mark.parametrize(
    ("under_way", "is_retired", "others", "reason"),
    [
        (EMPTY, False, 1, None),
        (EMPTY, False, 0, Reason.LAST_OFFICE),
        (EMPTY, True, 1, Reason.ALREADY_DONE),
        (EMPTY, True, 0, Reason.ALREADY_DONE),
        *((replace(EMPTY, **{name: 2}), False, 3, Reason.OFFICE_AT_WORK) for name in EACH),
        *((replace(EMPTY, **{name: 2}), False, 0, Reason.LAST_OFFICE) for name in EACH),
        *((replace(EMPTY, **{name: 2}), True, 3, Reason.ALREADY_DONE) for name in EACH),
    ],
)
def test_what_keeps_an_office_open(under_way, is_retired, others, reason):
    if reason is None:
        fact = retire(under_way, is_retired=is_retired, others=others)
        assert fact.payload == {"setting": SETTING, "from": False, "to": True}
        return
    with pytest.raises(Refused) as caught:
        retire(under_way, is_retired=is_retired, others=others)
    assert caught.value.reason is reason


@pytest.mark.parametrize("name", EACH)
def test_the_refusal_counts(name):
    with pytest.raises(Refused) as caught:
        retire(replace(EMPTY, **{name: 7}), is_retired=False, others=1)
    assert caught.value.details == {**dict.fromkeys(EACH, 0), name: 7}


def test_only_what_is_retired_is_brought_back():
    assert bring_back(is_retired=True).payload == {"setting": SETTING, "from": True, "to": False}
    with pytest.raises(Refused) as caught:
        bring_back(is_retired=False)
    assert caught.value.reason is Reason.ALREADY_DONE
