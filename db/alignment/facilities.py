"""Holds the confirmed facilities against the standing list of facilities: after each import or withdrawal, every
night.

Where the list says otherwise than what is on file, an officer is asked: nothing of a facility is overwritten. Only
what differs from the differences on file is written, so a second pass changes nothing. Withdrawing a list takes
back what officers have decided by it (db.alignment.facilities_taken_back), then asks what the list says that
stands again."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import insert, select, update

from db.alignment.facilities_taken_back import take_back
from db.alignment.profiles import chunks
from db.gate import Work
from db.register_schema import Discrepancy, ListingAnswer, ListingImport
from db.schema import Organization
from db.verification import borne_out, facility_overrides
from db.verification.confirmed_facilities import OnFile, on_file


def after_list(work: Work, listing: ListingImport, because: str) -> None:
    """What follows from a list that begins to stand ("import"), or is withdrawn ("withdrawal")."""
    if because == "withdrawal":
        facility_overrides.take_back(work, listing)
        take_back(work, listing)
    hold_against_the_list(work)


def hold_against_the_list(work: Work, of: Collection[int] | None = None) -> None:
    """Holds all confirmed facilities, or those `of` these claims, against the list that stands."""
    work.session.flush()
    borne_out.hold_still(work)
    works, found = on_file(work, of)
    due = [one for one in found if one.is_due]
    if due and not work.portal.database.is_sqlite:  # which has one writer anyway: nobody decides on them meanwhile
        _lock(work, {one.organization_id for one in due})
        due = [one for one in on_file(work, of)[1] if one.is_due]
    if due:
        _write(work, works.import_id, due)


def _lock(work: Work, organization_ids: Collection[int]) -> None:
    for ids in chunks(organization_ids):
        these = select(Organization.id).where(Organization.id.in_(ids or ())).order_by(Organization.id)
        work.session.execute(these.with_for_update(key_share=True))


def _write(work: Work, import_id: int | None, due: list[OnFile]) -> None:
    """What an officer is asked of now is open, what the list says otherwise by now is so, the rest is gone;
    answers to what the list says no more have ended."""
    changed = {"import_id": import_id, "changed_at": work.at, "changed_by": work.account_id}
    opened = [
        changed | _as_listed(one) | {"facility_claim_id": one.claim_id, "found_at": work.at, "state": "open"}
        for one in due
        if one.asked and one.discrepancy_id is None
    ]
    waiting = [(one, changed | {"id": one.discrepancy_id, "version": one.version + 1}) for one in due
               if one.discrepancy_id is not None]  # fmt: skip
    others = [values | _as_listed(one) for one, values in waiting if one.asked and one.says_otherwise]
    gone = [values | {"state": "gone"} for one, values in waiting if not one.asked]
    outdated = [{"id": one.outdated, "ended_by": import_id} for one in due if one.outdated is not None]
    if opened:
        work.session.execute(insert(Discrepancy), opened)
    for values in (others, gone):
        if values:
            work.session.execute(update(Discrepancy), values)
    if outdated:
        work.session.execute(update(ListingAnswer), outdated)
    about: dict[str, Any] = {"opened": len(opened), "changed": len(others), "gone": len(gone)}
    work.record("facilities.compared", "listing_import", import_id, **about)


def _as_listed(one: OnFile) -> dict[str, Any]:
    return {"listed": one.said, "outcome": one.comparison.outcome.value}
