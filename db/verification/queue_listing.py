"""The office's queue: profiles, applications, overrides and discrepancies in one list, the oldest first."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.selectable import CompoundSelect

from core.certificate_applications import ApplicationState
from core.comparison import Outcome
from core.entries import clean
from core.facility_alignment import what_differs
from core.places import day_at
from core.profiles import SubmissionState
from core.queue import Entry, Filters, Kind, Place, Stage, Subject, in_order, places_around
from db.application_views import ApplicationRow, row_of
from db.gate import Work
from db.law_schema import ClassificationApplication
from db.names import holds, numbered
from db.office_days import days_waited
from db.register_schema import ClaimOverride, ClaimQuestion, Discrepancy
from db.schema import (
    Account,
    CertificateClaim,
    Credential,
    Facility,
    FacilityClaim,
    OperatorProfile,
    Organization,
    Person,
    Submission,
)
from db.verification import claimed_alike, claimed_types, overrides
from db.verification.confirmed_facilities import as_claimed
from db.verification.flags import Flag, flags_of
from db.verification.listed_otherwise import listed_otherwise
from db.verification.questions import in_words

PAGE = 50

_Listed = Select[str, int, datetime, str, str, int | None]
_OPEN = Submission.state == SubmissionState.OPEN
_NOTHING = literal("")


@dataclass(frozen=True)
class ProfileRow:
    """A profile that waits, or was decided. `claims` counts what is to be decided; `days` it has waited, in
    working days of the office; `borne_out` None where it was not compared; `region` "" where it is not known;
    `taken_by` "" while nobody has taken it. `same` are the other submissions that wait and claim the same."""

    submission_id: int
    kind: str
    name: str
    operator_id: str
    claims: int
    whole: bool  # the whole profile is to be verified, not only what is new or changed
    submitted_at: datetime
    days: int
    state: SubmissionState
    borne_out: Outcome | None
    region: str
    taken_by: str
    taken_by_me: bool
    question: Stage | None  # QUESTION or ANSWERED
    override_waits: bool  # for its second officer
    override_until: date | None  # the first day of review of those that two officers agreed to
    same: tuple[int, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class ClaimRow:
    """An override, for its second officer or its review, or a discrepancy: of whose certificate or facility, and
    `about` which. `id` is its own, `at` when it was proposed, due or found; `state` as its table says. `differs`
    is what an open discrepancy is about, in few words; "" otherwise."""

    kind: Kind
    id: int
    submission_id: int | None  # of an override
    name: str
    about: str
    at: datetime
    days: int
    state: str
    review_on: date | None  # of an override
    differs: str


Row = ProfileRow | ApplicationRow | ClaimRow


@dataclass(frozen=True)
class Queue:
    """One page of the queue. `found` counts what the filters leave; the other counts are of all that waits."""

    rows: tuple[Row, ...]
    found: int
    page: int
    pages: int
    kinds: Mapping[str, int]
    stages: Mapping[str, int]
    outcomes: Mapping[str, int]  # of profiles and differences, and of overrides that of their profile
    taken: Mapping[tuple[str, int], str]  # by kind and id, who has taken an application or a difference
    oldest: datetime | None

    @property
    def waiting(self) -> int:
        return sum(self.kinds.values())


def page_of(work: Work, filters: Filters, page: int) -> Queue:
    """One page of what waits, or of what is decided. A page beyond the last is the last."""
    waiting = _waiting(work)
    together = claimed_alike.together(work)
    if filters.stage == Stage.DECIDED:
        ids, found, page = _decided_page(work, filters, page)
    else:
        left = _left(work, waiting, filters)
        found, page = len(left), _within(page, len(left))
        shown = in_order(left, together)[(page - 1) * PAGE : page * PAGE]
        ids = [(entry.kind, entry.id) for entry in shown]
    return Queue(
        rows=_rows(work, ids, together),
        found=found,
        page=page,
        pages=_pages(found),
        kinds=Counter(entry.kind for entry in waiting),
        stages=Counter(stage for entry in waiting for stage in entry.stages),
        outcomes=Counter(entry.outcome for entry in waiting if entry.outcome),
        taken=_taken(work, ids),
        oldest=min((entry.since for entry in waiting), default=None),
    )


def neighbours(work: Work, here: Place, filters: Filters) -> tuple[Place | None, Place | None]:
    """Where the work goes back and on from a place, among what the filters leave; after the last to the first."""
    if filters.stage == Stage.DECIDED:
        found = _pairs(work, _decided(work, filters))
    else:
        left = in_order(_left(work, _waiting(work), filters), claimed_alike.together(work))
        found = [(entry.kind, entry.id) for entry in left]
    return places_around(here, _places(work, found))


def _places(work: Work, found: Sequence[tuple[str, int]]) -> list[Place]:
    """Where each is worked on; an override at its submission."""
    overrides = [one for kind, one in found if kind in _OVERRIDES]
    submission_of: dict[int, int] = {}
    if overrides:
        parts = select(ClaimOverride.id, ClaimOverride.submission_id).where(ClaimOverride.id.in_(overrides))
        submission_of.update((one, at) for one, at in work.session.execute(parts))
    return [Place(_SUBJECTS[kind], submission_of[one] if kind in _OVERRIDES else one) for kind, one in found]


_SUBJECTS = {kind.value: kind.subject for kind in Kind}
_PROFILES = frozenset({Kind.OPERATOR, Kind.OWNER})
_OVERRIDES = frozenset(kind for kind in Kind if kind.subject is Subject.SUBMISSION) - _PROFILES


def _pages(found: int) -> int:
    return max(1, -(-found // PAGE))


def _within(page: int, found: int) -> int:
    return min(max(page, 1), _pages(found))


# --- what waits ---------------------------------------------------------------------------------------------


def _waiting(work: Work) -> list[Entry]:
    """Everything that waits, in no order."""
    questions, reviews = _questions(work, _OPEN), overrides.due_since(work)
    rows = work.session.execute(union_all(*_statements(day_at(work.at)))).all()
    return [
        Entry(
            kind,
            one,
            reviews[one] if kind == Kind.REVIEW else since,
            region,
            outcome,
            _stages(work, kind, taken_by, questions.get(one)),
        )
        for kind, one, since, region, outcome, taken_by in rows
    ]


def _stages(work: Work, kind: str, taken_by: int | None, question: Stage | None) -> frozenset[str]:
    taken = _FREE
    if taken_by is not None:
        taken = _MINE if taken_by == work.account.id else _OTHERS
    if question is None or kind not in (Kind.OPERATOR, Kind.OWNER):
        return taken
    return taken | {question}


_FREE, _MINE, _OTHERS = (frozenset({one.value}) for one in (Stage.FREE, Stage.MINE, Stage.OTHERS))


def _questions(work: Work, which: ColumnElement[bool]) -> dict[int, Stage]:
    """Of each submission about which something was asked: whether an answer is still open."""
    rows = work.session.execute(
        select(ClaimQuestion.submission_id, ClaimQuestion.answered_at)
        .join(Submission, Submission.id == ClaimQuestion.submission_id)
        .where(which)
    )
    found: dict[int, Stage] = {}
    for submission_id, answered_at in rows:
        if answered_at is None or submission_id not in found:
            found[submission_id] = Stage.QUESTION if answered_at is None else Stage.ANSWERED
    return found


def _left(work: Work, waiting: list[Entry], filters: Filters) -> list[Entry]:
    left = waiting if filters == Filters() else [entry for entry in waiting if entry.passes(filters)]
    if filters.type:
        of_type = set(_pairs(work, claimed_types.of(work, filters.type, waiting=True)))
        left = [entry for entry in left if (entry.kind, entry.id) in of_type]
    words = clean(filters.words)
    if not words:
        return left
    statements = union_all(*_statements(day_at(work.at), words))
    named = {(row.kind, row.id) for row in work.session.execute(statements)}
    return [entry for entry in left if (entry.kind, entry.id) in named]


def _statements(today: date, words: str = "") -> list[_Listed]:
    """What waits, of each kind: its kind, id, since when, region, outcome and who has taken it."""
    applications, table = ClassificationApplication, Submission
    return [
        _submissions(Kind.OPERATOR, table.submitted_at, _OPEN, words),
        _submissions(Kind.OWNER, table.submitted_at, _OPEN, words),
        _applications(applications.submitted_at, applications.state == ApplicationState.OPEN, words),
        _on_claims(
            Kind.OVERRIDE, ClaimOverride, ClaimOverride.proposed_at, ClaimOverride.state == "waiting", words
        ),
        _on_claims(Kind.REVIEW, ClaimOverride, ClaimOverride.proposed_at, overrides.due(today), words),
        _on_claims(Kind.DISCREPANCY, Discrepancy, Discrepancy.found_at, Discrepancy.state == "open", words),
    ]


def _decided_statements(words: str) -> list[_Listed]:
    """The same of what is decided, with the moment of the decision."""
    applications = ClassificationApplication
    left_the_office = applications.state.in_(
        (ApplicationState.PASSED_ON, ApplicationState.RETURNED, ApplicationState.DECIDED)
    )
    decided = Submission.decided_at.is_not(None)
    return [
        _submissions(Kind.OPERATOR, Submission.decided_at, decided, words),
        _submissions(Kind.OWNER, Submission.decided_at, decided, words),
        _applications(applications.changed_at, left_the_office, words),
        _on_claims(
            Kind.OVERRIDE, ClaimOverride, ClaimOverride.decided_at, ClaimOverride.decided_at.is_not(None), words
        ),
        _on_claims(
            Kind.DISCREPANCY, Discrepancy, Discrepancy.decided_at, Discrepancy.decided_at.is_not(None), words
        ),
    ]


def _submissions(kind: Kind, at: InstrumentedAttribute[Any], which: ColumnElement[bool], words: str) -> _Listed:
    of_kind = Submission.operator_profile_id if kind is Kind.OPERATOR else Submission.organization_id
    query = select(
        literal(kind.value).label("kind"),
        Submission.id.label("id"),
        at.label("since"),
        Submission.region.label("region"),
        Submission.borne_out.label("outcome"),
        Submission.taken_by.label("taken_by"),
    ).where(which, of_kind.is_not(None))
    if not words:
        return query
    if kind is Kind.OPERATOR:
        return query.where(of_kind.in_(_profiles(words)))
    facilities = select(FacilityClaim.organization_id).where(_of_facility(words))
    return query.where(of_kind.in_(_organizations(words)) | of_kind.in_(facilities))


def _applications(at: InstrumentedAttribute[Any], which: ColumnElement[bool], words: str) -> _Listed:
    table = ClassificationApplication
    region = _region_of(Submission.organization_id == table.organization_id)
    query = _listed(Kind.APPLICATION, table.id, at, table.taken_by, region).where(which)
    if not words:
        return query
    facilities = select(Facility.id).where(
        or_(holds(Facility.plain_name, words), numbered(Facility.ministry_number, words))
    )
    return query.where(table.facility_id.in_(facilities) | table.organization_id.in_(_organizations(words)))


def _on_claims(kind: Kind, table: Any, at: Any, which: ColumnElement[bool], words: str) -> _Listed:
    if table is ClaimOverride:
        query = _listed(kind, table.id, at, None, Submission.region, Submission.borne_out)
        query = query.join(Submission, Submission.id == table.submission_id).where(which)
    else:
        query = _listed(kind, table.id, at, table.taken_by, _region_of_difference(), table.outcome).where(which)
    if not words:
        return query
    claims = select(CertificateClaim.id).where(CertificateClaim.profile_id.in_(_profiles(words)))
    facilities = select(FacilityClaim.id).where(
        _of_facility(words) | FacilityClaim.organization_id.in_(_organizations(words))
    )
    return query.where(table.claim_id.in_(claims) | table.facility_claim_id.in_(facilities))


def _region_of_difference() -> Any:
    holder = select(FacilityClaim.organization_id).where(FacilityClaim.id == Discrepancy.facility_claim_id)
    holder = holder.correlate(Discrepancy)  # of this very difference, though a query stands between
    of_owner = _region_of(Submission.organization_id == holder.scalar_subquery())
    of_operator = _region_of(Submission.operator_profile_id == Discrepancy.profile_id)
    return case((Discrepancy.profile_id.is_(None), of_owner), else_=of_operator)


def _region_of(holder: ColumnElement[bool]) -> Any:
    """The region of what a holder handed in last; "" where nothing was."""
    latest = select(Submission.region).where(holder).order_by(Submission.id.desc()).limit(1)
    return func.coalesce(latest.scalar_subquery(), "")


def _listed(
    kind: Kind, id: Any, at: Any, taken_by: Any = None, region: Any = _NOTHING, outcome: Any = _NOTHING
) -> _Listed:
    """A statement in the form of `_submissions`. Without `taken_by` nobody takes it, as an override: its
    submission is taken, and has region and outcome. An application is compared with no listing: no outcome."""
    nobody = literal(None, Submission.taken_by.type)
    return select(
        literal(kind.value).label("kind"),
        id.label("id"),
        at.label("since"),
        region.label("region"),
        outcome.label("outcome"),
        (nobody if taken_by is None else taken_by).label("taken_by"),
    )


def _profiles(words: str) -> Select[int]:
    """Operators' profiles whose name, Operator ID or a certificate's number holds the words."""
    certificates = select(CertificateClaim.profile_id).where(numbered(CertificateClaim.number, words))
    return (
        select(OperatorProfile.id)
        .join(Person, Person.id == OperatorProfile.person_id)
        .where(
            or_(
                holds(Person.plain_name, words),
                numbered(OperatorProfile.claimed_operator_id, words),
                OperatorProfile.id.in_(certificates),
            )
        )
    )


def _organizations(words: str) -> Select[int]:
    return select(Organization.id).where(holds(Organization.plain_name, words))


def _of_facility(words: str) -> ColumnElement[bool]:
    """A facility's claim whose name or number holds the words."""
    return or_(holds(FacilityClaim.plain_name, words), numbered(FacilityClaim.ministry_number, words))


