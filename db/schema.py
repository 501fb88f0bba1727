"""The tables. Moments are UTC; spans of days are half-open: `until` is the first day no longer covered.

Facts are never updated in place: a correction is a new row that names the one it supersedes. What is only
the present state of a piece of work (a profile, a submission, an account) carries a version, and who
changed it last.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, validates

from core.names import Name, owner_key, plain

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
_ACTS = "since is not null and ended_at is null"
_BigId = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """A moment with its zone; kept in UTC, read back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return (
            None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        )


class Base(DeclarativeBase):
    """What every table is made from: the names of constraints, and the column type of each Python type."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON, str: String}  # noqa: RUF012 - SQLAlchemy's


def index_of_known(column: str) -> Index:
    """An index of the rows in which a column has a value, for a column that most rows leave empty: SQLite takes
    all empty ones for alike, and would rather look at every row than use an index that tells so little."""
    known = text(f"{column} is not null")
    return Index(None, column, sqlite_where=known, postgresql_where=known)


class Versioned:
    """A row that people work on: a stale page is told who changed it, and when."""

    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Taken:
    """A row that officers decide on, and may take: nobody else decides on it until it is given back."""

    taken_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    taken_at: Mapped[datetime | None]


class Fact:
    """A dated fact: from, until (exclusive), recorded at, recorded by, superseded by a correction."""

    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


def _plain_name(context: Any) -> str:
    given = context.get_current_parameters()
    return plain(given["name"])


class Named:
    """What people search by its name: `plain_name` is the name without accents, capitals and signs, since no
    database folds all letters as core.names does."""

    name: Mapped[str]
    plain_name: Mapped[str] = mapped_column(default=_plain_name)

    @validates("name")
    def _renamed(self, _field: str, name: str) -> str:
        self.plain_name = plain(name)
        return name


# --- the installation -------------------------------------------------------------------------------------


class Installation(Base):
    """What this database is: one row a mark, such as `demo`."""

    __tablename__ = "installation"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Lease(Base):
    """Which process runs a job that only one may run."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]
    last_done: Mapped[datetime | None]


class AuditEntry(Base):
    """One entry of the audit trail, chained to the one before by its hash. Never updated, never deleted.

    The details hold ids and field names, no personal data, so that erasing a person leaves the trail whole.
    """

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(_BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int | None]
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str]
    hash: Mapped[str]
    __table_args__ = (Index(None, "subject", "subject_id"), Index(None, "at"))


class AuditHead(Base):
    """The last entry of the trail: one row, locked while an entry is added."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    last_id: Mapped[int] = mapped_column(_BigId)
    last_hash: Mapped[str]


# --- people and accounts ----------------------------------------------------------------------------------


def _plain_full_name(context: Any) -> str:
    given = context.get_current_parameters()
    return plain(f"{given['given_name']} {given['family_name']}")


class Person(Base):
    """A human being. The Operator ID stands here once the office has confirmed it."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    plain_name: Mapped[str] = mapped_column(default=_plain_full_name)  # of both, as Named has it
    operator_id: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]

    @validates("given_name", "family_name")
    def _renamed(self, field: str, name: str) -> str:
        names = {"given_name": self.given_name, "family_name": self.family_name} | {field: name}
        self.plain_name = plain(f"{names['given_name'] or ''} {names['family_name'] or ''}")
        return name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def called(self) -> Name:
        """The name in its parts, to be compared."""
        return Name(self.given_name, self.family_name)


class Account(Versioned, Base):
    """Signs in; belongs to one person. State: invited, active, disabled, closed."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(unique=True)  # normalized, lower case
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None]
    state: Mapped[str]
    telephone: Mapped[str]  # E.164
    municipality: Mapped[str]
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="joined")
    roles: Mapped[list["AccountRole"]] = relationship(lazy="selectin", foreign_keys="AccountRole.account_id")
    __table_args__ = (CheckConstraint("state in ('invited', 'active', 'disabled', 'closed')", "state"),)


class AccountRole(Base):
    """A role that an account holds, from one moment to another."""

    __tablename__ = "account_role"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    __table_args__ = (
        Index(
            "uq_account_role_open",
            "account_id",
            "role",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
    )


class LoginSession(Base):
    """A sign-in. The browser keeps the token, the database its hash."""

    __tablename__ = "login_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str]


class SignInCode(Base):
    """A code that a browser changes for the session's cookie: once, within 30 seconds, and no other browser."""

    __tablename__ = "sign_in_code"
    code_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    browser_hash: Mapped[str]  # keyed hash of the portal's cookie that tells browsers apart
    user_agent: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInFailure(Base):
    """A failed sign-in, counted by the hash of the e-mail that was tried, known or not."""

    __tablename__ = "sign_in_failure"
    id: Mapped[int] = mapped_column(_BigId, primary_key=True)
    email_hash: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index(None, "email_hash", "at"),)


