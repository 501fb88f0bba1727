"""The calendar of days of reliance: the sign of each day."""

from datetime import date, timedelta

import pytest

from core.calendar import Span
from core.reliance import ledger
from db.people_assessed import Days
from ui.ledger import signs

TODAY = date(2026, 3, 2)
LIMIT = 150


def days(relied: Span, *, left_out: Span | None = None, disrupted: Span | None = None) -> Days:
    counted = ledger([relied], 12, TODAY, without=[left_out] if left_out else [])
    return Days(
        counted, 0, LIMIT, None, None, None, None, lifted=False, disrupted=(disrupted,) if disrupted else ()
    )


def ago(many: int) -> date:
    return TODAY - timedelta(days=many)


UP_TO_NOW = Span(ago(9), TODAY + timedelta(days=9))
# The days relied on, those under a direction and those of a strike or an emergency, and today's sign.
SIGNS = {
    "relied on": (UP_TO_NOW, None, None, "●"),
    "over the limit": (Span(ago(LIMIT), UP_TO_NOW.end), None, None, "■"),
    "under a direction that lifts the limit": (UP_TO_NOW, UP_TO_NOW, None, "◇"),
    "of a strike, and nobody stands in": (Span(ago(9), TODAY), None, UP_TO_NOW, "△"),
    "of a strike without a direction, and somebody stands in: it counts": (UP_TO_NOW, None, UP_TO_NOW, "●"),
    "the same over the limit": (Span(ago(LIMIT), UP_TO_NOW.end), None, UP_TO_NOW, "■"),
    "none of these": (Span(ago(9), TODAY), None, None, "·"),
}


@pytest.mark.parametrize(("relied", "left_out", "disrupted", "expected"), SIGNS.values(), ids=SIGNS)
def test_the_sign_of_a_day_says_whether_it_counts(relied, left_out, disrupted, expected) -> None:
    shown = days(relied, left_out=left_out, disrupted=disrupted)
    assert dict(signs(TODAY.replace(day=1), shown, TODAY))[TODAY] == expected
