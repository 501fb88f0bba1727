"""The page on which officers see what alignment changed, and release its mails."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.alignment import Basis
from core.roles import Role
from db.schema import CertificateClaim
from db.services import alignment, verification
from tests.db.listed import imported
from tests.db.people import NOON, signed_in
from tests.db.profiles import active_operator
from tests.pages.drawn import drawn, press, texts


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER)


def suspend_by_alignment(portal, officer):
    """The id of a pass that suspended one operator."""
    active_operator(portal, given_name="O'Brien", family_name="<b>")
    with portal.database.transaction(writes=True) as session:
        session.execute(update(CertificateClaim).values(basis=Basis.LISTING))
    imported(portal, listed_on=NOON.date() + timedelta(days=1), at=NOON)
    return alignment.runs(officer).rows[0].run_id


def test_before_any_pass_the_page_says_when_there_will_be_one(officer):
    with drawn("alignment", officer) as test:
        assert "No pass has changed anything yet." in texts(test)


def test_an_officer_looks_through_a_pass_and_releases_its_mails_once(portal, officer):
    run_id = suspend_by_alignment(portal, officer)
    with drawn("alignment", officer, {"run": str(run_id)}) as test:
        assert not test.exception
        assert "One person waits to be told." in texts(test)
        shown = texts(test)
        assert "<strong>Counts no more.</strong> Wastewater treatment, Class II (12345) counts no more." in shown
        assert "<strong>Suspended.</strong> None of this operator’s licences" in shown
        assert shown.count("O&#x27;Brien &lt;b&gt;<br>90012345") == 1  # two changes of one person
        assert shown.count("</span>Waits for the release") == 1
        assert list(test.dataframe[0].value["Result"]) == ["1 to tell"]
        press(test, "Release: tell one person")
        kept = "No mail server is set, so the mail is kept and not sent."
        assert f"The result is released. {kept}" in texts(test)
        assert "</span>Kept: no mail server is set" in texts(test)
        assert "<dt>Released</dt><dd>by Robin Fairwater on" in texts(test)
        assert "Nobody waits to be told of a change." in texts(test)
        assert not test.button


def test_a_pass_that_only_found_differences_says_so_and_leads_to_them(portal, officer):
    active_operator(portal)
    with portal.database.transaction(writes=True) as session:
        decided = {"basis": Basis.DECISION, "confirmed_on": NOON.date()}
        session.execute(update(CertificateClaim).values(**decided))
    imported(portal, listed_on=NOON.date() + timedelta(days=1), at=NOON)
    run = alignment.runs(officer).rows[0]
    assert (run.changes, run.differences, run.open) == (0, 1, 1)
    with drawn("alignment", officer, {"run": str(run.run_id)}) as test:
        assert not test.exception
        shown = texts(test)
        assert list(test.dataframe[0].value["Differences"]) == [1]
        assert "<dt>Differences for the queue</dt><dd>1 found, 1 still to decide</dd>" in shown
        assert 'href="/queue?kind=discrepancy"' in shown
        assert "The pass changed no certificate and no profile." in shown
        assert "Changes, by person" not in shown


def test_of_several_changes_of_one_person_each_says_what_has_become_of_its_mail(portal, officer):
    suspend_by_alignment(portal, officer)
    verification.suspend(officer, 1, verification.item(officer, 1).profile_version, "A complaint.")
    run_id = alignment.runs(officer).rows[0].run_id
    with drawn("alignment", officer, {"run": str(run_id)}) as test:
        shown = texts(test)
        assert "<div>Counts no more: waits for the release</div><div>Suspended: none needed</div>" in shown


def test_a_pass_that_is_not_there_is_named_in_a_sentence(portal, officer):
    suspend_by_alignment(portal, officer)
    with drawn("alignment", officer, {"run": "99"}) as test:
        assert "There is no such pass of alignment. Look at the list again." in texts(test)


def test_an_officer_sets_a_pass_aside_with_a_reason(portal, officer):
    run_id = suspend_by_alignment(portal, officer)
    with drawn("alignment", officer, {"run": str(run_id)}) as test:
        press(test, "Tell nobody")
        assert "Write the reason why nobody is told" in texts(test)
        test.text_area[0].set_value("The ministry mends it today.")
        press(test, "Tell nobody")
        assert "The pass is set aside: nobody is told of it." in texts(test)
        assert "Nobody is told: The ministry mends it today." in texts(test)
        assert "Nobody waits to be told of a change." in texts(test)
        assert not test.button


@pytest.mark.parametrize("label", ["Tell nobody", "Release: tell one person"])
def test_whoever_comes_second_to_a_pass_reads_who_was_first_and_keeps_the_reason(portal, officer, label):
    run_id = suspend_by_alignment(portal, officer)
    colleague = signed_in(portal, Role.OFFICER, given_name="Bea")
    with drawn("alignment", officer, {"run": str(run_id)}) as test:
        test.text_area[0].set_value("The *ministry* mends it today.").run()
        alignment.release(colleague, run_id, alignment.runs(colleague).rows[0].version)
        press(test, label)
        shown = texts(test)
        assert "Released by Bea Fairwater on 20 November 2026, 12:00, after your page was drawn" in shown
        assert "Why nobody is told (typed, not handed in):\nThe *ministry* mends it today." in shown
        press(test, "Discard what I typed")
        assert "mends it today" not in texts(test)
        assert "after your page was drawn" not in texts(test)


def test_an_own_release_is_no_colleagues_and_keeps_the_reason_that_was_typed(portal, officer):
    run_id = suspend_by_alignment(portal, officer)
    with drawn("alignment", officer, {"run": str(run_id)}) as test:
        test.text_area[0].set_value("The ministry mends it today.").run()
        press(test, "Release: tell one person")
        assert "after your page was drawn" not in texts(test)
        assert "The ministry mends it today." in texts(test)