class MailedLink(Base):
    """A single-use link: its secret is kept as a hash only. Purpose: confirm, change, reset, invitation."""

    __tablename__ = "mailed_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str]
    email: Mapped[str]  # where it was sent: the address that using it proves
    secret_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class OutgoingMail(Base):
    """A mail as template and values. The secret of a link is encrypted, and erased on sending."""

    __tablename__ = "outgoing_mail"
    id: Mapped[int] = mapped_column(_BigId, primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    template: Mapped[str]
    language: Mapped[str] = mapped_column(String(2))
    values: Mapped[dict[str, Any]]
    secret: Mapped[bytes | None]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]  # None once sent or given up
    sent_at: Mapped[datetime | None]
    sent_with: Mapped[int | None] = mapped_column(
        ForeignKey("outgoing_mail.id"), index=True
    )  # goes in its message
    failure: Mapped[str] = mapped_column(default="")
    __table_args__ = (Index(None, "next_attempt_at"),)


class FormDraft(Base):
    """What somebody has typed into a form and not yet handed in, encrypted; it survives a reload.

    The holder is an account, or for forms before sign-in a browser (keyed hash of the portal's cookie in it).
    """

    __tablename__ = "form_draft"
    holder: Mapped[str] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]
    saved_at: Mapped[datetime] = mapped_column(index=True)


class StoredFile(Base):
    """An uploaded document: PDF, JPEG or PNG."""

    __tablename__ = "stored_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    stored_at: Mapped[datetime]
    stored_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


# --- operators --------------------------------------------------------------------------------------------


class OperatorProfile(Versioned, Base):
    """What an operator shows: the claims the office verifies, and when and where the operator can work."""

    __tablename__ = "operator_profile"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    state: Mapped[str]
    claimed_operator_id: Mapped[str] = mapped_column(index=True)  # "" until entered
    agreed_version: Mapped[str] = mapped_column(default="")  # "" while the agreement is unticked
    available: Mapped[bool] = mapped_column(default=False)
    slots: Mapped[int] = mapped_column(default=0)  # core.availability
    base_place: Mapped[str] = mapped_column(default="")
    base_latitude: Mapped[float | None]
    base_longitude: Mapped[float | None]
    base_x: Mapped[float | None]  # core.places.unit_vector of the base
    base_y: Mapped[float | None]
    base_z: Mapped[float | None]
    travel_km: Mapped[int] = mapped_column(default=0)
    travel_closeness: Mapped[float] = mapped_column(default=1.0)  # core.places.closeness of travel_km
    earliest_start: Mapped[date | None]  # None: at once
    notes: Mapped[str] = mapped_column(Text, default="")  # what owners should know, in the operator's words
    suspended_because: Mapped[str] = mapped_column(Text, default="")  # "" unless suspended
    suspended_by_alignment: Mapped[bool] = mapped_column(default=False)  # comes back when the listing bears out
    told_suspended: Mapped[bool] = mapped_column(default=False)  # what its holder was last told of that
    person: Mapped[Person] = relationship(lazy="joined")
    certificates: Mapped[list["CertificateClaim"]] = relationship(
        lazy="selectin", order_by="CertificateClaim.id", back_populates="profile"
    )
    __table_args__ = (Index(None, "available", "state"),)


