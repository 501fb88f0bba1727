"""Approving at once what the listing bears out exactly: who would be, who not and why, then the decision."""

import streamlit as st

from db.services import bulk_approval
from db.services.bulk_approval import Done, Match, Preview
from ui import links, words
from ui.fresh import forget, fresh
from ui.session import asker

_DONE = "approved-at-once"


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
    label = "Approve this one" if len(ready) == 1 else f"Approve these {len(ready)}"
    if not st.button(label, type="primary", key="approve-all-exact"):
        return
    bar = st.progress(0.0, text="Each is checked once more and decided by itself.")
    done = bulk_approval.approve_all_exact(asker(), ready, lambda count: bar.progress(count / len(ready)))
    st.session_state[_DONE] = done
    forget()
    st.rerun()


def _said() -> None:
    """How many were approved, and which not and why."""
    done: Done | None = st.session_state.pop(_DONE, None)
    if done is None:
        return
    words.notice(f"Approved: {done.approved}. Left: {len(done.left)}. The holders are told by mail.")
    for match, why in done.left:
        words.warning(f"Submission {match.submission_id}, {match.name}: {why}")


def _table(matches: tuple[Match, ...], alt: str) -> None:
    st.dataframe(
        [
            {
                "Submission": match.submission_id,
                "Name": match.name,
                "Kind": match.kind.capitalize(),
                "Operator ID": match.operator_id,
                "Certificates or facilities": match.claims,
                **({"Why": str(match.why_not)} if match.why_not else {}),
            }
            for match in matches
        ],
        hide_index=True,
        alt=alt,
    )
