"""One submission: what is claimed, what to know, and the decision. Its address survives sign-in."""

import streamlit as st

from core.entries import FacilityEntry
from core.facilities import FacilityClass, FacilityType
from core.licences import Licence
from core.profiles import State, SubmissionState
from core.sentences import in_english
from db.accounts.contacts import shown_telephone
from db.services import verification
from db.verification.flags import OnFile
from db.verification.office_queue import CertificateItem, Decision, FacilityItem, Item, Unknown
from ui import links, profile_parts, words
from ui.addresses import row_id
from ui.forms import Form, attempt
from ui.fresh import fresh
from ui.markup import html
from ui.session import asker

_OVERTAKEN = "overtaken-submission"  # decided by somebody else while this officer was typing


_EFFECTS = {
    "operator": "The profile is found no more, and the operator is told why. It can be restored as it was.",
    "owner": "The organization can neither search nor open contact details, and its members are told why. It can "
    "be restored as it was.",
}


def render() -> None:
    number = row_id(st.query_params.get("id", ""))
    if number is None:
        _nothing_here("The address names no submission.")
        return
    try:
        item = fresh("submission", number, lambda: verification.item(asker(), number))
    except Unknown as missing:
        _nothing_here(str(missing))
        return
    version = profile_parts.seen(f"submission-{item.submission_id}", item.version)
    was_drawn = f"return:{item.submission_id}.reasons" in st.session_state
    if was_drawn and version != item.version and item.state is not SubmissionState.OPEN:
        st.session_state[_OVERTAKEN] = item.submission_id
    words.title(f"Submission {item.submission_id}", _sentence(item))
    _ways(item)
    _claimant(item)
    if _may_decide(item):
        _decide(item, version)
    else:
        _show(item)
    _history(item)
    if not item.own:
        _suspension(item)


def _nothing_here(why: str) -> None:
    words.title("Submission", why)
    words.empty("Nothing is shown here.", "Open a submission from the queue.")
    links.to("Open the queue", "queue", primary=True)


def _may_decide(item: Item) -> bool:
    """Whether to draw the decision: also for one that was overtaken, so that what was typed is not lost."""
    overtaken = st.session_state.get(_OVERTAKEN) == item.submission_id
    return not item.own and (item.state is SubmissionState.OPEN or overtaken)


def _sentence(item: Item) -> str:
    if item.decided:
        return f"{item.state.label} by {item.decided.by} on {words.office_time(item.decided.at)}."
    if item.state is SubmissionState.WITHDRAWN:
        return f"{item.name} took it back; there is nothing to decide."
    since = words.office_time(item.submitted_at)
    if item.own:
        return f"It is your own, waiting since {since}; another officer decides on it."
    return f"{item.name} waits for a decision since {since}."


def _ways(item: Item) -> None:
    with st.container(horizontal=True):
        if item.previous_id is not None:
            links.to("Previous in the queue", "submission", id=item.previous_id)
        if item.next_id is not None:
            links.to("Next in the queue", "submission", id=item.next_id)
        links.to("The whole queue", "queue")


def _claimant(item: Item) -> None:
    facts: dict[str, object] = {"Operator": item.name, "Operator ID": item.operator_id}
    if item.organization_kind:
        facts = {"Organization": item.name, "Kind": item.organization_kind.label}
    telephone = shown_telephone(item.telephone)
    words.facts(facts | {"E-mail": item.email, "Telephone": telephone, "Profile": item.profile_state.label})
    for flag in item.flags:
        words.warning(flag.sentence)


# --- deciding ---------------------------------------------------------------------------------------------


def _decide(item: Item, version: int) -> None:
    st.subheader("Decision", anchor=False)
    form = Form("approval", key=item.submission_id)
    refused: dict[int, str] = {}
    transfers: set[int] = set()
    same_as: dict[int, int] = {}
    for one in item.claims:
        with st.container(border=True, key=f"claim-{one.claim_id}"):
            _claim(one)
            if isinstance(one, FacilityItem):
                on_file = _on_file(form, one)
                if on_file is not None:
                    same_as[one.claim_id] = on_file.facility_id
                changes_hands = one.changes_hands or (on_file is not None and on_file.changes_hands)
                if changes_hands and _passes(form, one):
                    transfers.add(one.claim_id)
            if form.checkbox(f"refuse-{one.claim_id}", f"Do not confirm this {_noun(item)}"):
                refused[one.claim_id] = form.textarea(f"claim-{one.claim_id}", "Reason", required=True)

    def approve() -> None:
        verification.approve(asker(), item.submission_id, version, refused, frozenset(transfers), same_as)

    if form.submit("Approve, apart from what is refused" if refused else "Approve", approve):
        _go_on(item, "approved")
    _return(item, version)


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


def _return(item: Item, version: int) -> None:
    form = Form("return", key=item.submission_id)
    reasons = form.textarea(
        "reasons",
        "Reasons for a return",
        help="What is wrong and what to do. The holder reads them, mends the profile and submits it again.",
    )

    def return_() -> None:
        verification.return_(asker(), item.submission_id, version, reasons)

    if form.submit("Return with reasons", return_, primary=False):
        _go_on(item, "returned")


def _go_on(item: Item, done: str) -> None:
    """After a decision: the next one that waits, or the queue."""
    profile_parts.forget_seen(f"submission-{item.submission_id}")
    words.say_after_rerun(f"Submission {item.submission_id} is {done}, and the holder is told by mail.")
    if item.next_id is None:
        links.go("queue")
    else:
        links.go("submission", id=item.next_id)
    st.rerun()


def _noun(item: Item) -> str:
    return "certificate" if item.kind == "operator" else "facility"


# --- what is claimed --------------------------------------------------------------------------------------


def _show(item: Item) -> None:
    st.subheader("What was submitted", anchor=False)
    for one in item.claims:
        with st.container(border=True, key=f"claim-{one.claim_id}"):
            _claim(one)
            words.standing(profile_parts.CLAIM_MARKS[one.state])
            if one.refused_because:
                st.text(f"Why it is not confirmed: {one.refused_because}")
    if item.decided and item.decided.reasons:
        st.text(f"Reasons: {item.decided.reasons}")


def _claim(one: CertificateItem | FacilityItem) -> None:
    if isinstance(one, CertificateItem):
        before = _licence(one.replaces) if one.replaces else {}
        words.facts(_beside(_licence(one.licence), before))
    else:
        before = _facility(one.replaces) if one.replaces else {}
        words.facts(_beside(_facility(one.facility), before))
        if one.facility.letter_file_id is not None:
            _letter(one.facility.letter_file_id, one.letter_name)
    for flag in one.flags:
        words.warning(flag.sentence)


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
        "Certificate number": facility.ministry_number or "None",
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
    if item.profile_state is State.SUSPENDED:
        if st.button("End the suspension"):
            attempt(
                lambda: verification.restore(asker(), item.profile_id, version, item.kind),
                "The profile is active again.",
            )
        return
    if item.profile_state is not State.ACTIVE:
        return
    with st.expander(f"Suspend this {item.kind}"):
        st.text(_EFFECTS[item.kind])
        form = Form("suspension", key=f"{item.kind}-{item.profile_id}")
        reasons = form.textarea("reasons", "Reason", required=True)
        if form.submit(
            "Suspend",
            lambda: verification.suspend(asker(), item.profile_id, version, reasons, item.kind),
            primary=False,
        ):
            words.say_after_rerun(f"The profile is suspended, and the {item.kind} is told why.")
            st.rerun()