class CertificateClaim(Base):
    """A certificate as an operator entered it. State: draft, waiting, confirmed, refused, withdrawn.

    Deleting one that was ever submitted leaves the row as withdrawn.
    """

    __tablename__ = "certificate_claim"
    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("operator_profile.id"), index=True)
    number: Mapped[str]
    licence_type: Mapped[str]
    licence_class: Mapped[str | None]
    expiry: Mapped[date]
    valid_for: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    refused_because: Mapped[str] = mapped_column(Text, default="")  # "" unless refused
    entered_at: Mapped[datetime]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate_claim.id"))
    confirmed_on: Mapped[date | None]  # the day of the evidence (core.alignment); None while not confirmed
    basis: Mapped[str] = mapped_column(default="")  # core.alignment.Basis of the decision; "" while not confirmed
    compared_import_id: Mapped[int | None]  # the listing that stood then: listing_import.id; None where none did
    told_status: Mapped[str] = mapped_column(default="")  # what its holder was last told; "": as it was confirmed
    told_class: Mapped[str | None]
    told_expiry: Mapped[date | None]
    profile: Mapped[OperatorProfile] = relationship(back_populates="certificates")
    __table_args__ = (Index(None, "number", "licence_type", "state", "profile_id"),)  # who claims the same


def _owner_key(context: Any) -> str:
    return owner_key(context.get_current_parameters().get("valid_for") or "")


class Credential(Fact, Base):
    """A licence or certificate that the portal holds true, with its source (a claim an officer confirmed)."""

    __tablename__ = "credential"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[str]
    licence_type: Mapped[str]
    licence_class: Mapped[str | None]
    rank: Mapped[int]  # LicenceClass.rank; -1 for a type without classes
    expiry: Mapped[date]
    valid_for: Mapped[str] = mapped_column(default="")
    valid_for_key: Mapped[str] = mapped_column(default=_owner_key)  # core.names.owner_key of valid_for
    source: Mapped[str]  # core.alignment.Basis: decision, listing, override
    status: Mapped[str] = mapped_column(default="in force")  # core.alignment.Status; only one in force counts
    import_id: Mapped[int | None]  # the listing that bore it out; listing_import.id
    run_id: Mapped[int | None] = mapped_column(index=True)  # what wrote it; alignment_run.id, None: a person
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("certificate_claim.id"))
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("credential.id"))
    __table_args__ = (
        Index(None, "licence_type", "rank", "expiry"),
        Index(None, "recorded_at"),
        Index(None, "superseded_at"),
    )


# --- owners and facilities --------------------------------------------------------------------------------


class Organization(Named, Versioned, Base):
    """An owner or operating authority, and the state of its profile."""

    __tablename__ = "organization"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # core.facilities.OrganizationKind
    state: Mapped[str]
    agreed_version: Mapped[str] = mapped_column(default="")
    suspended_because: Mapped[str] = mapped_column(Text, default="")  # "" unless suspended
    claims: Mapped[list["FacilityClaim"]] = relationship(
        lazy="selectin", order_by="FacilityClaim.id", back_populates="organization"
    )


class Membership(Versioned, Base):
    """An account that acts for an organization, by its rights. It is offered, and acts once it has accepted."""

    __tablename__ = "membership"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    email: Mapped[str] = mapped_column(default="")  # where it was offered; "" once accepted or ended
    offered_at: Mapped[datetime]
    offered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: its first manager
    since: Mapped[datetime | None]  # None until accepted
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    rights: Mapped[list["MemberRight"]] = relationship(lazy="selectin", order_by="MemberRight.id")
    __table_args__ = (
        Index(
            "uq_membership_standing",
            "account_id",
            "organization_id",
            unique=True,
            sqlite_where=text(_ACTS),
            postgresql_where=text(_ACTS),
        ),
    )


class MemberRight(Base):
    """A right of a member (core.membership), from one moment to another: at a facility, or at all (None)."""

    __tablename__ = "member_right"
    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    right: Mapped[str]
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facility.id"))
    since: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Facility(Named, Versioned, Base):
    """One works of one type, known by the ministry's number where it has one."""

    __tablename__ = "facility"
    id: Mapped[int] = mapped_column(primary_key=True)
    ministry_number: Mapped[str | None] = mapped_column(unique=True)
    facility_type: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    place: Mapped[str]
    time_zone: Mapped[str]


