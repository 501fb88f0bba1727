"""What tests of the office's queue share: what waits, beside the listing, and who works on it."""

from datetime import date

from sqlalchemy import select, update

from core.listing_rows import BadRow
from core.queue import Filters, Place, Subject
from core.roles import Role
from core.sentences import Sentence
from db.ministry_listings import views
from db.register_schema import ListingImport
from db.schema import AuditEntry, Submission
from db.services import assignments, operators, overrides, own_account, verification
from tests.db import standing_listings as listings
from tests.db.people import NOON, signed_in
from tests.db.profiles import add_certificate, approve
from tests.remembered import remembered

REVIEW = date(2027, 5, 20)


def rows(portal, query):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(query).all()


def only(officer, submission_id=1):
    return verification.item(officer, submission_id).claims[0]


def submission(one):
    return Place(Subject.SUBMISSION, one)


def ways(officer, place, filters=Filters()):  # noqa: B008 - frozen
    """The places before and after one."""
    around = assignments.around(officer, place, filters)
    return around.previous, around.next


def handled(officer, place):
    return assignments.around(officer, place).handling


def kept(portal):
    return [one.borne_out for one in rows(portal, select(Submission).order_by(Submission.id))]


@remembered
def two_certificates(portal):
    listings.stand(portal, listings.ROW, listings.ROW | {"number": "2"})
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker, "12345"), add_certificate(asker, "2")
    operators.submit(asker, operators.my_profile(asker).version)
    return asker


def changes_name(asker, family_name="Riverton"):
    own_account.change_details(
        asker, own_account.own_account(asker).version,
        given_name="Robin", family_name=family_name, telephone="705 555 0100", municipality="Timmins",
        language="en",
    )  # fmt: skip


def looked_at(portal):
    """What the last look recorded beside its subject."""
    (entry,) = rows(portal, select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
    return entry.action, entry.subject_id, entry.details


def left_out(portal, **row):
    """The standing listing has this row too, which could not be read."""
    bad = BadRow(9, (Sentence("Expiry {text} is ambiguous.", text="03/04/2028"),), **row)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(ListingImport).values(left_out=views.to_json([bad])))


@remembered
def overridden(portal, officer, colleague, not_found):
    """The id of an override that stands until its review, of a profile that is approved."""
    override_id = overrides.propose(officer, 1, 1, 1, "I have seen the card.", REVIEW)
    overrides.agree(colleague, override_id, 1)
    approve(officer, 1)
    return override_id


@remembered
def signed_in_on(portal, day, name):
    return signed_in(portal, Role.OFFICER, at=NOON + (day - NOON.date()), given_name=name, family_name="Later")
