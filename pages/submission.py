"""One submission: what is claimed beside the listing, what to know, and the decision. Its address survives
sign-in, and carries the filters of the queue that it was opened from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.comparison import Outcome
from core.entries import FacilityEntry
from core.facilities import FacilityClass, FacilityType
from core.licences import Licence
from core.profiles import ClaimState, State, SubmissionState
from core.queue import Place, Subject
from core.sentences import in_english
from db.accounts.contacts import shown_telephone
from db.places import regions
from db.services import reason_templates, verification
from db.services.reason_templates import Words
from db.verification.flags import OnFile
from db.verification.noted import Noted
from db.verification.office_queue import CertificateItem, Decision, FacilityItem, Item, Suspension, Unknown
from ui import claims, comparisons, decided, links, mailed, profile_parts, queue_filters, queue_ways, words
from ui.addresses import row_id
from ui.forms import Form, attempt
from ui.fresh import fresh
from ui.markup import html
from ui.session import asker

_OVERTAKEN = "overtaken-submission"  # the one that was decided while this officer's page asked for a decision
_REASONS = "Reasons for a return"
_REFUSED = "Reason"
_DESPITE = "Why it is confirmed although the listing does not show it in force"
_ALIKE = "Why it is confirmed for this person too"
_DESPITE_BOTH = "Why it is confirmed for this person too, although the listing does not show it in force"
_SAME_PERSON = "Why the two are one person"
_SUSPENSION = "Reason for the suspension"

_EFFECTS = {
    "operator": "The profile is found no more, and the operator is told why. It can be restored as it was.",
    "owner": "The organization can neither search nor open contact details, and its members are told why. It can "
    "be restored as it was.",
}
_TOO = (
    "Alignment has suspended it already, since nothing of it counts, and ends that as soon as something does. "
    "Once you suspend it too, it stays suspended until an officer ends that. The operator is told why."
)


def render() -> None:
    number = row_id(st.query_params.get("id", ""))
    if number is None:
        _nothing_here("The address names no submission.")
        return
    filters = queue_filters.in_address()
    try:
        item = fresh("submission", number, lambda: verification.item(asker(), number))
    except Unknown as missing:
        _nothing_here(str(missing))
        return
    version, noted = profile_parts.seen(f"submission-{item.submission_id}", (item.version, item.noted))
    was_drawn = f"return:{item.submission_id}.reasons" in st.session_state
    if was_drawn and version != item.version and item.state is not SubmissionState.OPEN:
        st.session_state[_OVERTAKEN] = item.submission_id
    words.title_of(item.name, f"{_sentence(item)} Submission {item.submission_id}.")
    if st.session_state.get(_OVERTAKEN) == item.submission_id:
        done = "decided" if item.decided else "taken back"
        words.warning(f"It was {done} after your page was drawn, so nothing more was done here.")
    place = Place(Subject.SUBMISSION, item.submission_id)
    around = queue_ways.around(place, filters)
    to_decide = item.state is SubmissionState.OPEN and not item.own
    queue_ways.draw(around, filters, ", Shift+A approve, Shift+T return" if to_decide else "")
    _claimant(item)
    if to_decide:
        queue_ways.who_works_on_it(place, around, version)
        _decide(item, version, noted, partial(queue_ways.go_on, around, filters))
    else:
        _show(item, version)
    _history(item)
    if not item.own:
        _suspension(item)


def _nothing_here(why: str) -> None:
    words.title("Submission", why)
    words.empty("Nothing is shown here.", "Open a submission from the queue.")
    links.to("Open the queue", "queue", primary=True)


def _sentence(item: Item) -> str:
    if item.decided:
        return f"{item.state.label} by {item.decided.by} on {words.office_time(item.decided.at)}."
    if item.state is SubmissionState.WITHDRAWN:
        return f"{item.name} took it back; there is nothing to decide."
    since = words.office_time(item.submitted_at)
    if item.own:
        return f"It is your own, waiting since {since}; another officer decides on it."
    return f"{item.name} waits for a decision since {since}."


def _claimant(item: Item) -> None:
    facts: dict[str, object] = {"Operator": item.name, "Operator ID": item.operator_id}
    if item.organization_kind:
        facts = {"Organization": item.name, "Kind": item.organization_kind.label}
    telephone = shown_telephone(item.telephone)
    facts |= {"E-mail": item.email, "Telephone": telephone, "Profile": _state(item)}
    words.facts(facts | {"Region": regions().get(item.region, "Not known")})
    if item.state is SubmissionState.OPEN:
        profile_parts.checked_against(item.checked_against)
    if item.borne_out and (item.state is SubmissionState.OPEN or item.borne_out is not Outcome.NOT_COMPARABLE):
        words.standing(comparisons.MARKS[item.borne_out])
    for flag in item.flags:
        words.warning(flag.sentence)
    for believed in item.believed:
        claims.override(believed.override, believed.what)


def _state(item: Item) -> str:
    """The profile's state as the office says it: its holder reads “Returned to you”."""
    return "Returned" if item.profile_state is State.RETURNED else item.profile_state.label