class FacilityRelation(Fact, Base):
    """Which organization owns a facility, or is its operating authority. Role: owner, operating_authority."""

    __tablename__ = "facility_relation"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    role: Mapped[str]
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("facility_claim.id"))
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("facility_relation.id"))


class FacilityClassification(Fact, Base):
    """The class of a facility from a day on: as its holder claimed and the office confirmed, or as the Director
    decided by a certificate."""

    __tablename__ = "facility_classification"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    facility_class: Mapped[str]
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("facility_claim.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("director_decision.id"))
    certificate_number: Mapped[str | None]  # None unless the Director decided
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("facility_classification.id"))
    __table_args__ = (Index(None, "recorded_at"), Index(None, "superseded_at"))


class DirectorDecision(Fact, Base):
    """A decision that the law leaves to the Director, of any kind (core.decisions): its reasons and period."""

    __tablename__ = "director_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    regulation: Mapped[str]
    provision: Mapped[str]
    subject: Mapped[str]  # the table of what it is about
    subject_id: Mapped[int]
    granted: Mapped[bool]
    decided_on: Mapped[date]
    decided_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reasons: Mapped[str] = mapped_column(Text)
    terms: Mapped[dict[str, Any]]  # what else was decided, such as the points taken off
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("director_decision.id"))
    director: Mapped[Account] = relationship(lazy="joined", foreign_keys=decided_by)
    __table_args__ = (Index(None, "subject", "subject_id", "kind"),)


class FacilityClaim(Named, Base):
    """A facility as an owner entered it. State: draft, waiting, confirmed, refused, withdrawn.

    First Nation and federal works may have no number; a letter (date, reference, scan) stands for it.
    """

    __tablename__ = "facility_claim"
    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    ministry_number: Mapped[str] = mapped_column(index=True)  # "" where it has none
    facility_type: Mapped[str]
    facility_class: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    place: Mapped[str]
    letter_date: Mapped[date | None]
    letter_reference: Mapped[str] = mapped_column(default="")
    letter_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[str]
    refused_because: Mapped[str] = mapped_column(Text, default="")  # "" unless refused
    entered_at: Mapped[datetime]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("facility_claim.id"))
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facility.id"))
    organization: Mapped[Organization] = relationship(back_populates="claims")


# --- verification and looks -------------------------------------------------------------------------------


class AgreementAcceptance(Base):
    """An agreement ticked: which version, by whom, when, and when it was unticked."""

    __tablename__ = "agreement_acceptance"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    subject: Mapped[str]  # operator_profile or organization
    subject_id: Mapped[int]
    agreement_version: Mapped[str]
    accepted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "subject", "subject_id"),)


class Submission(Versioned, Taken, Base):
    """One profile handed in: an item of the office's queue. State: open, approved, returned, withdrawn."""

    __tablename__ = "submission"
    id: Mapped[int] = mapped_column(primary_key=True)
    operator_profile_id: Mapped[int | None] = mapped_column(ForeignKey("operator_profile.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    submitted_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime]
    claimed: Mapped[dict[str, Any]]  # what was handed in, as it stood
    state: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reasons: Mapped[str] = mapped_column(Text, default="")
    borne_out: Mapped[str] = mapped_column(default="")  # core.comparison.Outcome, the worst; "" not compared yet
    # What each claim that is decided was compared with, by its id: db.verification.compared.
    compared: Mapped[dict[str, Any]] = mapped_column(default=dict)
    region: Mapped[str] = mapped_column(default="")  # its code in db.places.regions; "" not known
    operator_profile: Mapped[OperatorProfile | None] = relationship()
    organization: Mapped[Organization | None] = relationship()
    __table_args__ = (
        Index(None, "state", "submitted_at", "id"),
        CheckConstraint("(operator_profile_id is null) <> (organization_id is null)", "one_subject"),
        # One open submission a profile: a double click or a second tab cannot hand in twice.
        Index(
            "uq_submission_open_operator",
            "operator_profile_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "uq_submission_open_owner",
            "organization_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )


class ContactLook(Base):
    """Somebody opened an operator's contact details: the operator is shown who, for whom, and when."""

    __tablename__ = "contact_look"
    id: Mapped[int] = mapped_column(_BigId, primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("operator_profile.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime]
