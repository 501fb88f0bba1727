"""The days that an inspection may ask about together."""

from datetime import date

from core.calendar import add_years
from core.problems import refuse
from core.sentences import in_english

MOST_YEARS = 3  # of one inspection: the period of a ministry's inspection is shorter


def check(first: date, last: date) -> None:
    """Raises Refused where the last day lies before the first, or the period is longer than three years."""
    if last < first:
        raise refuse(
            "The last day, {last}, lies before the first, {first}. Choose the days anew.",
            field="last",
            first=in_english(first),
            last=in_english(last),
        )
    if last >= add_years(first, MOST_YEARS):
        raise refuse(
            "From {first} through {last} are more than {most} years. Choose a shorter period.",
            field="last",
            first=in_english(first),
            last=in_english(last),
            most=str(MOST_YEARS),
        )