def _decided(work: Work, filters: Filters) -> Select[str, int]:
    """Kind and id of what was decided and the filters leave, the latest first."""
    decided = union_all(*_decided_statements(clean(filters.words))).subquery()
    query = select(decided.c.kind, decided.c.id)
    for column, value in (("kind", filters.kind), ("region", filters.region), ("outcome", filters.outcome)):
        if value:
            query = query.where(decided.c[column] == value)
    if filters.type:
        of_type = claimed_types.of(work, filters.type).subquery()
        query = query.join(of_type, and_(of_type.c.kind == decided.c.kind, of_type.c.id == decided.c.id))
    return query.order_by(decided.c.since.desc(), decided.c.kind, decided.c.id.desc())


def _decided_page(work: Work, filters: Filters, page: int) -> tuple[list[tuple[str, int]], int, int]:
    """One page of it; how many there are, and the page within them."""
    query = _decided(work, filters)
    found = work.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    page = _within(page, found)
    return _pairs(work, query.limit(PAGE).offset((page - 1) * PAGE)), found, page


def _pairs(work: Work, query: Select[str, int] | CompoundSelect[str, int]) -> list[tuple[str, int]]:
    return [(kind, one) for kind, one in work.session.execute(query)]


# --- the rows of a page, with as many statements for many as for few ----------------------------------------


