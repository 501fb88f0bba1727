"""The days that an inspection may ask about together."""

from datetime import date

from core.application import governing
from core.calendar import add_years
from core.legislation import NotOnFile
from core.problems import Problem, Refused, refuse
from core.sentences import Sentence, in_english

MOST_YEARS = 3  # of one inspection: the period of a ministry's inspection is shorter


def check(facility_type: str, first: date, last: date) -> None:
    """Raises Refused where the last day lies before the first, the period is longer than three years, or no law on
    the type of facility is on file for one of its days."""
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
    day: date | None = first
    while day is not None and day <= last:
        try:
            day = governing(facility_type, day).ends
        except NotOnFile as missing:
            raise Refused(Problem("first", _days_that_would_do(first, missing))) from missing


def _days_that_would_do(first: date, missing: NotOnFile) -> Sentence:
    """That the law of a day of the period is not on file, and which first or last day would do."""
    ways = []
    if missing.before is not None and missing.before >= first:
        ways.append(f"a last day through {in_english(missing.before)}")
    if missing.after is not None:
        ways.append(f"a first day from {in_english(missing.after)} on")
    return Sentence(
        "{what} is not on file for {on}. Choose {ways}.",
        what=missing.what,
        on=missing.on,
        ways=", or ".join(ways) or "earlier days",
    )
