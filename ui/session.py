"""Who is at the browser: the running portal, the asker of this page run, and the way in and out."""

import functools
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from db import start
from db.gate import Asker, Portal, now
from db.services import accounts
from db.services.accounts import Me
from db.settings import load

COOKIE = "portal_session"  # the session's token; HttpOnly, set and cleared by the routes only
BROWSER_COOKIE = "portal_browser"  # a random value, HttpOnly: drafts and sign-in codes are bound to it
NARROW_COOKIE = "portal_narrow"  # "yes" on a narrow screen: set by static/portal.js as a page is loaded


@functools.cache
def portal() -> Portal:
    """The portal of this process, opened once: settings read, database migrated."""
    return start.open_portal(load())


def asker() -> Asker:
    """Who asks now: the token of this browser's cookie, and the moment. The one seam that page tests replace."""
    return Asker(portal(), st.context.cookies.get(COOKIE), now())


def asker_later() -> Callable[[], Asker]:
    """Who asks, for a file that is made only once it is downloaded: then Streamlit knows no browser any more."""
    who = asker()
    return lambda: replace(who, at=now())


def browser() -> str:
    """What tells this browser from others before anybody has signed in; empty when cookies are off."""
    return st.context.cookies.get(BROWSER_COOKIE, "")


def on_phone() -> bool:
    """Whether the browser is a telephone's, or its window as narrow: there lists come first, tables are cards, and
    maps come on demand."""
    if st.context.cookies.get(NARROW_COOKIE) == "yes":
        return True
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def me() -> Me | None:
    """The account that is signed in, read from the database."""
    return accounts.me(asker())


def go_to_session(code: str) -> None:
    """Sends the browser, with a one-time code, to the route that sets its cookie, and back to this page."""
    _leave_for("/session/start?" + urlencode({"code": code}))


def go_to_single_sign_on() -> None:
    """Sends the browser to the provider that the settings name; it comes back, signed in, to this page."""
    _leave_for("/sso/start")


def go_to_signed_out() -> None:
    """Sends the browser to the route that clears its cookie, and to Home."""
    _leave_for("/session/end")


def load_anew() -> None:
    """Has the browser load this page once more, and stops: where a part of a page may be shown no more, a run that
    is cut off by the next one would leave it beside what is drawn instead (Streamlit 1.67)."""
    st.html("<script>window.parent.location.reload()</script>", unsafe_allow_javascript=True)
    st.stop()


def _leave_for(address: str) -> None:
    joint = "&" if "?" in address else "?"
    st.html(
        f"<script>window.parent.location.replace('{address}{joint}next=' + "
        "encodeURIComponent(window.parent.location.pathname + window.parent.location.search))</script>",
        unsafe_allow_javascript=True,
    )