def _rows(work: Work, shown: Sequence[tuple[str, int]], together: Mapping[int, int]) -> tuple[Row, ...]:
    today = day_at(work.at)
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, one in shown:
        ids[kind].append(one)
    rows: dict[tuple[str, int], Row] = {}
    rows |= _profile_rows(work, ids[Kind.OPERATOR] + ids[Kind.OWNER], together, today)
    for one, application in _by_id(work, ClassificationApplication, ids[Kind.APPLICATION]).items():
        rows[Kind.APPLICATION, one] = row_of(application, today)
    for of_claims in (Kind.OVERRIDE, Kind.REVIEW, Kind.DISCREPANCY):
        rows |= _claim_rows(work, of_claims, ids[of_claims], today)
    return tuple(rows[kind, one] for kind, one in shown)


def _profile_rows(
    work: Work, ids: Collection[int], together: Mapping[int, int], today: date
) -> dict[tuple[str, int], Row]:
    if not ids:
        return {}
    submissions = _by_id(work, Submission, ids)
    waiting = [one for one in submissions.values() if one.state == SubmissionState.OPEN]
    flags = flags_of(work, waiting)
    questions = _questions(work, Submission.id.in_(ids))
    overridden = set(work.session.scalars(_override_waits(ids)))
    agreed = _overrides_until(work, ids)
    same = claimed_alike.others(together, ids)
    takers = _names(work, {one.taken_by for one in submissions.values() if one.taken_by})
    rows: dict[tuple[str, int], Row] = {}
    for one in submissions.values():
        kind = Kind.OWNER if one.operator_profile_id is None else Kind.OPERATOR
        rows[kind, one.id] = ProfileRow(
            submission_id=one.id,
            kind=kind,
            name=one.claimed["name"],
            operator_id=one.claimed.get("operator_id", ""),
            claims=len(one.claimed["claims"]),
            whole=one.claimed["whole"],
            submitted_at=one.submitted_at,
            days=days_waited(day_at(one.submitted_at), today),
            state=SubmissionState(one.state),
            borne_out=_borne_out(one),
            region=one.region,
            taken_by=takers.get(one.taken_by, ""),
            taken_by_me=one.taken_by == work.account.id,
            question=questions.get(one.id),
            override_waits=one.id in overridden,
            override_until=agreed.get(one.id),
            same=same.get(one.id, ()),
            flags=flags.get(one.id, ()),
        )
    return rows


