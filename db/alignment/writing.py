"""What one pass of alignment writes: credentials as dated rows, states, discrepancies, and changes in words."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from core.alignment import Aligned, Basis, Change, Held, Status
from core.licences import Licence
from core.profiles import Move, State, moved
from core.sentences import Sentence, in_english
from db import kept_findings
from db.alignment.profiles import CertificateOnFile, ProfileOnFile, chunks
from db.alignment.telling import NOT_NEEDED, WAITS, not_needed_of
from db.gate import Work
from db.register_schema import AlignmentChange, AlignmentRun, Discrepancy
from db.schema import Credential, OperatorProfile

_AT_ONCE: Mapping[str, Any] = {"render_nulls": True}  # else each row that leaves another column empty goes alone
_OF_ITS_OWN = ("id", "superseded_at", "superseded_by")  # what a row written anew does not take over
_SUSPENDED_BECAUSE = Sentence(
    "None of your licences and certificates counts now, so owners do not find you. Where one was renewed, the "
    "next listing brings it back; otherwise enter the new one and submit it, or telephone the office."
)
_LISTED_AS_SUSPENDED = Sentence(
    "None of your licences and certificates counts now, so owners do not find you. What the ministry has "
    "suspended or cancelled counts again once its listing has it in force; if the listing is wrong, have it put "
    "right by the ministry’s certification office, or telephone the office."
)
_NOTHING_LEFT = Sentence(
    "Your profile has no confirmed licence or certificate any more, so owners do not find you. Enter one and "
    "submit it, or telephone the office."
)
_RESTORED = Sentence("Your profile is active again: owners find you.")
_TO_OFFICERS = {  # what holders read of their profiles, said of them
    str(_SUSPENDED_BECAUSE): (
        "None of this operator’s licences and certificates counts now, so owners do not find the profile. Where "
        "one was renewed, the next listing brings it back. One that the listing does not have counts again once a "
        "second officer agrees to an override of it."
    ),
    str(_LISTED_AS_SUSPENDED): (
        "None of this operator’s licences and certificates counts now, so owners do not find the profile. What "
        "the ministry has suspended or cancelled counts again once its listing has it in force."
    ),
    str(_NOTHING_LEFT): (
        "No licence or certificate of this operator is confirmed any more, so owners do not find the profile."
    ),
    str(_RESTORED): "The profile is active again: owners find this operator.",
}


def to_officers(said: str) -> str:
    """What a holder reads of a profile that alignment suspends or restores, in the words for an officer."""
    return _TO_OFFICERS.get(said, said)


@dataclass
class Pass:
    """One pass that writes what differs.

    A mail tells what a holder was not told yet: each certificate and the profile as they stand, against what was
    told last. So what an earlier pass left waiting of the same profile is not needed any more.
    """

    work: Work
    run: AlignmentRun
    today: date
    again: frozenset[int]
    told: frozenset[int]

    def apply(self, profiles: list[ProfileOnFile]) -> None:
        certificates = [one for profile in profiles for one in profile.certificates if one.differs_on_file]
        self._end([one.credential_id for one in certificates if one.credential_id is not None])
        people = {one.claim_id: profile.person_id for profile in profiles for one in profile.certificates}
        self._stand([(one, people[one.claim_id]) for one in certificates])
        kept_findings.retest_people(self.work, (people[one.claim_id] for one in certificates))
        self._discrepancies(profiles)
        changed = [one for one in profiles if one.changes(self.today) or one.profile_id in self.again]
        not_needed_of(self.work, [one.profile_id for one in changed])
        changes = [change for profile in changed for change in self._changes(profile)]
        if changes:
            self.work.session.execute(insert(AlignmentChange).execution_options(**_AT_ONCE), changes)
        moves = ((one, one.move(self.today)) for one in profiles)
        self._move([(one, move) for one, move in moves if move is not None])

    def _changes(self, profile: ProfileOnFile) -> Iterator[dict[str, Any]]:
        for one in profile.certificates:
            if one.differs_on_file:
                self.work.record("credential.aligned", "certificate_claim", one.claim_id, run=self.run.id)
            if one.is_owed or one.differs_on_file:
                before = one.told if one.is_owed else one.held or one.told
                what, said = _said(one.stands, before, self._why(profile, one, before))
                yield self._change(profile, what, said, one.claim_id, waits=one.is_owed)
        waits = profile.owes_its_state(self.today) and profile.profile_id not in self.told
        if not waits and profile.move(self.today) is None:
            return
        if not profile.is_suspended(self.today):
            yield self._change(profile, Change.RESTORED, _RESTORED, waits=waits)
            return
        for one in profile.certificates:
            if one.stands.licence is not None:
                yield self._change(
                    profile, Change.EXPIRED, _expired(one.stands.licence), one.claim_id, waits=waits
                )
        yield self._change(profile, Change.SUSPENDED, _suspended_because(profile), waits=waits)

    def _listed(self, stands: Aligned) -> bool:
        """Whether it is the standing listing that says so."""
        return stands.rests_on is Basis.LISTING and self.run.import_id is not None

    def _why(self, profile: ProfileOnFile, one: CertificateOnFile, before: Held) -> Sentence:
        """Why it stands so, for its holder, who reads beside it what it was before: also that the office's word
        prevails, or that a listing was withdrawn, where the holder was told otherwise before."""
        stands, why = one.stands, one.stands.why
        if self._listed(stands) and stands.held.counts and before.counts:
            why = Sentence("The listing of {day} says so.", day=one.line.listed_on)
        if not self._listed(stands) and stands.held.counts:
            template = "It stands as the office has confirmed it. {why}"
            if stands.differs:
                template = "It stands as the office has confirmed it, until an officer has looked again. {why}"
            why = Sentence(template, why=why)
        if profile.profile_id in self.again and one.told != Held(one.confirmed.licence):
            why = Sentence("A listing from which something else followed was withdrawn. {why}", why=why)
        return why

    def _change(
        self, profile: ProfileOnFile, what: Change, said: Sentence, claim_id: int | None = None, *, waits: bool
    ) -> dict[str, Any]:
        return {
            "run_id": self.run.id,
            "profile_id": profile.profile_id,
            "claim_id": claim_id,
            "what": what.value,
            "template": said.template,
            "values": {name: in_english(value) for name, value in said.values.items()},
            "mail": WAITS if waits else NOT_NEEDED,
        }

    def _end(self, credential_ids: list[int]) -> None:
        """The credentials end today: rows with an end take the place of those without."""
        columns = Credential.__table__.columns
        found: list[RowMapping] = []
        for ids in chunks(credential_ids):
            found += self.work.session.execute(select(*columns).where(columns.id.in_(ids or ()))).mappings()
        ended = [
            {key: value for key, value in one.items() if key not in _OF_ITS_OWN}
            | {"valid_until": max(self.today, one["valid_from"] or self.today)}
            for one in found
        ]
        new_ids = self._insert(ended)
        superseded = [
            {"id": one["id"], "superseded_at": self.work.at, "superseded_by": new_id}
            for one, new_id in zip(found, new_ids, strict=True)
        ]
        if superseded:
            self.work.session.execute(update(Credential), superseded)

    def _stand(self, certificates: list[tuple[CertificateOnFile, int]]) -> None:
        """Credentials as the listing or the office's word says, from today, those that count and the others."""
        self._insert([self._credential(one.claim_id, one.stands, person_id) for one, person_id in certificates])

    def _credential(self, claim_id: int, stands: Aligned, person_id: int) -> dict[str, Any]:
        licence = stands.held.licence
        return {
            "person_id": person_id,
            "number": licence.number,
            "licence_type": licence.licence_type.value,
            "licence_class": licence.licence_class.value if licence.licence_class else None,
            "rank": licence.licence_class.rank if licence.licence_class else -1,
            "expiry": licence.expiry,
            "valid_for": licence.valid_for,
            "valid_for_key": licence.owner_key,
            "source": stands.rests_on.value,
            "status": stands.held.status.value,
            "import_id": self.run.import_id if stands.rests_on is Basis.LISTING else None,
            "claim_id": claim_id,
            "valid_from": self.today,
        }

    def _insert(self, rows: list[dict[str, Any]]) -> list[int]:
        if not rows:
            return []
        recorded = {"recorded_at": self.work.at, "recorded_by": self.work.account_id, "run_id": self.run.id}
        statement = insert(Credential).returning(Credential.id, sort_by_parameter_order=True)
        statement = statement.execution_options(**_AT_ONCE)
        return list(self.work.session.scalars(statement, [row | recorded for row in rows]))

    def _discrepancies(self, profiles: list[ProfileOnFile]) -> None:
        """What an officer is asked of now is open, what the listing says otherwise by now is so, the rest is
        gone."""
        due = [(profile, one) for profile in profiles for one in profile.certificates if one.is_due]
        opened = [
            {
                "profile_id": profile.profile_id,
                "claim_id": one.claim_id,
                "import_id": self.run.import_id,
                "found_at": self.work.at,
                "outcome": one.is_open_as,
                "state": "open",
                "changed_at": self.work.at,
                "changed_by": self.work.account_id,
            }
            for profile, one in due
            if one.stands.differs and one.discrepancy_id is None
        ]
        if opened:
            self.work.session.execute(insert(Discrepancy), opened)
        alike: dict[str | None, list[int]] = defaultdict(list)
        for _, one in due:
            if one.discrepancy_id is not None and one.is_open_as != one.found_as:
                alike[one.is_open_as].append(one.discrepancy_id)
        gone = {  # by which listing: it may be withdrawn
            "state": "gone",
            "import_id": self.run.import_id,
            "version": Discrepancy.version + 1,
            "changed_at": self.work.at,
        }
        for outcome, discrepancy_ids in alike.items():
            for ids in chunks(discrepancy_ids):
                these = update(Discrepancy).where(Discrepancy.id.in_(ids or ()))
                self.work.session.execute(these.values(gone if outcome is None else {"outcome": outcome}))

    def _move(self, moving: list[tuple[ProfileOnFile, Move]]) -> None:
        """Moves profiles to their next state: all that become the same in one statement."""
        alike: dict[tuple[State, str, bool], list[int]] = defaultdict(list)
        for profile, move in moving:
            after = moved(profile.state, move)
            because = str(_suspended_because(profile)) if move is Move.SUSPEND else ""
            alike[after, because, profile.profile_id in self.told].append(profile.profile_id)
            self.work.record(
                "profile.state", "operator_profile", profile.profile_id, before=profile.state, after=after
            )
        for (after, because, told), profile_ids in alike.items():
            suspended = after is State.SUSPENDED
            values: dict[str, Any] = {"state": after, "suspended_by_alignment": suspended} | {
                "suspended_because": because,
                "version": OperatorProfile.version + 1,
                "changed_at": self.work.at,
                "changed_by": self.work.account_id,
            }
            if told:
                values["told_suspended"] = suspended
            for ids in chunks(profile_ids):
                these = update(OperatorProfile).where(OperatorProfile.id.in_(ids or ()))
                self.work.session.execute(these.values(values))


