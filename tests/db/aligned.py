"""What tests of alignment share: one operator's confirmation, and what is on file of it."""

from datetime import date, timedelta

from sqlalchemy import select, update

from core.alignment import Status
from db.register_schema import AlignmentChange, ClaimOverride
from db.schema import Account, CertificateClaim, Credential, OperatorProfile, OutgoingMail
from tests.db.people import NOON, sign_in

TODAY = NOON.date()
LISTED_ON = TODAY + timedelta(days=1)
LATER = NOON + timedelta(days=2)  # after the listing
RENEWED = date(2031, 3, 12)


def rest_on(portal, basis, confirmed_on=TODAY, review_on=None):
    """The one confirmation rests on this."""
    with portal.database.transaction(writes=True) as session:
        session.execute(update(CertificateClaim).values(basis=basis, confirmed_on=confirmed_on))
        if review_on:
            claim = session.scalars(select(CertificateClaim)).one()
            session.add(
                ClaimOverride(claim_id=claim.id, submission_id=1, reason="Seen on paper.", review_on=review_on,
                              state="standing", proposed_at=NOON, proposed_by=1, changed_at=NOON)
            )  # fmt: skip


def standing(portal):
    """The credentials in force that no correction has replaced: number, class, expiry, from, until."""
    with portal.database.transaction(writes=False) as session:
        rows = session.scalars(
            select(Credential).where(Credential.superseded_at.is_(None), Credential.status == Status.IN_FORCE)
        )
        return sorted(
            (one.number, one.licence_class, one.expiry, one.valid_from, one.valid_until or date.max)
            for one in rows
        )


def profile_of(portal):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(select(OperatorProfile)).one()


def rows(portal, table):
    with portal.database.transaction(writes=False) as session:
        return list(session.scalars(select(table).order_by(table.id)))


def again_signed_in(portal, at=LATER):
    """The one operator, after the listing."""
    with portal.database.transaction(writes=False) as session:
        person_id = session.scalars(select(OperatorProfile.person_id)).one()
        account_id = session.scalars(select(Account.id).where(Account.person_id == person_id)).one()
    return sign_in(portal, account_id, at)


def mails(portal):
    return [mail for mail in rows(portal, OutgoingMail) if mail.template == "profile_aligned"]


def waiting(portal):
    """What waits to be told, in words: what, and the sentence."""
    return [(one.what, one.template.format(**one.values)) for one in rows(portal, AlignmentChange)
            if one.mail == "waits"]  # fmt: skip


def told(portal):
    """The lines of each mail of alignment, in the order of sending."""
    return [[line for (line,) in mail.values["changes"]] for mail in mails(portal)]


def history(portal):
    """The whole past of what is held true, as it is believed now: of which claim, from, until, what, how, on what
    it rests."""
    return sorted(
        (one.claim_id, one.valid_from, one.valid_until or date.max, one.number, one.licence_class, one.expiry,
         one.status, one.source)
        for one in rows(portal, Credential)
        if one.superseded_at is None
    )  # fmt: skip
