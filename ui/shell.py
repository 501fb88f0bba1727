"""The script that Streamlit runs for every page: who is signed in, the menu, the page, the footer.

It is read anew at every run: what need not be stands in other modules, the pages in ui/screens.py.
"""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from core.problems import Refused
from db.gate import NotSignedIn, Unavailable
from db.services import sessions
from db.services.accounts import Me
from pages import sign_in
from ui import links, session, theme, words
from ui.fresh import seen
from ui.screens import HOME, SCREENS, Screen

_STATIC = Path(__file__).parent / "static"
_ICON, _WORDMARK = _STATIC / "icon.svg", _STATIC / "wordmark.svg"

# On a telephone the menu lies over the page: choosing from it closes it.
_AT_A_PAGE = """<script>/* PAGE */
if (window.innerWidth < 769) {
  const menu = document.querySelector("[data-testid=stSidebar]");
  if (menu && menu.getBoundingClientRect().right > 0) {
    document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
  }
}
</script>"""


def body(screen: Screen, who: Me | None) -> Callable[[], None]:
    """What this person gets at a screen's address."""
    if not screen.roles or (who and who.roles & screen.roles):
        return screen.render
    return not_for_your_role if who else sign_in.render


def not_for_your_role() -> None:
    words.title("Not for your role", "This page is for somebody else; your own pages are in the menu.")


def visible(screen: Screen, who: Me | None) -> bool:
    """Whether the menu shows a screen: what this person can use."""
    if who is None:
        return screen.path in ("", "help", "sign-in") or screen.section == "The law"
    seen_by = screen.menu or screen.roles
    return bool(screen.section) and (not seen_by or bool(who.roles & seen_by))


def navigation(who: Me | None) -> dict[str, list[st.Page]]:
    sections: dict[str, list[st.Page]] = {}
    pages: dict[str, st.Page] = {}
    for screen in SCREENS:
        page = st.Page(
            body(screen, who),
            title=screen.title,
            icon=f":material/{screen.icon}:",
            url_path=screen.path or "home",
            default=screen is HOME,
            visibility="visible" if visible(screen, who) else "hidden",
        )
        sections.setdefault(screen.section or "Portal", []).append(page)
        pages[screen.path] = page
    links.register(pages)
    return sections


def signed_in_as(who: Me) -> None:
    with st.sidebar.container(key=f"signed-in-{who.account_id}"):  # static/portal.js reads whose page it is
        st.text(f"Signed in as {who.name}")
        if st.button("Sign out", icon=":material/logout:"):
            sessions.sign_out(session.asker())
            session.go_to_signed_out()
            st.stop()


def draw(page: Callable[[], None]) -> None:
    """A page, or the sentence that says why there is none."""
    with st.container():
        words.said()
    try:
        page()
    except NotSignedIn as ended:
        words.problems(ended)
        sign_in.render()
    except Unavailable as unavailable:
        _away(unavailable)
    except Refused as refused:
        words.problems(refused)


def _away(unavailable: Refused) -> None:
    """The database does not answer: what was typed is kept in the session, and shown again with the page."""
    words.problems(unavailable)
    st.button("Try again", type="primary")


def _at_a_page(path: str) -> None:
    """What the browser does once at each page. A script runs once for its text, so the text names the page."""
    if st.session_state.get("shown-page") == path:
        return
    st.session_state["shown-page"] = path
    st.html(_AT_A_PAGE.replace("PAGE", path), unsafe_allow_javascript=True, width="content")


def main() -> None:
    # Before the navigation: else the page's own icon becomes the tab's, fetched from another host.
    st.set_page_config(page_icon=_ICON, layout="wide")
    st.logo(_WORDMARK, size="large", icon_image=_WORDMARK)
    theme.styles()
    settings = session.portal().settings
    if settings.demo:
        theme.demo_banner()
    try:
        seen()
        who = session.me()
    except Refused as unavailable:
        _away(unavailable)
        st.stop()
    page = st.navigation(navigation(who), expanded=True)  # else the last of a long menu hide behind a button
    links.at(page)
    st.set_page_config(f"{page.title} · Operator Workforce Matching Portal")
    # What is not there at every run has a place that is: else all that follows would move, and the browser draw
    # it anew, without its focus and its chosen tab.
    with st.empty():
        _at_a_page(page.url_path)
    if who:
        signed_in_as(who)
    elif st.context.cookies.get(session.COOKIE):
        words.notice(
            "You were signed out, or your session has ended. What you typed is kept, but not a file that you had "
            "chosen: sign in to go on, and choose the file again."
        )
    draw(page.run)
    theme.footer(settings.office_telephone, demo=settings.demo)


if __name__ == "__main__":  # Streamlit runs it; tests import it for its table of screens
    main()