# --- deciding ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Chosen:
    """What the officer has chosen for the claims, as `verification.approve` takes it."""

    refused: dict[int, str]
    despite: dict[int, str]
    transfers: set[int]
    same_as: dict[int, int]


def _decide(item: Item, version: int, noted: Noted, leave: Callable[[], None]) -> None:
    st.subheader("Decision", anchor=False)
    templates = fresh("reason-templates", "", lambda: reason_templates.all_templates(asker()))
    form = _approving(item)
    same_person = _same_person(form, item)
    chosen = _Chosen({}, {}, set(), {})
    for one in item.claims:
        with st.container(border=True, key=f"claim-{one.claim_id}"):
            _claim(item, one)
            if one.state is not ClaimState.WAITING:
                _stands(item, one)
            if one.state is not ClaimState.REFUSED:
                _choose(form, one, chosen, templates)
            else:
                form.set_aside(**_refused_for(one))
                _despite(form, one, chosen)
            _alone(item, form, one, chosen, version, noted)
            drop = partial(form.drop, *_reasons_for(one))
            claims.further(item, one, version, chosen.despite.get(one.claim_id, ""), drop)

    def approve() -> None:
        verification.approve(
            asker(),
            item.submission_id,
            version,
            chosen.refused,
            frozenset(chosen.transfers),
            chosen.same_as,
            chosen.despite,
            same_person,
            noted,
        )

    open_questions = sum(question.answered_at is None for one in item.claims for question in one.questions)
    if open_questions:
        words.notice(f"Questions without an answer: {open_questions}. A decision ends them.")
    label = "Approve, apart from what is refused" if chosen.refused else "Approve"
    if form.submit(label, approve, shortcut=queue_ways.key("Shift+A")):
        refused = chosen.refused or any(one.state is ClaimState.REFUSED for one in item.claims)
        _go_on(item, "approved, apart from what is refused" if refused else "approved", leave)
    _return(item, version, templates, leave)


def _same_person(form: Form, item: Item) -> str:
    """Why somebody who has the Operator ID by another name is this operator; asked for where there is one."""
    if any(flag.other_name for flag in item.flags):
        help = "The Operator ID is confirmed under another name. It is kept with the decision."
        return form.textarea("same_person", _SAME_PERSON, required=True, help=help)
    form.set_aside(same_person=_SAME_PERSON)
    return ""


def _choose(
    form: Form, one: CertificateItem | FacilityItem, chosen: _Chosen, templates: tuple[Words, ...]
) -> None:
    if isinstance(one, FacilityItem):
        on_file = _on_file(form, one)
        if on_file is not None:
            chosen.same_as[one.claim_id] = on_file.facility_id
        changes_hands = one.changes_hands or (on_file is not None and on_file.changes_hands)
        if changes_hands and _passes(form, one):
            chosen.transfers.add(one.claim_id)
    if form.checkbox(f"refuse-{one.claim_id}", f"Do not confirm this {one.noun}"):
        ((field, label),) = _refused_for(one).items()
        claims.choose_words(form, field, templates)
        chosen.refused[one.claim_id] = form.textarea(field, label, required=True)
    else:
        _despite(form, one, chosen)


def _despite(form: Form, one: CertificateItem | FacilityItem, chosen: _Chosen) -> None:
    """Why it is confirmed although the listing, or what another person has confirmed, speaks against it."""
    if isinstance(one, CertificateItem) and one.needs_reason:
        chosen.despite[one.claim_id] = form.textarea(
            f"despite-{one.claim_id}", _why_despite(one), required=True, help="It is kept with the decision."
        )


def _why_despite(one: CertificateItem | FacilityItem) -> str:
    """What that reason is called."""
    listed = one.comparison is not None and one.comparison.not_in_force is not None
    if isinstance(one, CertificateItem) and one.alike:
        return _DESPITE_BOTH if listed else _ALIKE
    return _DESPITE


def _refused_for(one: CertificateItem | FacilityItem) -> dict[str, str]:
    """The field and the label of the reason for which one is not confirmed."""
    return {f"claim-{one.claim_id}": _REFUSED}