def _borne_out(submission: Submission) -> Outcome | None:
    """How the listing bears it out, or did when it was decided; None where nothing was compared then."""
    found = Outcome(submission.borne_out) if submission.borne_out else None
    decided = submission.state != SubmissionState.OPEN
    return None if decided and found is Outcome.NOT_COMPARABLE else found


def _override_waits(submission_ids: Collection[int]) -> Select[int]:
    """Those of the submissions of which an override waits for its second officer."""
    return select(ClaimOverride.submission_id).where(
        ClaimOverride.submission_id.in_(submission_ids), ClaimOverride.state == "waiting"
    )


def _overrides_until(work: Work, submission_ids: Collection[int]) -> dict[int, date]:
    """Of each submission of whose profile something stands by an override, the first day of review."""
    certificates = (
        select(Submission.id, ClaimOverride.review_on)
        .join(CertificateClaim, CertificateClaim.profile_id == Submission.operator_profile_id)
        .join(ClaimOverride, ClaimOverride.claim_id == CertificateClaim.id)
    )
    facilities = (
        select(Submission.id, ClaimOverride.review_on)
        .join(FacilityClaim, FacilityClaim.organization_id == Submission.organization_id)
        .join(ClaimOverride, ClaimOverride.facility_claim_id == FacilityClaim.id)
    )
    which = Submission.id.in_(submission_ids), ClaimOverride.state == "standing"
    rows = work.session.execute(union_all(certificates.where(*which), facilities.where(*which))).all()
    latest_first = sorted(rows, key=lambda row: row.review_on, reverse=True)
    return {row.id: row.review_on for row in latest_first}


