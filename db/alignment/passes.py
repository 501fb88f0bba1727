"""Holds the confirmed certificates against the standing listing: after each import or withdrawal, every night.

core.alignment says what stands of one certificate; here it is asked of all of them at once, and only what
differs from what is on file is written: so a second pass changes nothing. Withdrawing a listing takes back what
its passes wrote, then aligns with the listing that stands again.
"""

from collections.abc import Collection

from sqlalchemy import select

from core.listings import ImportState, ListingKind
from core.places import day_at
from db.alignment.profiles import chunks, profiles_on_file
from db.alignment.taking_back import take_back
from db.alignment.writing import Pass
from db.gate import Work
from db.register_schema import AlignmentRun, ListingImport
from db.schema import OperatorProfile, Person


def standing_listing(work: Work, kind: ListingKind = ListingKind.OPERATORS) -> ListingImport | None:
    """The listing of a kind that claims are held against now; None where none is on file."""
    return work.session.scalar(
        select(ListingImport).where(ListingImport.kind == kind, ListingImport.state == ImportState.STANDING)
    )


def after_listing(work: Work, listing: ListingImport, because: str) -> None:
    """What follows from a listing that begins to stand ("import"), or is withdrawn ("withdrawal")."""
    untold = take_back(work, listing) if because == "withdrawal" else frozenset[int]()
    align(work, because, untold=untold)


def align(
    work: Work, because: str, *, of: Collection[int] | None = None, untold: Collection[int] = ()
) -> AlignmentRun | None:
    """Aligns every profile, or those `of` these ids. The run where something changed, else None.

    `untold` are profiles whose holders never heard of what is taken back: they are not mailed now.
    """
    listing, today = standing_listing(work), day_at(work.at)
    read = list(profiles_on_file(work, listing, of))
    due = [one.profile_id for one in read if one.is_due(today)]
    if not due:
        return None
    _lock(work, due)
    changing = [one for one in profiles_on_file(work, listing, due) if one.is_due(today)]
    run = AlignmentRun(
        import_id=listing.id if listing else None,
        because=because,
        on=today,
        at=work.at,
        profiles=len(read),
        changed_at=work.at,
        changed_by=work.account_id,
    )
    work.session.add(run)
    work.session.flush()
    Pass(work, run, today, frozenset(untold)).apply(changing)
    work.record("alignment.run", "alignment_run", run.id, because=because, changed=len(changing))
    return run


def _lock(work: Work, profile_ids: Collection[int]) -> None:
    """Person before profile, as everywhere; whoever decides on one of them meanwhile waits."""
    for ids in chunks(profile_ids):
        people = select(OperatorProfile.person_id).where(OperatorProfile.id.in_(ids or ()))
        work.session.execute(
            select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update(key_share=True)
        )
        work.session.execute(
            select(OperatorProfile.id)
            .where(OperatorProfile.id.in_(ids or ()))
            .order_by(OperatorProfile.person_id)
            .with_for_update(key_share=True)
        )