def _reasons_for(one: CertificateItem | FacilityItem) -> dict[str, str]:
    """That, and the one for which it is confirmed all the same."""
    return _refused_for(one) | {f"despite-{one.claim_id}": _why_despite(one)}


def _alone(
    item: Item,
    approval: Form,
    one: CertificateItem | FacilityItem,
    chosen: _Chosen,
    version: int,
    noted: Noted,
) -> None:
    """Of several, one is decided now and the rest later."""
    refuses = one.claim_id in chosen.refused
    if len(item.claims) == 1 or (one.state is ClaimState.CONFIRMED and not refuses):
        return

    def decide() -> None:
        about = (asker(), item.submission_id, version, one.claim_id)
        if refuses:
            verification.refuse_one(*about, chosen.refused[one.claim_id])
        else:
            despite = chosen.despite.get(one.claim_id, "")
            transfer, same_as = one.claim_id in chosen.transfers, chosen.same_as.get(one.claim_id)
            verification.confirm_one(*about, transfer, same_as, despite, noted)

    form = Form("alone", key=f"{item.submission_id}-{one.claim_id}")
    if form.submit(f"{'Refuse' if refuses else 'Confirm'} {one.called} now", decide, primary=False):
        done = "refused" if refuses else "confirmed"
        approval.drop(f"refuse-{one.claim_id}", *_reasons_for(one))
        words.say_after_rerun(f"The {one.noun} is {done}. The holder is told once, when you decide on the rest.")
        st.rerun()


def _on_file(form: Form, facility: FacilityItem) -> OnFile | None:
    """Which facility on file a claim without a number means, as the officer says; None for a new one."""
    perhaps = {str(one.facility_id): one for one in facility.perhaps}
    if not perhaps:
        return None
    chosen = form.select(
        f"same-{facility.claim_id}",
        "It is this facility on file",
        tuple(perhaps),
        shown=lambda number: f"{perhaps[number].name} (facility {number})",
        help="Leave it empty where it is a new one.",
    )
    return perhaps[chosen] if chosen else None


def _passes(form: Form, facility: FacilityItem) -> bool:
    return form.checkbox(f"transfer-{facility.claim_id}", "It passes to this organization today")


def _approving(item: Item) -> Form:
    return Form("approval", key=item.submission_id)


def _returning(item: Item) -> Form:
    return Form("return", key=item.submission_id)


def _return(item: Item, version: int, templates: tuple[Words, ...], leave: Callable[[], None]) -> None:
    form = _returning(item)
    claims.choose_words(form, "reasons", templates)
    reasons = form.textarea(
        "reasons",
        _REASONS,
        help="What is wrong and what to do. The holder reads them, mends the profile and submits it again.",
    )

    def return_() -> None:
        verification.return_(asker(), item.submission_id, version, reasons)

    if form.submit("Return with reasons", return_, primary=False, shortcut=queue_ways.key("Shift+T")):
        _go_on(item, "returned", leave)


def _go_on(item: Item, done: str, leave: Callable[[], None]) -> None:
    """After a decision: says whose it was and how it ended, above the next one that waits, or the queue."""
    profile_parts.forget_seen(f"submission-{item.submission_id}")
    decided_now = f"Submission {item.submission_id} of {item.name} is {done}"
    words.say_after_rerun(mailed.told(decided_now, "the holder is"))
    leave()
    st.rerun()


# --- what is claimed --------------------------------------------------------------------------------------


def _show(item: Item, version: int) -> None:
    st.subheader("What was submitted", anchor=False)
    for one in item.claims:
        with st.container(border=True, key=f"claim-{one.claim_id}"):
            _claim(item, one)
            _stands(item, one)
            if not item.own:
                claims.review(item, one, version)
                _approving(item).set_aside(**_reasons_for(one))
                claims.set_aside(item, one)
    if item.decided and item.decided.reasons:
        st.text(f"Reasons: {item.decided.reasons}")
    if not item.own:
        _approving(item).set_aside(same_person=_SAME_PERSON)
        _returning(item).set_aside(reasons=_REASONS)


def _stands(item: Item, one: CertificateItem | FacilityItem) -> None:
    """What was decided on it, and what stands of it now."""
    decided.then(item, one)
    decided.now(item, one)
    if isinstance(one, CertificateItem):
        _rests_on(one)
        if one.despite:
            st.text(f"{_why_despite(one)}: {one.despite}")
    decided.why_not(item, one)