def _suspended_because(profile: ProfileOnFile) -> Sentence:
    if not profile.certificates:
        return _NOTHING_LEFT
    withdrawn = any(one.stands.held.status in (Status.SUSPENDED, Status.CANCELLED) for one in profile.certificates)
    return _LISTED_AS_SUSPENDED if withdrawn else _SUSPENDED_BECAUSE


def _expired(licence: Licence) -> Sentence:
    return Sentence(
        "{label} ({number}) expired at the end of {day}.",
        label=licence.label,
        number=licence.number,
        day=licence.expiry,
    )


def _said(stands: Aligned, before: Held, why: Sentence) -> tuple[Change, Sentence]:
    """What becomes of a certificate that was held or told otherwise before, and why, in words."""
    licence, former = stands.held.licence, before.licence
    about = {"label": licence.label, "number": licence.number, "why": why}
    if not stands.held.counts:
        template = "{label} ({number}) counts no more. {why}"
        if not before.counts:
            template = "{label} ({number}) still does not count. {why}"
        return Change.COUNTS_NO_MORE, Sentence(template, **about)
    if not before.counts:
        return Change.COUNTS_AGAIN, Sentence("{label} ({number}) counts again. {why}", **about)
    return Change.TAKEN_OVER, Sentence(
        "{label} ({number}), until {expiry}; it was {before}, until {former}. {why}",
        expiry=licence.expiry,
        before=former.label,
        former=former.expiry,
        **about,
    )


def columns_of(credential: Credential) -> dict[str, Any]:
    """A credential as a row to be written anew."""
    keys = (column.key for column in Credential.__table__.columns)
    return {key: getattr(credential, key) for key in keys if key not in _OF_ITS_OWN}
