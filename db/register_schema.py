"""The tables of the register: the ministry's public listings as they were imported, what is decided against
them, and what aligning the profiles with them made of it.

The same Base as db.schema. A row of a listing is never edited; a listing stands until a newer one follows, and
stands again when that one is withdrawn.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.schema import Account, Base, Taken, Versioned

_STANDS = "state = 'standing'"
_WAITS = "state = 'waiting'"
_OPEN = "state = 'open'"


class ListingImport(Versioned, Base):
    """One import of a public listing. Kind: operators, facilities. State: waiting (for a second officer),
    standing, former (a newer one followed), withdrawn, refused (by the second officer)."""

    __tablename__ = "listing_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    listed_on: Mapped[date]  # the listing's own date
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    rows: Mapped[int]
    new: Mapped[int]
    changed: Mapped[int]
    gone: Mapped[int]
    left_out: Mapped[list[Any]]  # the bad rows: number in the file, why, and whose where it could be read
    state: Mapped[str]
    imported_at: Mapped[datetime]
    imported_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]  # by a second officer, where one was needed
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]  # or refused
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reasons: Mapped[str] = mapped_column(Text, default="")  # why it was withdrawn or refused; "" otherwise
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("listing_import.id"))  # what stood before it
    importer: Mapped[Account] = relationship(lazy="joined", foreign_keys=imported_by)
    __table_args__ = (
        CheckConstraint("kind in ('operators', 'facilities')", "kind"),
        CheckConstraint("state in ('waiting', 'standing', 'former', 'withdrawn', 'refused')", "state"),
        Index(None, "kind", "listed_on"),
        Index(
            "uq_listing_import_standing",
            "kind",
            unique=True,
            sqlite_where=text(_STANDS),
            postgresql_where=text(_STANDS),
        ),
        Index(
            "uq_listing_import_waiting",
            "kind",
            unique=True,
            sqlite_where=text(_WAITS),
            postgresql_where=text(_WAITS),
        ),
    )


class ListedLicence(Base):
    """A line of an operator listing: one licence or certificate of one person, as the ministry publishes it."""

    __tablename__ = "listed_licence"
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("listing_import.id"))
    line: Mapped[int]  # its number in the file, the heading being 1
    operator_id: Mapped[str]
    last_name: Mapped[str]
    first_name: Mapped[str]
    number: Mapped[str]  # core.entries.clean_number
    licence_type: Mapped[str]
    licence_class: Mapped[str | None]
    expiry: Mapped[date]
    status: Mapped[str]  # core.listings.ListedStatus
    municipality: Mapped[str]
    __table_args__ = (
        Index("uq_listed_licence", "import_id", "operator_id", "number", "licence_type", unique=True),
        Index(None, "import_id", "number"),
    )


class ListedFacility(Base):
    """A line of a list of facilities, as the ministry publishes it."""

    __tablename__ = "listed_facility"
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("listing_import.id"))
    line: Mapped[int]
    facility_number: Mapped[str]  # core.entries.clean_number
    name: Mapped[str]
    facility_type: Mapped[str]
    facility_class: Mapped[str | None]
    owner: Mapped[str]
    municipality: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    __table_args__ = (Index("uq_listed_facility", "import_id", "facility_number", unique=True),)


class ColumnMapping(Base):
    """Which column of a file is which of ours: mapped by hand once for a kind of file, then kept."""

    __tablename__ = "column_mapping"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    heading: Mapped[str]  # hash of the file's column names, in their order
    columns: Mapped[dict[str, Any]]  # our column: the file's
    saved_at: Mapped[datetime]
    saved_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    __table_args__ = (Index("uq_column_mapping", "kind", "heading", unique=True),)


class ClaimOverride(Versioned, Base):
    """A certificate or facility confirmed although the listing does not have it: why, until when it is believed,
    by which two officers. State: waiting (for the second officer), standing, refused, ended."""

    __tablename__ = "claim_override"
    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("certificate_claim.id"), index=True)
    facility_claim_id: Mapped[int | None] = mapped_column(ForeignKey("facility_claim.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    reason: Mapped[str] = mapped_column(Text)
    review_on: Mapped[date]  # from this day on it prevails no more
    state: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    refused_because: Mapped[str] = mapped_column(Text, default="")  # "" unless the second officer refused
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'standing', 'refused', 'ended')", "state"),
        CheckConstraint("(claim_id is null) <> (facility_claim_id is null)", "one_claim"),
        Index(
            "uq_claim_override_waiting",
            "claim_id",
            unique=True,
            sqlite_where=text(_WAITS),
            postgresql_where=text(_WAITS),
        ),
        Index(
            "uq_claim_override_facility_waiting",
            "facility_claim_id",
            unique=True,
            sqlite_where=text(_WAITS),
            postgresql_where=text(_WAITS),
        ),
    )


class ClaimQuestion(Base):
    """A question of the office about one certificate or facility of a submission, and its answer."""

    __tablename__ = "claim_question"
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    claim: Mapped[int]  # the id of the certificate's or facility's claim in that submission
    question: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(Text, default="")  # "" until answered
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ReasonTemplate(Versioned, Base):
    """Words that officers use again when they return a profile or refuse a claim; all officers edit them."""

    __tablename__ = "reason_template"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None]


class AlignmentRun(Versioned, Base):
    """One pass over the active profiles that changed something. Its mails wait until an officer releases them, or
    sets them aside."""

    __tablename__ = "alignment_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("listing_import.id"))  # the listing that stood
    because: Mapped[str]  # import, withdrawal, night, decision
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]  # its listing was withdrawn
    released_at: Mapped[datetime | None]
    released_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    set_aside_at: Mapped[datetime | None]  # nobody is told of it
    set_aside_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    set_aside_because: Mapped[str] = mapped_column(Text, default="")  # "" unless set aside


class AlignmentChange(Base):
    """What a run changed for one certificate or profile, in words, for its holder and for the office."""

    __tablename__ = "alignment_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("alignment_run.id"), index=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("operator_profile.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("certificate_claim.id"))
    what: Mapped[str]  # core.alignment.Change
    template: Mapped[str] = mapped_column(Text)
    values: Mapped[dict[str, Any]]
    mail: Mapped[str]  # waits (for the release), sent, not needed, set aside


class Discrepancy(Versioned, Taken, Base):
    """A standing listing says otherwise than a decision made here, or cannot be read; or none stands, and what the
    certificate rested on prevails no more: an officer looks, and decides. State: open, kept (what stands),
    followed (the listing), gone (no longer so). `import_id` is the listing by which it came to its state: in which
    it was found, about which it was decided, by which it is gone. On what the certificate rested before is kept,
    for the day on which that listing is withdrawn. Of a facility there is what the list says
    (core.facility_alignment.Said), and once it is decided what was on file, and what was made of it."""

    __tablename__ = "discrepancy"
    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int | None] = mapped_column(ForeignKey("operator_profile.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("certificate_claim.id"))
    facility_claim_id: Mapped[int | None] = mapped_column(ForeignKey("facility_claim.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("listing_import.id"))  # None: none stood
    found_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(default="")  # core.comparison.Outcome, as of the last pass; "" before it
    state: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reasons: Mapped[str] = mapped_column(Text, default="")
    former_basis: Mapped[str] = mapped_column(default="")  # "" where there is nothing to go back to
    former_confirmed_on: Mapped[date | None]
    former_import_id: Mapped[int | None] = mapped_column(ForeignKey("listing_import.id"))
    former_override_id: Mapped[int | None] = mapped_column(ForeignKey("claim_override.id"))
    listed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # None of a certificate
    on_file: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # None until decided
    followed_by: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # None: nothing to undo
    __table_args__ = (
        CheckConstraint("state in ('open', 'kept', 'followed', 'gone')", "state"),
        CheckConstraint("(claim_id is null) <> (facility_claim_id is null)", "one_claim"),
        CheckConstraint("(claim_id is null) = (profile_id is null)", "one_profile"),
        Index(None, "state", "found_at"),
        Index(
            "uq_discrepancy_open",
            "claim_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index(
            "uq_discrepancy_facility_open",
            "facility_claim_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )


class ListingAnswer(Base):
    """An officer has seen what a list says otherwise of a confirmed facility, and lets the facility stand. It
    holds until a list says something else (`ended_by`), and is void with its own list. At most one of a facility
    holds."""

    __tablename__ = "listing_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_claim_id: Mapped[int] = mapped_column(ForeignKey("facility_claim.id"), index=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("listing_import.id"), index=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)  # core.facility_alignment.Said
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("listing_import.id"), index=True)
    __table_args__ = (
        Index(
            "uq_listing_answer_holds",
            "facility_claim_id",
            unique=True,
            sqlite_where=text("ended_by is null"),
            postgresql_where=text("ended_by is null"),
        ),
    )


class OperatorRegion(Base):
    """A census division in which an operator works too, wherever the base is."""

    __tablename__ = "operator_region"
    profile_id: Mapped[int] = mapped_column(ForeignKey("operator_profile.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)  # of db.places.regions: 3501 to 3560
    __table_args__ = (Index(None, "code"),)


class ExpiryReminder(Base):
    """That somebody was reminded of an expiry: each reader once for each credential and distance."""

    __tablename__ = "expiry_reminder"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str]
    licence_type: Mapped[str]
    expiry: Mapped[date]
    before: Mapped[str]  # core.renewals.Ahead
    at: Mapped[datetime]
    __table_args__ = (
        Index(
            "uq_expiry_reminder",
            "account_id",
            "person_id",
            "number",
            "licence_type",
            "expiry",
            "before",
            unique=True,
        ),
    )
