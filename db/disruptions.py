"""Strikes and emergencies as they are recorded of a facility, and as the rules ask for them."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.emergencies import Emergency as Said
from core.emergencies import Temporary, Way
from core.findings import Decision
from core.strike_plans import Strike as Planned
from core.submissions import Kind, Submission
from core.told import Disrupted
from db.disruption_schema import DirectorSubmission, Emergency, EmergencyWork, Strike
from db.office_days import holidays_of
from db.people_facts import span

DisruptionFact = Emergency | EmergencyWork | Strike


@dataclass(frozen=True)
class Disruptions:
    """The rows of one facility, and the Director's decisions: on the 14 days of a strike plan, and how it is to be
    operated through a strike."""

    emergencies: tuple[Emergency, ...]
    worked: tuple[EmergencyWork, ...]
    strikes: tuple[Strike, ...]
    submissions: tuple[DirectorSubmission, ...]
    waivers: tuple[Decision, ...]
    directions: tuple[Decision, ...]

    @property
    def facts(self) -> tuple[DisruptionFact, ...]:
        """Everything dated among them."""
        return (*self.emergencies, *self.worked, *self.strikes)

    @property
    def said(self) -> tuple[Said, ...]:
        """What the owner says of emergencies."""
        return tuple(Said(span(one), one.declared, one.shortage, one.necessary) for one in self.emergencies)

    def disrupted(self) -> Disrupted:
        """The strikes, and what was handed in, as the rules ask for them."""
        years = {year for one in self.facts for year in _years(one)}
        return Disrupted(
            tuple(Planned(span(one)) for one in self.strikes),
            tuple(map(_submission, self.submissions)),
            self.waivers,
            holidays_of(years) if years else frozenset(),
        )


def temporaries(rows: Iterable[EmergencyWork]) -> tuple[Temporary, ...]:
    """Somebody's work in emergencies, as the rules ask for it."""
    return tuple(
        Temporary(span(one), Way(one.way), one.experience, one.trained, one.fits, one.only_there, one.clear)
        for one in rows
    )


def _submission(row: DirectorSubmission) -> Submission:
    contents = None if row.contents is None else frozenset(map(str, row.contents))
    return Submission(Kind(row.kind), row.of_day, row.sent_on, contents)


def _years(row: DisruptionFact) -> set[int]:
    """The years in which something may fall due by a fact: those of its days, and the next."""
    days = span(row)
    edges = [days.start.year, (days.end or days.start).year]
    return {year + shift for year in edges for shift in (0, 1)}
