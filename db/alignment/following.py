"""What following the listing would do to a certificate and its profile, by the rule that the act goes by."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import exists, select

from core.alignment import Held
from core.places import day_at
from core.profiles import Move, State
from core.sentences import Sentence
from db.alignment.difference_views import Following
from db.alignment.profiles import CertificateOnFile, ProfileOnFile, profiles_on_file
from db.gate import Work
from db.register_schema import ListingImport
from db.schema import Account


def following(work: Work, profile_id: int, listing: ListingImport) -> Mapping[int, Following]:
    """What following the standing listing would do now to each confirmed certificate of a profile alone, by the
    claim's id: what becomes of the certificate, of the profile, and whether the operator is mailed."""
    today = day_at(work.at)
    found: dict[int, Following] = {}
    for profile in profiles_on_file(work, listing, [profile_id]):
        in_use = exists().where(Account.person_id == profile.person_id, Account.state == "active")
        has_account = bool(work.session.scalar(select(in_use)))
        for index, one in enumerate(profile.certificates):
            then = profile.if_followed(one.claim_id, listing.listed_on, today)
            mailed, mail = _mail(then, has_account, today)
            certificate = _of_certificate(then.certificates[index], today)
            found[one.claim_id] = Following((certificate, _of_profile(then, today), mail), mailed)
    return found


def _of_certificate(one: CertificateOnFile, today: date) -> Sentence:
    before, then = one.held or Held(one.confirmed.licence), one.stands.held
    about = {"label": then.licence.label, "expiry": then.licence.expiry, "why": one.stands.why}
    if not then.counts:
        stops = (
            "The certificate stops counting. {why}"
            if before.counts
            else "The certificate still does not count. {why}"
        )
        return Sentence(stops, **about)
    if not then.licence.in_force_on(today):
        return Sentence("The certificate is {label} and expired on {expiry}, so it does not count.", **about)
    if not before.counts:
        return Sentence("The certificate counts again: {label}, until {expiry}.", **about)
    if then == before:
        return Sentence("The certificate stays {label}, until {expiry}; it rests on the listing.", **about)
    return Sentence(
        "The certificate becomes {label}, until {expiry}, as listed; it is {before}, until {former} now.",
        before=before.licence.label,
        former=before.licence.expiry,
        **about,
    )


def _of_profile(then: ProfileOnFile, today: date) -> Sentence:
    move = then.move(today)
    if move is Move.SUSPEND:
        return Sentence("Nothing else of the profile counts, so the profile is suspended: owners find it no more.")
    if move is Move.RESTORE:
        return Sentence("The profile is no longer suspended: owners find it again.")
    if then.suspended_by_the_office:
        return Sentence("The profile stays suspended, since the office has suspended it.")
    if then.state is State.SUSPENDED:
        return Sentence("The profile stays suspended, since nothing of it counts.")
    if then.state is State.ACTIVE:
        return Sentence("The profile stays active.")
    return Sentence("The profile stays as it is: {state}.", state=then.state.label.lower())


def _mail(then: ProfileOnFile, has_account: bool, today: date) -> tuple[bool, Sentence]:
    """A pass tells whoever knows it otherwise, once it changes something; following releases that at once."""
    if not (then.changes(today) and then.is_owed(today)):
        return False, Sentence("No mail is sent: nothing changes that the operator does not know already.")
    if not has_account:
        return False, Sentence("No mail is sent: the operator has no account in use.")
    return True, Sentence("The operator is told by mail at once; no release is needed.")
