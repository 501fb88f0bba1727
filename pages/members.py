"""My organization's people, for its managers: who acts for it and may do what; inviting, changing, ending."""

from collections.abc import Collection, Mapping

import streamlit as st

from core.membership import Grant, Right
from core.problems import Refused
from core.sentences import in_english
from db.gate import NotSignedIn
from db.services import members
from db.services.members import Member, People
from ui import links, mailed, profile_parts, tables, words
from ui.forms import Form, attempt
from ui.fresh import fresh
from ui.session import asker

_ALL = "all"
_NAMED = tuple(right for right in Right if right is not Right.MANAGE)
_IN_SHORT = {Right.MANAGE: "Manages", Right.FIND: "Finds operators", Right.RECORD: "Records", Right.READ: "Reads"}


def render() -> None:
    page = tables.page_before_drawing("members")
    try:
        found = fresh("members", page, lambda: members.people(asker(), page))
    except NotSignedIn:
        raise
    except Refused as refused:
        words.title("My organization’s people", "You manage no organization.")
        words.problems(refused)
        links.to("Open my facilities", "my-facilities", primary=True)
        return
    words.title("My organization’s people", _sentence(found))
    people, invite = st.tabs(["People", "Invite"])
    with people:
        _people(found)
    with invite:
        _invite(found)


def _sentence(found: People) -> str:
    total = found.members.total
    count = (
        "One person acts for it or is invited"
        if total == 1
        else f"{in_english(total)} people act for it or are invited"
    )
    return f"{found.organization}: {count}."


def _people(found: People) -> None:
    rows = found.members.rows
    chosen_id = tables.choose(
        [_cells(row, found.facilities) for row in rows],
        [row.membership_id for row in rows],
        "member",
        alt="People: name, e-mail, since when, what they may do",
    )
    tables.page_number("members", found.members.page, found.members.pages)
    chosen = next((row for row in rows if row.membership_id == chosen_id), None)
    if chosen is None:
        st.text(f"{tables.how_to_choose()} to change what that person may do.")
        return
    with st.container(border=True, key="chosen"):
        _chosen(chosen, found.facilities)


def _cells(row: Member, facilities: Mapping[int, str]) -> dict[str, object]:
    return {
        "Name": _name(row),
        "E-mail": row.email,
        "Since": words.office_day(row.since) if row.since else f"Invited on {words.office_day(row.offered_at)}",
        "May do": _in_short(row.grants, facilities),
    }


def _name(row: Member) -> str:
    if row.since is None:
        return "Has not accepted yet"
    return f"{row.name} (you)" if row.is_me else row.name


def _in_short(grants: Collection[Grant], facilities: Mapping[int, str]) -> str:
    """ "Finds operators: Cochrane Lagoon; Reads: everywhere". Facilities held no more are left out."""
    said = []
    for right in Right:
        where = [grant.facility_id for grant in grants if grant.right is right]
        named = [facilities[id] for id in where if id is not None and id in facilities]
        if right is Right.MANAGE and where:
            return _IN_SHORT[right]
        if None in where or named:
            said.append(f"{_IN_SHORT[right]}: {', '.join(sorted(named)) or 'everywhere'}")
    return "; ".join(said) or "Nothing"


def _chosen(row: Member, facilities: Mapping[int, str]) -> None:
    version = profile_parts.seen(f"member-{row.membership_id}", row.version)
    st.subheader("The person you chose", anchor=False)
    words.facts(_cells(row, facilities))
    form = Form("member", _given(row.grants), key=row.membership_id)
    seen = form.since(row.version)
    grants = _rights(form, facilities)
    if form.submit(
        "Save what this person may do", lambda: members.change(asker(), row.membership_id, grants, seen)
    ):
        words.say_after_rerun("Saved. It takes effect from the next click on.")
        st.rerun()
    with st.container(horizontal=True):
        if row.since is None and st.button("Send the invitation again"):
            attempt(
                lambda: members.invite_again(asker(), row.membership_id, version),
                f"The invitation to {row.email} is in the outgoing mail.",
            )
        if st.button("End the membership" if row.since else "Take the invitation back"):
            _end(row, version)


def _invite(found: People) -> None:
    if not found.open_to_more:
        words.empty(
            "You can invite people once the office has verified your organization.",
            "My facilities shows how it stands.",
        )
        return
    form = Form("invite-member")
    email = form.text(
        "email",
        "E-mail",
        required=True,
        kind="email",
        help="Whoever you invite signs in and acts under their own name.",
    )
    grants = _rights(form, found.facilities)
    if form.submit("Invite", lambda: members.invite(asker(), email, grants)):
        told = mailed.if_sent("The mail is on its way.")
        words.say_after_rerun(
            f"{email} is invited. {told} Whoever has no account yet makes one by its link, within 72 hours."
        )
        st.rerun()


# --- what somebody may do -----------------------------------------------------------------------------------


def _rights(form: Form, facilities: Mapping[int, str]) -> list[Grant]:
    """The fields of what somebody may do: everything, or each right at all facilities or at named ones."""
    if form.checkbox("manager", Right.MANAGE.label):
        return [Grant(Right.MANAGE)]
    options = (_ALL, *map(str, facilities))

    def shown(option: str) -> str:
        return "All facilities, also those to come" if option == _ALL else facilities[int(option)]

    return [
        Grant(right, None if option == _ALL else int(option))
        for right in _NAMED
        for option in form.several(right.value, right.label, options, shown=shown)
    ]


def _given(grants: Collection[Grant]) -> dict[str, object]:
    given: dict[str, object] = {"manager": Grant(Right.MANAGE) in grants}
    for right in _NAMED:
        where = [grant.facility_id for grant in grants if grant.right is right]
        given[right.value] = sorted(_ALL if id is None else str(id) for id in where)
    return given


@st.dialog("End it?")
def _end(row: Member, version: int) -> None:
    words.facts({"Name": _name(row), "E-mail": row.email})
    st.text(
        "All rights end at the person’s next click. To act for you again, the person has to be invited again."
        if row.since
        else "The link that was mailed works no more. You can invite the person again."
    )
    if st.button("End it now", key="end-it"):
        attempt(
            lambda: members.end(asker(), row.membership_id, version),
            "It has ended, from the next click on." if row.since else "The invitation is taken back.",
        )
