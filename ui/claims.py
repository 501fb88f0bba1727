"""One certificate or facility of a submission as the office works on it: beside the listing, its override, its
questions, and reasons to choose from."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from core.comparison import owner_not_compared
from core.listings import ListedFacility
from core.overrides import REVIEW_MONTHS
from db.services import overrides, questions
from db.services.reason_templates import Words
from db.verification.office_queue import CertificateItem, FacilityItem, Item
from db.verification.overrides import Override
from ui import comparisons, links, mailed, profile_parts, words
from ui.forms import Form, attempt
from ui.session import asker
from ui.words import Mark


def beside_the_listing(item: Item, one: CertificateItem | FacilityItem) -> None:
    """What is claimed, the line of the listing, what was confirmed until now, and what others claim."""
    columns: list[comparisons.Column] = []
    listing = comparisons.listing(one.listed_on)
    if isinstance(one, CertificateItem):
        columns.append(("Claimed", comparisons.certificate(one.licence, item.operator_id, item.name)))
        if one.comparison and one.comparison.licence:
            columns.append((listing, comparisons.listed_certificate(one.comparison.licence)))
        if one.replaces:
            confirmed = comparisons.certificate(one.replaces, item.operator_id, item.name)
            columns.append(("Confirmed until now", confirmed))
    else:
        owner = f"{item.name} operates it for the owner" if item.operates_for_the_owner else item.name
        columns.append(("Claimed", comparisons.facility(one.facility, owner)))
        if one.comparison and one.comparison.facility:
            columns.append((listing, comparisons.listed_facility(one.comparison.facility)))
            _why_the_owner_is_not_compared(item, one.comparison.facility)
        if one.replaces:
            columns.append(("Confirmed until now", comparisons.facility(one.replaces, owner)))
    for rival in one.rivals:
        heading = f"Also claimed, submission {rival.submission_id}"
        if rival.licence:
            columns.append((heading, comparisons.certificate(rival.licence, rival.operator_id, rival.name)))
        elif rival.facility:
            columns.append((heading, comparisons.facility(rival.facility, rival.name)))
    caption = "What is claimed, beside what is on file" if len(columns) > 1 else "What is claimed"
    comparisons.beside(caption, columns)
    if isinstance(one, FacilityItem) and one.difference_id is not None:
        words.standing(profile_parts.LOOKED_AT)
        links.to(f"Open difference {one.difference_id}", "discrepancy", id=one.difference_id)
    for rival in one.rivals:
        links.to(
            f"Open submission {rival.submission_id}, which claims the same", "submission", id=rival.submission_id
        )


def _why_the_owner_is_not_compared(item: Item, listed: ListedFacility) -> None:
    said = owner_not_compared(item.name, listed) if item.operates_for_the_owner else None
    if said:
        st.text(str(said))


def choose_words(form: Form, field: str, templates: Sequence[Words]) -> None:
    """A reason of those kept fills the field, where it stays editable."""
    if not templates:
        return
    by_id = {template.template_id: template for template in templates}
    key = f"{form.name}.{field}.template"

    def fill() -> None:
        chosen = st.session_state.get(key)
        if chosen is not None:
            form.fill(field, by_id[chosen].words)

    st.selectbox(
        "Reasons to choose from",
        tuple(by_id),
        index=None,
        format_func=lambda template_id: by_id[template_id].title,
        placeholder="Choose",
        key=key,
        on_change=fill,
    )


def further(
    item: Item,
    one: CertificateItem | FacilityItem,
    version: int,
    despite: str,
    agreed: Callable[[], None],
) -> None:
    """What can be done about one claim besides confirming or refusing it: an override, a question. `despite` is
    the reason why it is confirmed although another person has it confirmed; `agreed` is called once it is."""
    _override_to_decide(one, despite, agreed)
    _propose(item, one, version)
    _ask(item, one, version)


def set_aside(item: Item, one: CertificateItem | FacilityItem) -> None:
    """What was typed to ask about a claim before it was decided."""
    _question(item, one).set_aside(**{_asked_in(one): _QUESTION})


def _about(item: Item, one: CertificateItem | FacilityItem) -> str:
    """What tells a form about one claim apart: certificates and facilities are numbered each by themselves."""
    return f"{item.submission_id}-{one.claim_id}"


# --- overrides --------------------------------------------------------------------------------------------


def override(found: Override | None, what: str = "") -> None:
    """An override: by whom, why, until when; of `what`, where that is not beside it."""
    if found is None:
        return
    words.standing(_mark(found))
    said: dict[str, object] = {"What": what} if what else {}
    said |= {
        "Override proposed": f"{words.office_time(found.proposed_at)}, by {found.proposed_by}",
        "Why": found.reason,
        "Reviewed on": found.review_on,
    }
    if found.decided_by:
        said["Second officer"] = found.decided_by
    if found.refused_because:
        said["Why it is refused"] = found.refused_because
    words.facts(said)


def _mark(found: Override) -> Mark:
    return {
        "waiting": Mark("?", "The override waits for a second officer", "unknown"),
        "standing": Mark("▲", profile_parts.overridden(found.review_on), "due"),
        "refused": Mark("■", "The second officer did not agree to the override", "wrong"),
        "ended": Mark("–", "The override has ended", "none"),
    }[found.state]


_PROPOSAL = {"reason": "Why it is believed", "review_on": "Reviewed on"}
_DISAGREES = "Why you do not agree"


def _proposal(item: Item, one: CertificateItem | FacilityItem) -> Form:
    return Form("override", key=_about(item, one))


def _renewal(item: Item, one: CertificateItem | FacilityItem) -> Form:
    return Form("override-again", key=_about(item, one))


def _refusal(found: Override) -> Form:
    return Form("override-refusal", key=found.override_id)


def _overtaken(form: Form, **labels: str) -> None:
    """A colleague was first: why nothing was done, and what was typed."""
    form.say_problems()
    form.set_aside(**labels)


def _override_to_decide(
    one: CertificateItem | FacilityItem, despite: str = "", agreed: Callable[[], None] = lambda: None
) -> None:
    """The second officer's part."""
    found = one.override
    if found is None:
        return
    if found.state != "waiting":
        _overtaken(_refusal(found), reasons=_DISAGREES)
        return
    if found.own:
        st.text("You proposed this override, so another officer has to agree to it.")
        return
    transfer = (
        isinstance(one, FacilityItem)
        and one.changes_hands
        and st.checkbox(
            "By the override it passes to this organization today", key=f"agree-transfer-{found.override_id}"
        )
    )
    if st.button(f"Agree, and confirm the {one.noun}", key=f"agree-{found.override_id}"):

        def agree() -> None:
            overrides.agree(asker(), found.override_id, found.version, transfer, despite)
            agreed()

        attempt(
            agree,
            f"The {one.noun} is confirmed by override. Approve the rest of the submission, where it waits.",
        )
    with st.expander("Do not agree to the override"):
        form = _refusal(found)
        reasons = form.textarea("reasons", _DISAGREES, required=True)
        if form.submit(
            "Refuse the override",
            lambda: overrides.refuse_(asker(), found.override_id, found.version, reasons),
            primary=False,
        ):
            words.say_after_rerun(f"The override is refused; the {one.noun} is as before.")
            st.rerun()


