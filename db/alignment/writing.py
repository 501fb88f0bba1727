"""What one pass of alignment writes: credentials as dated rows, states, discrepancies, and changes in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from core.alignment import Basis, Change
from core.listings import ListedStatus
from core.profiles import Move
from core.sentences import Sentence, in_english
from db.alignment.profiles import CertificateOnFile, ProfileOnFile, chunks
from db.gate import Work
from db.register_schema import AlignmentChange, AlignmentRun, Discrepancy
from db.schema import Credential, OperatorProfile
from db.verification import submissions

_SUSPENDED_BECAUSE = Sentence(
    "None of your licences and certificates counts now, so owners do not find you. Where one was renewed, the "
    "next listing brings it back; otherwise enter the new one and submit it, or telephone the office."
)
_RESTORED = Sentence("Your profile is active again: owners find you.")


@dataclass
class Pass:
    """One pass that writes what differs."""

    work: Work
    run: AlignmentRun
    today: date
    untold: frozenset[int]

    def apply(self, profiles: list[ProfileOnFile]) -> None:
        changes = [change for profile in profiles for change in self._certificates(profile)]
        certificates = [one for profile in profiles for one in profile.certificates if one.differs_on_file]
        self._end([one.credential_id for one in certificates if one.credential_id is not None])
        people = {profile.profile_id: profile.person_id for profile in profiles}
        owners = {one.claim_id: people[profile.profile_id] for profile in profiles for one in profile.certificates}
        self._stand([(one, owners[one.claim_id]) for one in certificates if one.stands.licence is not None])
        self._discrepancies(profiles)
        moved = {one.profile_id: move for one in profiles if (move := one.move(self.today)) is not None}
        changes += list(self._move(moved))
        if changes:
            self.work.session.execute(insert(AlignmentChange), changes)

    def _certificates(self, profile: ProfileOnFile) -> Iterator[dict[str, Any]]:
        for one in profile.certificates:
            if one.differs_on_file:
                yield self._change(profile.profile_id, *_said(one), claim_id=one.claim_id)
                self.work.record("credential.aligned", "certificate_claim", one.claim_id, run=self.run.id)

    def _change(
        self, profile_id: int, what: Change, said: Sentence, claim_id: int | None = None
    ) -> dict[str, Any]:
        return {
            "run_id": self.run.id,
            "profile_id": profile_id,
            "claim_id": claim_id,
            "what": what.value,
            "template": said.template,
            "values": {name: in_english(value) for name, value in said.values.items()},
            "mail": "not needed" if profile_id in self.untold else "waits",
        }

    def _end(self, credential_ids: list[int]) -> None:
        """The credentials end today: rows with an end take the place of those without."""
        found: list[Credential] = []
        for ids in chunks(credential_ids):
            found += self.work.session.scalars(select(Credential).where(Credential.id.in_(ids or ())))
        ended = [columns_of(one) | {"valid_until": max(self.today, one.valid_from or self.today)} for one in found]
        new_ids = self._insert(ended)
        superseded = [
            {"id": one.id, "superseded_at": self.work.at, "superseded_by": new_id}
            for one, new_id in zip(found, new_ids, strict=True)
        ]
        if superseded:
            self.work.session.execute(update(Credential), superseded)

    def _stand(self, certificates: list[tuple[CertificateOnFile, int]]) -> None:
        """Credentials as the listing or the decision says, from today."""
        self._insert(
            [
                {
                    "person_id": person_id,
                    "number": licence.number,
                    "licence_type": licence.licence_type.value,
                    "licence_class": licence.licence_class.value if licence.licence_class else None,
                    "rank": licence.licence_class.rank if licence.licence_class else -1,
                    "expiry": licence.expiry,
                    "valid_for": licence.valid_for,
                    "valid_for_key": licence.owner_key,
                    "source": Basis.LISTING.value if licence != one.claimed else Basis.DECISION.value,
                    "status": ListedStatus.IN_FORCE.value,
                    "import_id": self.run.import_id,
                    "claim_id": one.claim_id,
                    "valid_from": self.today,
                }
                for one, person_id in certificates
                if (licence := one.stands.licence) is not None
            ]
        )

    def _insert(self, rows: list[dict[str, Any]]) -> list[int]:
        if not rows:
            return []
        recorded = {"recorded_at": self.work.at, "recorded_by": self.work.account_id, "run_id": self.run.id}
        statement = insert(Credential).returning(Credential.id, sort_by_parameter_order=True)
        return list(self.work.session.scalars(statement, [row | recorded for row in rows]))

    def _discrepancies(self, profiles: list[ProfileOnFile]) -> None:
        due = [(profile, one) for profile in profiles for one in profile.certificates if one.is_due]
        opened = [
            {
                "profile_id": profile.profile_id,
                "claim_id": one.claim_id,
                "import_id": self.run.import_id,
                "found_at": self.work.at,
                "state": "open",
                "changed_at": self.work.at,
                "changed_by": self.work.account_id,
            }
            for profile, one in due
            if one.stands.differs and one.discrepancy_id is None
        ]
        if opened:
            self.work.session.execute(insert(Discrepancy), opened)
        for ids in chunks([one.discrepancy_id for _, one in due if one.discrepancy_id and not one.stands.differs]):
            self.work.session.execute(
                update(Discrepancy)
                .where(Discrepancy.id.in_(ids or ()))
                .values(state="gone", version=Discrepancy.version + 1, changed_at=self.work.at)
            )

    def _move(self, moved: Mapping[int, Move]) -> Iterator[dict[str, Any]]:
        for ids in chunks(moved):
            profiles = self.work.session.scalars(select(OperatorProfile).where(OperatorProfile.id.in_(ids or ())))
            for profile in profiles:
                yield self._move_one(profile, moved[profile.id])

    def _move_one(self, profile: OperatorProfile, move: Move) -> dict[str, Any]:
        suspends = move is Move.SUSPEND
        self.work.touch(profile, profile.version)
        submissions.move(self.work, profile, move)
        profile.suspended_by_alignment = suspends
        profile.suspended_because = str(_SUSPENDED_BECAUSE) if suspends else ""
        if suspends:
            return self._change(profile.id, Change.SUSPENDED, _SUSPENDED_BECAUSE)
        return self._change(profile.id, Change.RESTORED, _RESTORED)


def _said(one: CertificateOnFile) -> tuple[Change, Sentence]:
    """What changes for a certificate, in words."""
    licence, before = one.stands.licence, one.held
    about = {"label": (licence or one.claimed).label, "number": one.claimed.number, "why": one.stands.why}
    if licence is None:
        return Change.COUNTS_NO_MORE, Sentence("{label} ({number}) counts no more. {why}", **about)
    if before is None:
        return Change.COUNTS_AGAIN, Sentence("{label} ({number}) counts again. {why}", **about)
    return Change.TAKEN_OVER, Sentence(
        "{label} ({number}), until {expiry}: taken over; it was {before}, until {former}. {why}",
        expiry=licence.expiry,
        before=before.label,
        former=before.expiry,
        **about,
    )


def columns_of(credential: Credential) -> dict[str, Any]:
    """A credential as a row to be written anew."""
    columns = {column.key: getattr(credential, column.key) for column in Credential.__table__.columns}
    return {key: value for key, value in columns.items() if key not in ("id", "superseded_at", "superseded_by")}
