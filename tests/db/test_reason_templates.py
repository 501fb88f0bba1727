"""Reasons to choose from; on both databases."""

import pytest

from core.problems import Refused
from db.gate import Stale
from db.services import reason_templates


def test_templates_are_added_changed_and_ended_by_any_officer(portal, officer, colleague):
    one = reason_templates.add(officer, "Number", "The number is not on file.")
    reason_templates.change(colleague, one, 1, "Number missing", "It is not on file.\r\nSend a copy.")
    with pytest.raises(Stale, match="changed by Bo Chan"):
        reason_templates.end(officer, one, 1)
    (found,) = reason_templates.all_templates(officer)
    assert (found.title, found.words) == ("Number missing", "It is not on file.\nSend a copy.")
    reason_templates.end(officer, one, 2)
    assert reason_templates.all_templates(officer) == ()
    with pytest.raises(Refused, match="Enter a title"):
        reason_templates.add(officer, "", "words")


def test_no_two_templates_have_the_same_title(portal, officer, colleague):
    one = reason_templates.add(officer, "Number", "The number is not on file.")
    same = "There is a reason called “number” already. Change that one, or choose another title."
    with pytest.raises(Refused, match=same):
        reason_templates.add(colleague, " number ", "Another.")
    other = reason_templates.add(colleague, "Expiry", "It has expired.")
    with pytest.raises(Refused, match="called “Number” already"):
        reason_templates.change(officer, other, 1, "Number", "It has expired.")
    reason_templates.change(officer, one, 1, "Number", "It is not on file.")
    reason_templates.end(officer, one, 2)
    reason_templates.change(officer, other, 1, "Number", "It has expired.")
