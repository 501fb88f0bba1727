"""Accounts, for the admin: find one, invite somebody, grant and end roles, disable and enable."""

import streamlit as st

from core.roles import INVITED, Role
from db.services import administration, oversight
from db.services.administration import STATES, AccountRow
from ui import mailed, profile_parts, tables, words
from ui.forms import Form, attempt
from ui.fresh import fresh
from ui.session import asker


def render() -> None:
    top = st.container()
    found, invite, settings = st.tabs(["Accounts", "Invite", "Settings"])
    with found:
        total = _list()
        _chosen(st.session_state.get("chosen-account"))
    with invite:
        _invite()
    with settings:
        _settings()
    with top:
        words.title("Accounts", "One account matches." if total == 1 else f"{total} accounts match.")


def _list() -> int:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input("Name or e-mail contains", key="find") or ""
        role = st.selectbox(
            "Role", tuple(Role), index=None, format_func=lambda one: Role(one).label, placeholder="Any", key="role"
        )
        state = st.selectbox(
            "State", STATES, index=None, format_func=str.capitalize, placeholder="Any", key="state"
        )
    page = tables.page_before_drawing("accounts")
    wanted = (search, role, state, page)
    listing = fresh("accounts", wanted, lambda: administration.list_accounts(asker(), *wanted))
    if not listing.rows:
        words.empty("No account matches.", "Search for less, or invite somebody.")
    st.session_state["chosen-account"] = tables.choose(
        [_cells(row) for row in listing.rows],
        [row.id for row in listing.rows],
        "account",
        alt="Accounts: name, e-mail, roles, state, last seen",
    )
    tables.page_number("accounts", listing.page, listing.pages)
    return listing.total


def _cells(row: AccountRow) -> dict[str, object]:
    return {
        "Number": row.id,
        "Name": row.name,
        "E-mail": row.email,
        "Roles": ", ".join(role.label for role in row.roles),
        "State": row.state.capitalize(),
        "E-mail confirmed": "Yes" if row.email_confirmed else "No",
        "Last seen": words.office_time(row.last_seen) if row.last_seen else "Never",
    }


def _chosen(account_id: int | None) -> None:
    if account_id is None:
        st.text("Click a row to open that account; with the keyboard: arrows, then Shift and Space.")
        return
    row = fresh("account", account_id, lambda: administration.account(asker(), account_id))
    version = profile_parts.seen(f"account-{account_id}", row.version)
    with st.container(border=True, key="chosen"):
        st.subheader("The account you chose", anchor=False)
        words.facts(_cells(row) | {"Made": words.office_day(row.created_at)})
        _roles(row, version)
        _state(row, version)


def _roles(row: AccountRow, version: int) -> None:
    if row.state not in ("active", "invited"):
        return
    with st.container(horizontal=True):
        for held in row.roles:
            if st.button(f"End the role {held.label}", key=f"end-{held}"):
                _end_role(row, held, version)
    form = Form("grant-role", key=row.id)
    role = form.select(
        "role", "A further role", [one for one in INVITED if one not in row.roles], shown=lambda one: one.label
    )

    def grant() -> None:
        administration.grant_role(asker(), row.id, role, version)

    if form.submit("Give this role", grant, primary=False):
        words.say_after_rerun("The role is given, from the next click on.")
        st.rerun()


def _end_role(row: AccountRow, role: Role, version: int) -> None:
    attempt(
        lambda: administration.end_role(asker(), row.id, role, version),
        f"The role {role.label} is ended, from the next click on. It can be given again.",
    )


def _state(row: AccountRow, version: int) -> None:
    if row.state == "invited" and st.button("Send the invitation again"):
        attempt(lambda: administration.invite_again(asker(), row.id), "The invitation is in the outgoing mail.")
    if row.state in ("active", "invited"):
        st.text("Disabling signs the account out at once and bars it. It can be enabled again.")
        if st.button("Disable this account"):
            attempt(lambda: administration.disable(asker(), row.id, version), "The account is disabled.")
    if row.state == "disabled" and st.button("Enable this account"):
        attempt(lambda: administration.enable(asker(), row.id, version), "The account is enabled.")


def _invite() -> None:
    st.text("Officers, directors, managers and admins are invited; operators and owners register themselves.")
    form = Form("invite")
    email = form.text("email", "E-mail", required=True, kind="email")
    role = form.select("role", "Role", INVITED, shown=lambda one: Role(one).label, required=True)
    if form.submit("Invite", lambda: administration.invite(asker(), email, role)):
        words.say_after_rerun(
            f"{email} is invited, or told of the new role. "
            f"{mailed.if_sent('The mail has a link, which is valid for 72 hours.')}"
        )
        st.rerun()


def _settings() -> None:
    st.text("Settings come from the environment and are read when the portal starts. Secrets are not shown.")
    rows = oversight.settings_summary(asker())
    st.dataframe(
        [{"Setting": row.name, "Value": row.value, "Meaning": row.meaning} for row in rows],
        hide_index=True,
        alt="Settings: name, value, meaning",
    )
