"""The days that an inspection may ask about together."""

from datetime import date

import pytest

from core import inspection_period
from core.application import governing
from core.legislation import NotOnFile
from core.problems import Refused
from core.sentences import in_english


def test_a_refusal_names_the_first_day_that_would_do():
    with pytest.raises(Refused) as refused:
        inspection_period.check("wastewater_treatment", date(1991, 1, 1), date(1991, 2, 1))
    assert str(refused.value).endswith("Choose a first day from 30 June 2003 on.")


def test_a_refusal_over_a_gap_names_the_last_day_and_the_first_day_that_would_do():
    first = date(2003, 7, 1)
    day = first
    while (end := governing("wastewater_treatment", day).ends) is not None:
        day = end
        try:
            governing("wastewater_treatment", day)
        except NotOnFile as missing:
            gap = missing
            break
    else:
        pytest.skip("no gap is on file")
    with pytest.raises(Refused) as refused:
        inspection_period.check("wastewater_treatment", gap.before, gap.on)
    assert f"a last day through {in_english(gap.before)}, or a first day from {in_english(gap.after)} on." in str(
        refused.value
    )
