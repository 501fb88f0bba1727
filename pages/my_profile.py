"""My profile, for operators: the Operator ID, the certificates, and handing them to the office."""

import streamlit as st

from core.licences import LicenceClass, LicenceType
from core.profiles import ClaimState
from core.sentences import in_english
from db.services import operators, responsibility
from db.verification.profile_views import Certificate, MyProfile
from ui import hours, own_questions, profile_parts, words
from ui.drafts import own_act
from ui.forms import Form, attempt
from ui.session import asker


def render() -> None:
    mine = operators.my_profile(asker())
    version = profile_parts.seen("my-profile", mine.version)
    words.title("My profile", profile_parts.next_step(mine, "certificates"))
    profile_parts.standing(mine)
    profile_parts.suspended(mine)
    profile_parts.returned(mine)
    if mine.checked_against:
        profile_parts.checked_against(mine.checked_against)
    own_questions.draw()
    _operator_id(mine)
    _certificates(mine)
    _hours_in_charge()
    profile_parts.submission(
        mine,
        "certificates",
        lambda seen: own_act(lambda: operators.submit(asker(), seen), seen, profile_parts.OPERATOR_FORMS),
        lambda seen: own_act(lambda: operators.withdraw(asker(), seen), seen, profile_parts.OPERATOR_FORMS),
        version,
    )


def _operator_id(mine: MyProfile) -> None:
    st.subheader("Operator ID", anchor=False)
    if not mine.editable:
        words.facts({"Operator ID": mine.claimed_operator_id or "Not entered yet"})
        return
    form = Form("operator-id", {"operator_id": mine.claimed_operator_id})
    version = form.since(mine.version)
    entered = form.text(
        "operator_id",
        "Operator ID",
        required=True,
        help="8 digits, starting with 900. The Operator Listing Report on owwco.ca names it.",
    )
    if mine.confirmed_operator_id:
        st.text("With another Operator ID your whole profile is verified anew, and you are not found meanwhile.")

    def save() -> None:
        operators.save_operator_id(asker(), entered, version)

    if form.submit(
        "Save Operator ID", lambda: own_act(save, version, profile_parts.OPERATOR_FORMS), primary=False
    ):
        words.say_after_rerun("Your Operator ID is saved.")
        st.rerun()


def _certificates(mine: MyProfile) -> None:
    st.subheader("My certificates", anchor=False)
    if not mine.certificates:
        words.empty("You have not added a certificate yet.", "Add each certificate or licence that you hold.")
    for certificate in mine.certificates:
        _row(certificate, mine)
    if not mine.editable:
        st.text("To add, edit or delete, untick the agreement below.")
        return
    if st.button("Add", icon=":material/add:", key="add-certificate", help="Add a certificate"):
        _enter(mine.version)


def _hours_in_charge() -> None:
    """What facilities recorded, as an application for a higher class shows it; nothing where there is nothing."""
    mine = responsibility.my_hours(asker())
    if mine:
        with st.expander("My hours in charge"):
            st.text("As the facilities where you worked recorded them:")
            hours.draw(mine, "My hours in charge by type and class of facility")


def _row(certificate: Certificate, mine: MyProfile) -> None:
    licence = certificate.licence
    with st.container(border=True, key=f"certificate-{certificate.claim_id}"):
        facts = {"Certificate": licence.label, "Number": licence.number, "Expiry": licence.expiry}
        if licence.valid_for:
            facts["Valid only for"] = licence.valid_for
        words.facts(facts)
        _stands(mine, certificate)
        if certificate.expired:
            words.standing(profile_parts.EXPIRED)
        if certificate.override_until:
            words.standing(words.DUE, profile_parts.overridden(certificate.override_until))
        if certificate.refused_because:
            st.text(f"Why it is not confirmed: {certificate.refused_because}")
        if certificate.replaces_id is not None:
            st.text("A change: the confirmed entry stands until the office has confirmed this one.")
        if mine.editable:
            _actions(certificate, mine.version)