def _claim_rows(work: Work, kind: Kind, ids: Collection[int], today: date) -> dict[tuple[str, int], Row]:
    """Overrides or differences, of certificates and of facilities."""
    if not ids:
        return {}
    table: Any = Discrepancy if kind is Kind.DISCREPANCY else ClaimOverride
    of_operators = (
        select(table, CertificateClaim, Person)
        .join(CertificateClaim, CertificateClaim.id == table.claim_id)
        .join(OperatorProfile, OperatorProfile.id == CertificateClaim.profile_id)
        .join(Person, Person.id == OperatorProfile.person_id)
    )
    of_owners = (
        select(table, FacilityClaim, Organization)
        .join(FacilityClaim, FacilityClaim.id == table.facility_claim_id)
        .join(Organization, Organization.id == FacilityClaim.organization_id)
    )
    statements: list[Any] = [of_operators, of_owners]
    found = [row for each in statements for row in work.session.execute(each.where(table.id.in_(ids)))]
    differs = _differs(work, found) if kind is Kind.DISCREPANCY else {}
    return {
        (kind, one.id): _claim_row(kind, one, holder.name, in_words(claim), today, differs.get(one.id, ""))
        for one, claim, holder in found
    }


def _differs(work: Work, found: Sequence[Any]) -> Mapping[int, str]:
    """What the open ones of these differences are about, each with its claim and who holds it. One statement."""
    people = [holder.id for _, _, holder in found if isinstance(holder, Person)]
    otherwise = listed_otherwise(work, Credential.person_id.in_(people))
    said = {}
    for one, claim, _ in found:
        if one.state != "open":
            continue
        if isinstance(claim, FacilityClaim):
            said[one.id] = what_differs(as_claimed(claim), one.listed or {})
        elif claim.id in otherwise:
            said[one.id] = otherwise[claim.id].what
        elif one.outcome:
            said[one.id] = Outcome(one.outcome).label
    return said


