"""Whom I act for: the organizations that invite me or let me act for them, and what I may do for each."""

import streamlit as st

from db.services import members
from db.services.members import ActingFor
from ui import words
from ui.forms import attempt
from ui.markup import as_markdown
from ui.session import asker


def render() -> None:
    mine = members.mine(asker())
    offers = [one for one in mine if one.since is None]
    acting = [one for one in mine if one.since is not None]
    words.title("Whom I act for", _sentence(len(offers), len(acting)))
    if not mine:
        words.empty(
            "No organization has named you.",
            "A manager of an owner or operating authority can invite you by your e-mail address.",
        )
    for number, one in enumerate(offers):
        _offer(one, primary=number == 0)
    for one in acting:
        _acting(one)


def _sentence(offers: int, acting: int) -> str:
    said = {0: "You act for no organization", 1: "You act for one organization"}
    sentence = said.get(acting, f"You act for {acting} organizations") + ", in your own name."
    if offers:
        sentence += " One invitation waits." if offers == 1 else f" {offers} invitations wait."
    return sentence if offers or acting else "You act for no organization."


def _offer(one: ActingFor, *, primary: bool) -> None:
    with st.container(border=True, key=f"offer-{one.membership_id}"):
        words.standing(words.DUE, "Invitation: accept or decline")
        words.facts(_whom(one) | {"Invited on": words.office_day(one.offered_at)} | _may(one))
        is_me = f"I am {as_markdown(one.employee)}, whom the organization invited, by another name"
        as_invited = one.other_name and st.checkbox(is_me, key=f"as-invited-{one.membership_id}")
        with st.container(horizontal=True):
            if st.button("Accept", key=f"accept-{one.membership_id}", type="primary" if primary else "secondary"):
                attempt(
                    lambda: members.accept(asker(), one.membership_id, one.version, as_invited),
                    "You act for this organization from now on. Its pages are in the menu.",
                )
            if st.button("Decline", key=f"decline-{one.membership_id}"):
                attempt(lambda: members.leave(asker(), one.membership_id, one.version), "You have declined.")


def _acting(one: ActingFor) -> None:
    with st.container(border=True, key=f"acting-{one.membership_id}"):
        words.standing(words.STANDS, "You act for it")
        words.facts(_whom(one) | {"Since": words.office_day(one.since or one.offered_at)} | _may(one))
        if st.button("Act for it no more", key=f"leave-{one.membership_id}"):
            _leave(one)


def _whom(one: ActingFor) -> dict[str, object]:
    """The organization, and as which of its employees one is invited."""
    whom: dict[str, object] = {"Organization": one.organization}
    return whom | ({"As its employee": one.employee} if one.employee else {})


def _may(one: ActingFor) -> dict[str, object]:
    return {right: ", ".join(where) or "At all its facilities" for right, where in one.rights}


@st.dialog("Act for it no more?")
def _leave(one: ActingFor) -> None:
    words.facts({"Organization": one.organization})
    st.text("Your rights end at once. To act for it again, you have to be invited again.")
    if st.button("Act for it no more", key="leave-it"):
        attempt(lambda: members.leave(asker(), one.membership_id, one.version), "You act for it no more.")