def review(item: Item, one: CertificateItem | FacilityItem, version: int) -> None:
    """What can be done about the override of a confirmed certificate: where it is due for review, to propose it
    anew or to let it end; where one is proposed, the second officer's part; where the certificate counts no more
    since the listing does not have it, and none stands, to propose one."""
    _override_to_decide(one)
    found = one.override
    if found is not None and found.state == "standing":
        _overtaken(_proposal(item, one), **_PROPOSAL)
    else:
        _propose(item, one, version)
    if found is None:
        return
    if not found.due:
        _overtaken(_renewal(item, one), **_PROPOSAL)
        return
    st.text("This override is due for review. Unless two officers agree to believe it longer:")
    words.points(*one.at_its_end)
    with st.expander("Propose to believe it longer"):
        form = _renewal(item, one)
        reason, review_on = _why_and_until(form)
        if form.submit(
            "Propose the override anew",
            lambda: overrides.propose_again(asker(), found.override_id, found.version, reason, review_on),
            primary=False,
        ):
            words.say_after_rerun("The override waits for a second officer, in the queue.")
            st.rerun()
    if st.button("Let the override end today", key=f"let-end-{found.override_id}"):
        attempt(
            lambda: overrides.let_end(asker(), found.override_id, found.version),
            f"The override of this {one.noun} has ended.",
        )


def _propose(item: Item, one: CertificateItem | FacilityItem, version: int) -> None:
    waits = one.override is not None and one.override.state == "waiting"
    if waits or not one.needs_override:
        _overtaken(_proposal(item, one), **_PROPOSAL)
        return
    with st.expander("Propose an override, although the listing does not have it"):
        form = _proposal(item, one)
        reason, review_on = _why_and_until(form)
        if form.submit(
            "Propose the override",
            lambda: overrides.propose(asker(), item.submission_id, version, one.claim_id, reason, review_on),
            primary=False,
        ):
            words.say_after_rerun("The override waits for a second officer, in the queue.")
            st.rerun()


def _why_and_until(form: Form) -> tuple[str, date | None]:
    reason = form.textarea(
        "reason", _PROPOSAL["reason"], required=True, help="A second officer reads it and agrees, or not."
    )
    until = form.day("review_on", _PROPOSAL["review_on"], required=True, help=f"Within {REVIEW_MONTHS} months.")
    return reason, until


# --- questions --------------------------------------------------------------------------------------------


def asked(one: CertificateItem | FacilityItem) -> None:
    """What was asked about it, and what was answered."""
    for question in one.questions:
        said: dict[str, object] = {
            f"Asked by {question.asked_by}, {words.office_time(question.asked_at)}": question.question
        }
        said["Answer"] = "Not yet"
        if question.answered_at:
            said["Answer"] = question.answer
            said["Answered"] = f"{words.office_time(question.answered_at)}, by {question.answered_by}"
        words.facts(said)


_QUESTION = "Question"


def _question(item: Item, one: CertificateItem | FacilityItem) -> Form:
    return Form("question", key=_about(item, one))


def _asked_in(one: CertificateItem | FacilityItem) -> str:
    """The field of a question, as its service calls it."""
    return f"question-{one.claim_id}"


def _ask(item: Item, one: CertificateItem | FacilityItem, version: int) -> None:
    with st.expander("Ask the holder about it"):
        form = _question(item, one)
        question = form.textarea(
            _asked_in(one),
            _QUESTION,
            required=True,
            help="The holder reads it here; the submission stays open.",
        )
        if form.submit(
            "Ask the holder",
            lambda: questions.ask(asker(), item.submission_id, version, one.claim_id, question),
            primary=False,
        ):
            words.say_after_rerun(
                f"The holder is asked; the answer will be shown beside it. {mailed.if_sent('A mail tells of it.')}"
            )
            st.rerun()
