"""Which facilities' people whoever asks may see, and what of them."""

from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, select, true

from core.membership import Right
from core.responsibility import Found
from core.roles import Role
from db import people_views
from db.disruption_views import DisruptionsShown
from db.facility_people import FacilityPeople
from db.facility_standings import SEES_ALL
from db.gate import Work
from db.own_facilities import facilities_where
from db.people_views import PeopleOfFacility
from db.schema import Facility, FacilityRelation


def theirs(work: Work) -> ColumnElement[bool]:
    """The facilities that whoever asks may see."""
    if not work.roles.isdisjoint(SEES_ALL):
        return true()
    return Facility.id.in_(select(FacilityRelation.facility_id).where(facilities_where(work, Right.READ)))


def shown_of(work: Work, found: FacilityPeople, day: date, findings: tuple[Found, ...]) -> PeopleOfFacility:
    """The people of a facility that the asker may see, on a day, with what is found of them: why somebody is
    absent, or stands in for whom, is for whoever records or decides."""
    shown = people_views.view(work, found, day, findings, theirs(work))
    return shown if _sees_reasons(work, found.facility) else _without_reasons(shown)


def _sees_reasons(work: Work, facility: Facility) -> bool:
    """Why somebody is absent is for whoever records it, and for whoever decides on what follows from it."""
    if not work.roles.isdisjoint((Role.OFFICER, Role.DIRECTOR)):
        return True
    records = (FacilityRelation.facility_id == facility.id) & facilities_where(work, Right.RECORD)
    return work.session.scalar(select(FacilityRelation.id).where(records).limit(1)) is not None


def _without_reasons(shown: PeopleOfFacility) -> PeopleOfFacility:
    """Without whatever may say why somebody is absent: the reasons of absences, of designations, of what was taken
    back or changed, and the notices to the Director, which repeat them."""
    due = shown.notice_due
    return replace(
        shown,
        absences=tuple(replace(one, reason="") for one in shown.absences),
        designations=tuple(replace(one, reason="") for one in shown.designations),
        withdrawn=tuple(replace(one, reason="") for one in shown.withdrawn),
        changes=tuple(replace(one, reason="") for one in shown.changes),
        notices=tuple(replace(one, words="") for one in shown.notices),
        notice_due=replace(due, words="") if due else None,
        disruptions=_without_words(shown.disruptions),
    )


def _without_words(shown: DisruptionsShown) -> DisruptionsShown:
    """Without what is said of single people: how they meet a paragraph, and the words of notices and reports."""
    return replace(
        shown,
        worked=tuple(replace(one, what="Employed in an emergency", reason="") for one in shown.worked),
        submissions=tuple(replace(one, words="") for one in shown.submissions),
        drafts=(),
    )