def _rests_on(one: CertificateItem) -> None:
    if one.basis and one.confirmed_on and one.state is ClaimState.CONFIRMED and decided.counts(one):
        on = profile_parts.rests_on(one.basis, one.confirmed_on, withdrawn=one.rests_on_withdrawn)
        st.text(f"It rests on {on}.")


def _claim(item: Item, one: CertificateItem | FacilityItem) -> None:
    """A claim beside the listing where it is compared; beside what it would replace in any case."""
    if one.comparison is not None:
        if item.state is not SubmissionState.OPEN:
            st.text(comparisons.compared_with(one.listed_on))
        if item.state is SubmissionState.OPEN or one.listed_on is not None:
            comparisons.outcome(one.comparison)
        claims.beside_the_listing(item, one)
        comparisons.near(one.near)
    elif isinstance(one, CertificateItem):
        words.facts(_beside(_licence(one.licence), _licence(one.replaces) if one.replaces else {}))
    else:
        words.facts(_beside(_facility(one.facility), _facility(one.replaces) if one.replaces else {}))
    if isinstance(one, FacilityItem) and one.facility.letter_file_id is not None:
        _letter(one.facility.letter_file_id, one.letter_name)
    for flag in one.flags:
        words.warning(flag.sentence)
    claims.override(one.override)
    claims.asked(one)


def _beside(claimed: dict[str, object], before: dict[str, object]) -> dict[str, object]:
    """What is claimed, and after it, in words, what the confirmed entry says where it differs."""
    return {
        name: value
        if not before or before[name] == value
        else f"{in_english(value)} (confirmed until now: {in_english(before[name])})"
        for name, value in claimed.items()
    }


def _licence(licence: Licence) -> dict[str, object]:
    return {
        "Number": licence.number,
        "Type": licence.licence_type.label,
        "Class": licence.licence_class.label if licence.licence_class else "None",
        "Expiry": licence.expiry,
        "Valid only for": licence.valid_for or "Any owner",
    }


def _facility(facility: FacilityEntry) -> dict[str, object]:
    return {
        "Facility number": facility.ministry_number or "None",
        "Name": facility.name,
        "Type": FacilityType(facility.facility_type or "").label,
        "Class": FacilityClass(facility.facility_class or "").label,
        "Place": f"{facility.place} ({facility.latitude}, {facility.longitude})",
        "Letter": f"{facility.letter_reference}, {in_english(facility.letter_date)}"
        if facility.letter_date
        else "None",
    }


def _letter(file_id: int, name: str) -> None:
    """The scanned letter, opened only when it is asked for: each look is recorded."""
    html(
        '<a href="/documents/{id}" target="_blank" rel="noopener">Open the letter {name} in a new tab</a>',
        id=file_id,
        name=name,
    )


# --- before and besides -----------------------------------------------------------------------------------


def _history(item: Item) -> None:
    if not item.history:
        return
    st.subheader("Earlier submissions", anchor=False)
    for decision in item.history:
        _decision(decision)


def _decision(decision: Decision) -> None:
    with st.container(border=True):
        words.facts({decision.state.label: f"{words.office_time(decision.at)}, by {decision.by}"})
        if decision.reasons:
            st.text(decision.reasons)


def _suspension(item: Item) -> None:
    version = profile_parts.seen(f"{item.kind}-{item.profile_id}", item.profile_version)
    found, form = item.suspension, Form("suspension", key=f"{item.kind}-{item.profile_id}")
    if found:
        _suspended(found)
    if found and not found.by_alignment:
        form.say_problems()
        form.set_aside(reasons=_SUSPENSION)
        if st.button("End the suspension"):
            attempt(
                lambda: verification.restore(asker(), item.profile_id, version, item.kind),
                "The office’s suspension has ended. How the profile stands now is shown below.",
            )
        return
    if not found and item.profile_state is not State.ACTIVE:
        return
    with st.expander(f"Suspend this {item.kind}"):
        st.text(_TOO if found else _EFFECTS[item.kind])
        reasons = form.textarea("reasons", _SUSPENSION, required=True)
        if form.submit(
            "Suspend",
            lambda: verification.suspend(asker(), item.profile_id, version, reasons, item.kind),
            primary=False,
        ):
            words.say_after_rerun(mailed.told("The profile is suspended", f"the {item.kind} is"))
            st.rerun()


def _suspended(found: Suspension) -> None:
    """By whom the profile is suspended, since when, and why."""
    by = "alignment" if found.by_alignment else found.by or "the office"
    since = f", on {words.office_time(found.at)}" if found.at else ""
    words.facts({"Suspended": f"by {by}{since}", "Why it is suspended": found.because})
