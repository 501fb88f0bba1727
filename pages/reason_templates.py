"""Words that officers use again for returns and refusals: added, changed and ended by any of them."""

import streamlit as st

from db.services import reason_templates
from db.services.reason_templates import Words
from ui import profile_parts, words
from ui.forms import Form, attempt
from ui.session import asker


def render() -> None:
    found = reason_templates.all_templates(asker())
    words.title("Reasons to choose from", _sentence(found))
    for template in found:
        version = profile_parts.seen(f"template-{template.template_id}", template.version)
        with st.container(border=True, key=f"template-{template.template_id}"):
            _change(template, version)
    if not found:
        words.empty("No reason is kept yet.", "Add the first one below; every officer can choose and change it.")
    _add()


def _sentence(found: tuple[Words, ...]) -> str:
    count = {0: "No reason is", 1: "One reason is"}.get(len(found), f"{len(found)} reasons are")
    return f"{count} kept. Whoever returns a profile or refuses a claim can choose one and edit it there."


def _fields(form: Form) -> tuple[str, str]:
    title = form.text("title", "Title", required=True, help="By which it is chosen.")
    return title, form.textarea("words", "Words", required=True, help="What the holder reads.")


def _change(template: Words, version: int) -> None:
    form = Form("template", {"title": template.title, "words": template.words}, key=template.template_id)
    title, said = _fields(form)
    one = template.template_id
    if form.submit("Save", lambda: reason_templates.change(asker(), one, version, title, said), primary=False):
        words.say_after_rerun("The words are saved.")
        st.rerun()
    if st.button("Offer it no more", key=f"end-template-{one}"):
        attempt(lambda: reason_templates.end(asker(), one, version), "It is offered no more.")


def _add() -> None:
    st.subheader("Add one", anchor=False)
    form = Form("new-template")
    title, said = _fields(form)
    if form.submit("Add", lambda: reason_templates.add(asker(), title, said)):
        words.say_after_rerun(
            "The words are kept. From now on officers can choose them wherever they write reasons to a holder."
        )
        st.rerun()
