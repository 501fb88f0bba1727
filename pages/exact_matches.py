"""Approving at once what the listing bears out exactly: who would be, who not and why, then the decision."""

from collections import defaultdict

import streamlit as st

from core.queue import Kind
from db.services import bulk_approval
from db.services.bulk_approval import Done, Match, Preview
from ui import links, mailed, words
from ui.fresh import forget, fresh
from ui.markup import Markup, html, joined, markup
from ui.session import asker

_DONE = "approved-at-once"
_NAMED = 5  # at most so many are named one by one


def render() -> None:
    preview = fresh("exact-matches", "", lambda: bulk_approval.exact_matches(asker()))
    words.title("Exact matches", _sentence(preview))
    links.to("The whole queue", "queue")
    _said()
    if not preview.total:
        words.empty("Nothing that waits matches the listing exactly.", "Work through the queue instead.")
        return
    further = preview.total - len(preview.ready) - len(preview.left_out)
    if further:
        st.text(f"These are the oldest; {further} more match and follow in a second round.")
    if preview.ready:
        _ready(preview.ready)
    if preview.left_out:
        st.subheader("Not among them", anchor=False)
        _table(preview.left_out, "Who matches exactly but has to be looked at, and why")


def _sentence(preview: Preview) -> str:
    ready, left = len(preview.ready), len(preview.left_out)
    return f"{ready} can be approved at once; {left} match too, but somebody has to look at them."


def _ready(ready: tuple[Match, ...]) -> None:
    st.subheader("Would be approved", anchor=False)
    _table(ready, "Who would be approved")
    looked = st.checkbox("I have looked through the list: an approval is final.", key="looked-through")
    label = "Approve this one" if len(ready) == 1 else f"Approve these {len(ready)}"
    if not st.button(label, type="primary", key="approve-all-exact"):
        return
    if not looked:
        words.problem("Look through the list and tick that you have, then approve.")
        return
    bar = st.progress(0.0, text="Each is checked once more and decided by itself.")
    done = bulk_approval.approve_all_exact(asker(), ready, lambda count: bar.progress(count / len(ready)))
    st.session_state[_DONE] = done
    if done.approved:
        words.say_after_rerun(_approved(done))
    forget()
    st.rerun()


def _approved(done: Done) -> str:
    """Whose profiles are approved, of many the first, and how many of the list are not."""
    names = [match.name for match in done.approved]
    further = len(names) - _NAMED
    *firsts, last = names if further <= 1 else [*names[:_NAMED], f"{further} more"]
    whose = f"The profiles of {', '.join(firsts)} and {last} are approved"
    if not firsts:
        whose = f"The profile of {last} is approved"
    left = f" Not approved: {len(done.left)}; the reasons stand below." if done.left else ""
    told = mailed.if_sent("The holder is told by mail." if len(names) == 1 else "The holders are told by mail.")
    return f"{whose}.{left} {told}".strip()


def _said() -> None:
    """Which were not approved, each reason once."""
    done: Done | None = st.session_state.pop(_DONE, None)
    if done is None:
        return
    if not done.approved:
        words.warning("Nothing was approved.")
    left: dict[str, list[str]] = defaultdict(list)
    for match, why in done.left:
        left[why].append(f"{match.submission_id} ({match.name})")
    for why, which in left.items():
        words.warning(f"Not approved: submission{'s' * (len(which) > 1)} {', '.join(which)}. {why}")


def _table(matches: tuple[Match, ...], caption: str) -> None:
    """Each with the way to it, and why somebody has to look at it."""
    reasons = any(match.why_not for match in matches)
    html(
        '<table class="plain wide"><caption>{caption}</caption><thead><tr><th scope="col">Submission</th>'
        '<th scope="col">Name</th><th scope="col">Operator ID</th><th scope="col">Claims</th>{why}</tr></thead>'
        "<tbody>{rows}</tbody></table>",
        caption=caption,
        why=markup('<th scope="col">Why</th>') if reasons else "",
        rows=joined(_row(match, reasons=reasons) for match in matches),
    )


def _row(match: Match, *, reasons: bool) -> Markup:
    noun = "certificate" if match.kind == Kind.OPERATOR else "facility"
    many = "certificates" if match.kind == Kind.OPERATOR else "facilities"
    return markup(
        '<tr><th scope="row"><a href="/submission?id={id}" target="_self">Submission {id}</a></th><td>{name}</td>'
        '<td><span class="cell-of">Operator ID: </span>{operator_id}</td><td>{claims}</td>{why}</tr>',
        id=match.submission_id,
        name=match.name,
        operator_id=match.operator_id or "–",
        claims=f"1 {noun}" if match.claims == 1 else f"{match.claims} {many}",
        why=markup("<td>{why}</td>", why=match.why_not or "") if reasons else "",
    )
