"""Holds the confirmed certificates against the standing listing: after each import or withdrawal, every night.

core.alignment says what stands of one certificate; here it is asked of all of them at once, and only what
differs from what is on file is written: so a second pass changes nothing. Withdrawing a listing takes back what
its passes wrote, then aligns with the listing that stands again.
"""

from collections.abc import Collection

from sqlalchemy import select

from core.listings import ImportState, ListingKind
from core.places import day_at
from db import kept_findings
from db.alignment.profiles import ProfileOnFile, lock, profiles_on_file
from db.alignment.taking_back import take_back
from db.alignment.writing import Pass
from db.gate import Work
from db.register_schema import AlignmentRun, ListingImport
from db.verification import borne_out


def standing_listing(work: Work, kind: ListingKind = ListingKind.OPERATORS) -> ListingImport | None:
    """The listing of a kind that claims are held against now; None where none is on file."""
    return work.session.scalar(
        select(ListingImport).where(ListingImport.kind == kind, ListingImport.state == ImportState.STANDING)
    )


def after_listing(work: Work, listing: ListingImport, because: str) -> None:
    """What follows from a listing that begins to stand ("import"), or is withdrawn ("withdrawal")."""
    affected = take_back(work, listing) if because == "withdrawal" else frozenset[int]()
    align(work, because, again=affected)
    kept_findings.retest_all(work)


def align(
    work: Work,
    because: str,
    *,
    of: Collection[int] | None = None,
    again: frozenset[int] = frozenset(),
    told: frozenset[int] = frozenset(),
) -> AlignmentRun | None:
    """Aligns every profile, or those `of` these ids. The run where something changed, else None.

    `again` are profiles of which a pass was taken back: where their holders were told of it, they are told anew.
    `told` are profiles of which another mail says that they are suspended or active again.
    """
    borne_out.hold_still(work)
    listing, today = standing_listing(work), day_at(work.at)

    def is_due(one: ProfileOnFile) -> bool:
        return one.is_due(today) or (one.profile_id in again and one.is_owed(today))

    changing = [one for one in profiles_on_file(work, listing, of) if is_due(one)]
    if not changing:
        return None
    if not work.portal.database.is_sqlite:  # which has one writer anyway: nobody decides on them meanwhile
        due = [one.profile_id for one in changing]
        lock(work, due)
        changing = [one for one in profiles_on_file(work, listing, due) if is_due(one)]
    run = AlignmentRun(
        import_id=listing.id if listing else None,
        because=because,
        at=work.at,
        changed_at=work.at,
        changed_by=work.account_id,
    )
    work.session.add(run)
    work.session.flush()
    Pass(work, run, today, again, told).apply(changing)
    borne_out.recompare_profiles(work, [one.profile_id for one in changing])
    work.record("alignment.run", "alignment_run", run.id, because=because, changed=len(changing))
    return run