def _stands(mine: MyProfile, certificate: Certificate) -> None:
    """Where it stands, and what the listing makes of a confirmed one."""
    if certificate.state is not ClaimState.CONFIRMED:
        words.standing(profile_parts.CLAIM_MARKS[certificate.state])
        return
    if certificate.counts_as is None:
        words.standing(profile_parts.COUNTS_NO_MORE)
        return
    words.standing(profile_parts.CLAIM_MARKS[certificate.state])
    if certificate.counts_as != certificate.licence:
        counts = certificate.counts_as
        st.text(f"It counts as the listing says: {counts.label}, until {in_english(counts.expiry)}.")
    profile_parts.listed_otherwise(mine, [certificate])


def _actions(certificate: Certificate, version: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text("Action")
        if st.button("Edit", icon=":material/edit:", key=f"edit-{certificate.claim_id}"):
            _enter(version, certificate.claim_id)
        if st.button("Delete", icon=":material/delete:", key=f"delete-{certificate.claim_id}"):
            _delete(version, certificate)


@st.dialog("Certificate")
def _enter(opened: int, claim_id: int | None = None) -> None:
    """Adds a certificate, or changes one, in a dialog opened at a version of the profile, which is read anew at
    each drawing: after a refusal it shows what stands now."""
    mine = profile_parts.last_read("my-profile", lambda: operators.my_profile(asker()))
    certificate = next((one for one in mine.certificates if one.claim_id == claim_id), None)
    if claim_id is not None and certificate is None:
        words.warning("This certificate was taken out of your profile meanwhile. Close this window.")
    form = Form("certificate", _given(certificate), key=claim_id or "new", in_dialog=True)
    version = form.since(mine.version, opened)
    number = form.text("number", "Certificate number", required=True)
    kind = form.select(
        "licence_type", "Type", tuple(LicenceType), shown=lambda one: LicenceType(one).label, required=True
    )
    level: str | None = None
    if kind is None or LicenceType(kind).classes:
        level = form.select(
            "licence_class", "Class", tuple(LicenceClass), shown=lambda one: LicenceClass(one).label, required=True
        )
    expiry = form.day(
        "expiry",
        "Expiry date",
        required=True,
        help="The last day on which it is valid, as it is printed.",
    )
    valid_for = form.text(
        "valid_for", "Valid only for (owner)", help="For a conditional certificate; else leave empty."
    )

    def save() -> None:
        if claim_id is None:
            operators.add_certificate(asker(), number, kind or "", level, expiry, valid_for, version)
        else:
            operators.change_certificate(asker(), claim_id, number, kind or "", level, expiry, valid_for, version)

    if form.submit(
        "Save certificate" if claim_id else "Add certificate",
        lambda: own_act(save, version, profile_parts.OPERATOR_FORMS),
    ):
        words.say_after_rerun("The certificate is saved. Submit your profile when everything is entered.")
        st.rerun()


def _given(certificate: Certificate | None) -> dict[str, object]:
    if certificate is None:
        return {}
    licence = certificate.licence
    return {
        "number": licence.number,
        "licence_type": licence.licence_type,
        "licence_class": licence.licence_class,
        "expiry": licence.expiry,
        "valid_for": licence.valid_for,
    }


@st.dialog("Delete this certificate?")
def _delete(version: int, certificate: Certificate) -> None:
    words.facts({"Certificate": certificate.licence.label, "Number": certificate.licence.number})
    st.text("It leaves your profile. If it is confirmed, owners do not find you by it from today on.")

    def delete() -> None:
        operators.delete_certificate(asker(), certificate.claim_id, version)

    if st.button("Delete certificate", key="delete-it"):
        attempt(lambda: own_act(delete, version, profile_parts.OPERATOR_FORMS), "The certificate is deleted.")