def _claim_row(kind: Kind, one: Any, name: str, about: str, today: date, differs: str) -> ClaimRow:
    at = _since(kind, one)
    return ClaimRow(
        kind=kind,
        id=one.id,
        submission_id=None if kind is Kind.DISCREPANCY else one.submission_id,
        name=name,
        about=about,
        at=at,
        days=days_waited(day_at(at), today),
        state=one.state,
        review_on=None if kind is Kind.DISCREPANCY else one.review_on,
        differs=differs,
    )


def _since(kind: Kind, one: Any) -> datetime:
    if kind is Kind.REVIEW:
        return overrides.due_for_review_since(one)
    at: datetime = one.proposed_at if kind is Kind.OVERRIDE else one.found_at
    return at


def _taken(work: Work, shown: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
    """Who has taken what of the applications and differences that are shown; a profile's row says it itself."""
    takers: dict[tuple[str, int], int] = {}
    for kind, table in ((Kind.APPLICATION, ClassificationApplication), (Kind.DISCREPANCY, Discrepancy)):
        ids = [one for shown_kind, one in shown if shown_kind == kind]
        if ids:
            found = select(table.id, table.taken_by).where(table.id.in_(ids))
            takers |= {(kind.value, one): by for one, by in work.session.execute(found) if by is not None}
    names = _names(work, set(takers.values()))
    return {place: names[account_id] for place, account_id in takers.items()}


def _names(work: Work, account_ids: Collection[int]) -> dict[int, str]:
    accounts = select(Account).where(Account.id.in_(account_ids))
    return {account.id: account.person.name for account in work.session.scalars(accounts)} if account_ids else {}


def _by_id(work: Work, table: Any, ids: Collection[int]) -> dict[int, Any]:
    return {row.id: row for row in work.session.scalars(select(table).where(table.id.in_(ids)))} if ids else {}
