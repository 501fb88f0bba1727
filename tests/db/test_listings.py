"""Importing a listing: the preview, all or nothing, the second officer, and taking it back; on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from core.alignment import Basis
from core.comparison import Outcome
from core.listings import Difference, ImportState
from core.problems import Refused
from core.profiles import State
from core.roles import Role
from db import register_schema as tables
from db.gate import Asker, Portal, Stale
from db.schema import AuditEntry, CertificateClaim, OperatorProfile
from db.services import listings, verification
from tests.db.people import NOON, at, make_account, sign_in, signed_in
from tests.db.profiles import FACILITY, available_operator, submitted_operator, submitted_owner
from tests.db.statements import counted
from tests.db.together import together
from tests.db.uploaded import (
    DAY,
    FACILITIES,
    OPERATORS,
    facility,
    imported,
    licence,
    licences,
    listing,
    table,
    written,
)

WHY = "The ministry sent the wrong file."


@pytest.fixture
def officer(portal: Portal) -> Asker:
    return signed_in(portal, Role.OFFICER, given_name="Ann")


@pytest.fixture
def second(portal: Portal) -> Asker:
    return signed_in(portal, Role.OFFICER, given_name="Bob")


def numbers(portal: Portal, import_id: int | None = None) -> list[str]:
    """The numbers that an import lists; those of the standing one where none is named."""
    row, of = tables.ListedLicence, tables.ListingImport
    stands = of.id == import_id if import_id else of.state == "standing"
    with portal.database.transaction(writes=False) as session:
        return list(
            session.scalars(select(row.number).join(of).where(stands, of.kind == "operators").order_by(row.id))
        )


def actions(portal: Portal) -> list[str]:
    with portal.database.transaction(writes=False) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


# --- the preview --------------------------------------------------------------------------------------------


def test_the_first_listing_is_all_new_and_nothing_is_written_by_its_preview(portal, officer):
    found = listings.preview(officer, licences(1, 2, 3))
    assert found.difference == Difference(3, 0, 0, 0)
    assert [line[3] for line in found.differences.new] == ["20001", "20002", "20003"]
    assert found == listings.Preview(found.differences, None, None, 0, False, False)
    assert listings.history(officer, OPERATORS).total == 0
    assert actions(portal) == []


def test_a_preview_counts_what_is_new_changed_gone_and_unchanged(officer):
    imported(officer, licences(*range(100)))
    next_one = listing(*(licence(n, **({"class": "IV"} if n == 5 else {})) for n in range(1, 103)))
    found = listings.preview(officer, next_one)
    assert found.difference == Difference(new=3, changed=1, gone=1, unchanged=98)
    assert found.former == 100
    assert not found.needs_second


@pytest.mark.parametrize(
    "change",
    [{"last_name": "Roy"}, {"first_name": ""}, {"class": "IV"}, {"expiry_date": "2027-03-13"},
     {"status": "Suspended"}, {"municipality": ""}],
)  # fmt: skip
def test_every_column_counts_as_a_change(officer, change):
    imported(officer, licences(1, 2))
    changed = listing(licence(1, **change), licence(2))
    assert listings.preview(officer, changed).difference == Difference(0, 1, 0, 1)
    assert listings.preview(officer, licences(1, 2)).difference == Difference(0, 0, 0, 2)


def test_a_preview_says_which_lines_and_what_of_them_changed(portal, officer):
    imported(officer, licences(1, 2, 3))
    changes = {"class": "IV", "expiry_date": "2030-03-12"}
    found = listings.preview(officer, listing(licence(2, **changes), licence(1), licence(4))).differences
    assert [line[3] for line in found.new] == ["20004"]
    assert [line[3] for line in found.gone] == ["20003"]
    (changed,) = found.changed
    assert found.in_words(changed) == (
        ("Class", "III", "IV"),
        ("Expiry date", date(2027, 3, 12), date(2030, 3, 12)),
    )
    assert actions(portal)[-1] == "listing.differences_seen"


def test_a_column_that_a_file_does_not_have_is_no_change(officer):
    def without(number: int, **changes: str):
        return {name: cell for name, cell in licence(number, **changes).items() if name != "municipality"}

    imported(officer, licences(1, 2))
    found = listings.preview(officer, listing(without(1), without(2, last_name="Roy"))).differences
    assert found.counted == Difference(0, 1, 0, 1)
    assert (found.not_in_new, found.not_in_former) == (("Municipality",), ())
    assert [label for label, _, _ in found.in_words(found.changed[0])] == ["Last name"]
    imported(officer, listing(without(1), without(2)))
    back = listings.preview(officer, licences(1, 2)).differences
    assert (back.counted, back.not_in_former) == (Difference(0, 0, 0, 2), ("Municipality",))


def test_a_row_that_cannot_be_read_is_not_gone(officer):
    imported(officer, licences(*range(10)))
    bad = [licence(number, expiry_date="03/04/2027") for number in range(5)]
    twice = [licence(5), licence(5, status="Suspended")]
    what = listing(*bad, *twice, *(licence(number) for number in range(6, 9)))
    found = listings.preview(officer, what)
    assert found.difference == Difference(0, 0, 1, 3, unread=6)
    assert [line[3] for line in found.differences.unread] == [str(20_000 + number) for number in range(6)]


@pytest.mark.parametrize(("bad", "second"), [(1, False), (2, False), (3, True), (100, True)])
def test_two_percent_may_be_unreadable_and_more_wait_for_a_second_officer(officer, bad, second):
    """A file whose dates are all ambiguous takes nothing away, but it leaves the register to itself."""
    imported(officer, licences(*range(100)))
    rows = [licence(number, expiry_date="03/04/2027") for number in range(bad)]
    found = listings.preview(officer, listing(*rows, *(licence(number) for number in range(bad, 101))))
    assert (found.difference.gone, found.needs_second) == (0, second)


def test_a_facility_whose_row_cannot_be_read_counts_as_not_listed(officer):
    plants = [facility(number) for number in range(10)]
    imported(officer, listing(*plants, kind=FACILITIES))
    found = listings.preview(officer, listing(facility(0, type="?"), *plants[1:], kind=FACILITIES))
    assert found.difference == Difference(0, 0, 0, 9, unread=1)
    assert found.needs_second


def test_another_type_or_number_is_another_licence(officer):
    imported(officer, licences(1))
    assert listings.preview(officer, licences(1, type="WWC")).difference == Difference(1, 0, 1, 0)


# --- importing ----------------------------------------------------------------------------------------------


def test_an_import_stands_with_its_date_file_and_importer(portal, officer):
    what = listing(licence(1), licence(2, status=""), licence(3, last_name="<b>O'Brien</b>"))
    stands = imported(officer, what).standing
    assert (stands.kind, stands.state, stands.listed_on) == (OPERATORS, ImportState.STANDING, DAY)
    assert (stands.file_name, stands.sha256) == ("listing.csv", what.sha256)
    assert (stands.rows, stands.left_out, stands.imported_by, stands.mine) == (2, 1, "Ann Fairwater", True)
    assert (stands.imported_at, stands.confirmed_by, stands.ended_by) == (NOON, "", "")
    assert numbers(portal) == ["20001", "20003"]
    assert actions(portal) == ["listing.imported", "listing.stands"]
    with portal.database.transaction(writes=False) as session:
        names = session.scalars(select(tables.ListedLicence.last_name).order_by(tables.ListedLicence.id)).all()
        lines = session.scalars(select(tables.ListedLicence.line).order_by(tables.ListedLicence.id)).all()
    assert (names[1], list(lines)) == ("<b>O'Brien</b>", [2, 4])


def test_facilities_are_a_listing_of_their_own(officer):
    imported(officer, licences(1))
    stands = imported(officer, listing(facility(1), facility(2, latitude="", longitude=""), kind=FACILITIES))
    assert stands.standing.rows == 2
    assert listings.stands(officer)[OPERATORS].standing.rows == 1
    again = listing(facility(1, **{"class": "III"}), facility(2, latitude="", longitude=""), kind=FACILITIES)
    assert listings.preview(officer, again).difference == Difference(0, 1, 0, 1)


def test_a_newer_listing_takes_the_place_of_the_one_that_stands(portal, officer):
    first = imported(officer, licences(1)).standing
    second = imported(officer, licences(1, 2)).standing
    assert (second.difference.new, second.difference.unchanged) == (1, 1)
    assert numbers(portal) == ["20001", "20002"]
    assert [(one.id, one.state) for one in listings.history(officer, OPERATORS).rows] == [
        (second.id, ImportState.STANDING),
        (first.id, ImportState.FORMER),
    ]


def test_the_listings_date_is_neither_older_nor_to_come(officer):
    imported(officer, licences(1))
    for day, says in ((DAY - timedelta(1), "older than"), (DAY + timedelta(1), "still to come"), (None, "Enter")):
        with pytest.raises(Refused, match=says) as refused:
            listings.import_(officer, licences(1, 2), day, listings.preview(officer, licences(1)).against)
        assert refused.value.problems[0].field == "listed_on"
    assert imported(officer, licences(1, 2), DAY).standing.rows == 2


def test_the_very_file_that_stands_is_told_and_imported_only_for_a_later_day(officer):
    imported(officer, licences(1), DAY - timedelta(7))
    assert listings.preview(officer, licences(1)).same_file
    with pytest.raises(Refused, match="This very file stands already, as the listing of 13 November 2026"):
        imported(officer, licences(1), DAY - timedelta(7))
    assert imported(officer, licences(1), DAY).standing.listed_on == DAY


def test_an_import_on_a_preview_that_was_overtaken_is_refused(portal, officer, second):
    imported(officer, licences(1))
    against = listings.preview(officer, licences(1, 2)).against
    imported(second, licences(1, 3))
    with pytest.raises(Stale, match="changed by Bob Fairwater on 20 November 2026"):
        listings.import_(officer, licences(1, 2), DAY, against)
    assert numbers(portal) == ["20001", "20003"]


def test_an_import_after_a_withdrawal_in_between_is_refused(officer, second):
    stands = imported(officer, licences(1)).standing
    against = listings.preview(officer, licences(1, 2)).against
    listings.withdraw(second, stands.id, stands.version, WHY)
    with pytest.raises(Refused, match="was withdrawn meanwhile"):
        listings.import_(officer, licences(1, 2), DAY, against)


def test_of_two_imports_at_once_one_stands_and_the_other_is_told(portal, officer, second):
    for count in (1, 2):  # where none stands, and where one does
        against = listings.preview(officer, licences(1)).against
        answers = together(
            lambda count=count, against=against: listings.import_(officer, licences(*range(count)), DAY, against),
            lambda count=count, against=against: listings.import_(second, licences(*range(count)), DAY, against),
        )
        assert sorted(isinstance(one, Stale) for one in answers) == [False, True], answers
        assert len(numbers(portal)) == count


def test_an_import_that_fails_leaves_nothing(portal, officer):
    imported(officer, licences(1))

    def fails(_share: float) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        listings.import_(officer, licences(1, 2), DAY, listings.preview(officer, licences(1)).against, fails)
    assert numbers(portal) == ["20001"]
    assert listings.history(officer, OPERATORS).total == 1


def test_progress_is_told_while_rows_are_written(officer):
    told = []
    listings.import_(officer, licences(*range(4_500)), DAY, None, told.append)
    assert told == [2_000 / 4_500, 4_000 / 4_500, 1.0]


# --- the second officer -------------------------------------------------------------------------------------


def much_vanishes(officer: Asker) -> listings.Import:
    """An import that waits because 3 of 100 would vanish."""
    imported(officer, licences(*range(100)))
    waiting = imported(officer, licences(*range(97))).waiting
    assert waiting
    return waiting


def test_two_percent_may_vanish_and_more_wait_for_a_second_officer(portal, officer):
    imported(officer, licences(*range(100)))
    assert not listings.preview(officer, licences(*range(98))).needs_second
    assert listings.preview(officer, licences(*range(97))).needs_second
    stands = imported(officer, licences(*range(97)))
    assert stands.waiting.difference.gone == 3
    assert stands.waiting.state is ImportState.WAITING
    assert stands.standing.rows == len(numbers(portal)) == 100


def test_the_percentage_is_a_setting(portal, officer):
    imported(officer, licences(*range(100)))
    settings = portal.settings.model_copy(update={"vanishing_percent": Decimal("3")})
    asker = replace(officer, portal=replace(portal, settings=settings))
    assert not listings.preview(asker, licences(*range(97))).needs_second


def test_the_second_officer_is_another_person(portal, officer):
    waiting = much_vanishes(officer)
    with pytest.raises(Refused, match="You imported this listing yourself"):
        listings.confirm(officer, waiting.id, waiting.version)
    assert len(numbers(portal)) == 100


def test_with_the_second_officers_word_the_import_stands(portal, officer, second):
    waiting = much_vanishes(officer)
    assert not listings.stands(second)[OPERATORS].waiting.mine
    listings.confirm(second, waiting.id, waiting.version)
    stands = listings.stands(officer)[OPERATORS]
    assert (stands.waiting, stands.standing.rows, stands.standing.confirmed_by) == (None, 97, "Bob Fairwater")
    assert len(numbers(portal)) == 97
    assert actions(portal)[-2:] == ["listing.confirmed", "listing.stands"]


def test_a_refused_import_leaves_what_stands_and_says_why(portal, officer, second):
    waiting = much_vanishes(officer)
    with pytest.raises(Refused, match="Write the reason for the refusal"):
        listings.refuse_import(second, waiting.id, waiting.version, " ")
    listings.refuse_import(second, waiting.id, waiting.version, WHY)
    refused = listings.history(officer, OPERATORS).rows[0]
    assert (refused.state, refused.ended_by, refused.reasons) == (ImportState.REFUSED, "Bob Fairwater", WHY)
    assert len(numbers(portal)) == 100
    assert imported(officer, licences(*range(100), 200)).standing.rows == 101


def test_who_imported_may_take_it_back(officer):
    waiting = much_vanishes(officer)
    listings.refuse_import(officer, waiting.id, waiting.version, WHY)
    assert listings.stands(officer)[OPERATORS].waiting is None


def test_a_decision_on_a_stale_page_is_refused(officer, second):
    waiting = much_vanishes(officer)
    listings.refuse_import(second, waiting.id, waiting.version, WHY)
    with pytest.raises(Stale, match="by you, in another window"):
        listings.confirm(second, waiting.id, waiting.version)
    with pytest.raises(Refused, match="does not wait for a decision any more"):
        listings.confirm(second, waiting.id, waiting.version + 1)


def test_while_an_import_waits_nothing_else_is_imported_or_withdrawn(officer, second):
    much_vanishes(officer)
    stands = listings.stands(officer)[OPERATORS].standing
    for act in (
        lambda: imported(second, licences(*range(101))),
        lambda: listings.withdraw(second, stands.id, stands.version, WHY),
    ):
        with pytest.raises(Refused, match="by Ann Fairwater waits for a second officer"):
            act()
    assert imported(officer, listing(facility(1), kind=FACILITIES)).standing


def test_of_two_second_officers_at_once_one_decides(portal, officer, second):
    waiting = much_vanishes(officer)
    third = signed_in(portal, Role.OFFICER)
    answers = together(
        lambda: listings.confirm(second, waiting.id, waiting.version),
        lambda: listings.refuse_import(third, waiting.id, waiting.version, WHY),
    )
    assert sorted(isinstance(one, Stale) for one in answers) == [False, True], answers


def test_the_second_officer_sees_what_would_be_gone(officer, second):
    waiting = much_vanishes(officer)
    found = listings.differences(second, waiting.id)
    assert [line[3] for line in found.gone] == ["20097", "20098", "20099"]
    assert found.counted == Difference(0, 0, 3, 97)


# --- withdrawing --------------------------------------------------------------------------------------------


def test_withdrawn_the_former_listing_stands_again(portal, officer, second):
    first = imported(officer, licences(1)).standing
    newer = imported(officer, licences(1, 2)).standing
    listings.withdraw(second, newer.id, newer.version, WHY)
    stands = listings.stands(officer)[OPERATORS].standing
    assert (stands.id, numbers(portal)) == (first.id, ["20001"])
    withdrawn = listings.history(officer, OPERATORS).rows[0]
    assert (withdrawn.state, withdrawn.ended_by, withdrawn.reasons) == (
        ImportState.WITHDRAWN, "Bob Fairwater", WHY,
    )  # fmt: skip
    assert numbers(portal, newer.id) == ["20001", "20002"]  # kept: it can be shown what was believed, and when
    assert actions(portal)[-3:] == ["listing.withdrawn", "listing.stands", "alignment.taken_back"]


def test_what_follows_from_a_listing_is_done_with_it_and_undone_with_it(portal):
    available_operator(portal)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(CertificateClaim).values(basis=Basis.LISTING))

    def state() -> str:
        with portal.database.transaction(writes=False) as session:
            return session.scalars(select(OperatorProfile.state)).one()

    later = signed_in(portal, Role.OFFICER, at=NOON + timedelta(days=1))
    what = imported(later, licences(1), DAY + timedelta(1)).standing
    assert state() == State.SUSPENDED
    listings.withdraw(later, what.id, what.version, WHY)
    assert state() == State.ACTIVE
    imported(later, listing(facility(1), kind=FACILITIES), DAY + timedelta(1))
    assert state() == State.ACTIVE


def test_what_waits_is_compared_with_each_listing_that_begins_or_ceases_to_stand(portal, officer):
    submitted_operator(portal, "90000001", "20001")
    submitted_owner(portal, facility=replace(FACILITY, ministry_number="110001"))

    def outcomes():
        return [row.borne_out for row in verification.queue(officer).rows]

    assert outcomes() == [Outcome.NOT_COMPARABLE, Outcome.NOT_COMPARABLE]
    stands = imported(officer, licences(1)).standing
    assert outcomes() == [Outcome.DIFFERS, Outcome.NOT_COMPARABLE]
    imported(officer, listing(facility(2), kind=FACILITIES))
    assert outcomes() == [Outcome.DIFFERS, Outcome.NUMBER_NOT_FOUND]
    listings.withdraw(officer, stands.id, stands.version, WHY)
    assert outcomes() == [Outcome.NOT_COMPARABLE, Outcome.NUMBER_NOT_FOUND]


def test_withdrawn_one_after_the_other_in_the_end_none_stands(officer):
    days = (DAY - timedelta(2), DAY - timedelta(1), DAY)
    for day, count in zip(days, (1, 2, 3), strict=True):
        imported(officer, licences(*range(count)), day)
    for expected in (*reversed(days[:-1]), None):
        stands = listings.stands(officer)[OPERATORS].standing
        listings.withdraw(officer, stands.id, stands.version, WHY)
        now = listings.stands(officer)[OPERATORS].standing
        assert (now.listed_on if now else None) == expected
    assert imported(officer, licences(0), DAY - timedelta(9)).standing.listed_on == DAY - timedelta(9)


def test_a_withdrawal_beforehand_does_not_avoid_the_second_officer(officer, second):
    stands = imported(officer, licences(*range(1000))).standing
    listings.withdraw(officer, stands.id, stands.version, WHY)
    few = licences(*range(10))
    preview = listings.preview(officer, few)
    assert (preview.needs_second, preview.withdrawn, preview.former) == (True, DAY, 1000)
    assert preview.difference == Difference(0, 0, 990, 10)
    waits = imported(officer, few).waiting
    assert len(listings.differences(second, waits.id).gone) == 990
    listings.confirm(second, waits.id, waits.version)
    assert listings.stands(officer)[OPERATORS].standing.rows == 10


def test_after_a_withdrawal_the_next_import_follows_what_stands(portal, officer):
    imported(officer, licences(1))
    wrong = imported(officer, licences(1, 2)).standing
    listings.withdraw(officer, wrong.id, wrong.version, WHY)
    right = imported(officer, licences(1, 3)).standing
    assert right.difference == Difference(1, 0, 0, 1)
    listings.withdraw(officer, right.id, right.version, WHY)
    assert numbers(portal) == ["20001"]


def test_only_what_stands_is_withdrawn_with_a_reason_and_not_on_a_stale_page(officer, second):
    first = imported(officer, licences(1)).standing
    newer = imported(officer, licences(1, 2)).standing
    former = listings.history(officer, OPERATORS).rows[1]
    with pytest.raises(Refused, match="Only the listing that stands can be withdrawn"):
        listings.withdraw(officer, former.id, former.version, WHY)
    with pytest.raises(Refused, match="Write the reason for the withdrawal"):
        listings.withdraw(officer, newer.id, newer.version, "")
    with pytest.raises(Stale):
        listings.withdraw(officer, first.id, first.version, WHY)
    answers = together(
        lambda: listings.withdraw(officer, newer.id, newer.version, WHY),
        lambda: listings.withdraw(second, newer.id, newer.version, WHY),
    )
    assert sorted(isinstance(one, Stale) for one in answers) == [False, True]


# --- columns, bad rows, lists -------------------------------------------------------------------------------


def test_columns_of_ours_need_no_mapping_and_others_are_mapped_once(portal, officer, second):
    ours = table(written([licence(1)]))
    assert listings.columns(officer, OPERATORS, ours)["class"] == "class"
    french = table(written([licence(1)]).replace(b"last_name", b"nom"))
    assert listings.columns(officer, OPERATORS, french) is None
    mapping = {heading: heading for heading in french.headings if heading != "nom"} | {"last_name": "nom"}
    with pytest.raises(Refused, match="Choose the column of the file that holds: Last name"):
        listings.save_columns(officer, OPERATORS, french, mapping | {"last_name": ""})
    listings.save_columns(officer, OPERATORS, french, mapping)
    assert listings.columns(second, OPERATORS, french) == mapping
    assert listings.columns(second, FACILITIES, french) is None
    changed = {ours: theirs for ours, theirs in mapping.items() if ours != "municipality"}
    listings.save_columns(second, OPERATORS, french, mapping | {"municipality": ""})
    assert listings.columns(officer, OPERATORS, french) == changed
    assert actions(portal) == ["listing.columns_mapped"] * 2


def test_two_officers_who_map_the_same_new_headings_at_once_both_do(portal, officer, second):
    french = table(written([licence(1)]).replace(b"last_name", b"nom"))
    mapping = {heading: heading for heading in french.headings if heading != "nom"} | {"last_name": "nom"}
    one, other = (
        lambda who=who: listings.save_columns(who, OPERATORS, french, mapping) for who in (officer, second)
    )
    assert together(one, other) == ["done", "done"]
    assert listings.columns(officer, OPERATORS, french) == mapping


def test_bad_rows_are_kept_in_words_and_each_look_is_recorded(portal, officer, second):
    stands = imported(officer, listing(licence(1), licence(2, expiry_date="03/04/2027", status="?"))).standing
    (bad,) = listings.bad_rows(second, stands.id)
    assert bad.line == 3
    assert [str(one)[:38] for one in bad.because] == [
        "The expiry date “03/04/2027” is writte",
        "The status “?” is not known. Write In ",
    ]
    assert actions(portal)[-1] == "listing.bad_rows_seen"
    with pytest.raises(Refused, match="There is no such import"):
        listings.bad_rows(officer, 999)


def test_the_list_of_imports_takes_as_many_statements_for_one_as_for_sixty(portal, officer):
    def statements() -> int:
        with counted(portal) as run:
            assert listings.history(officer, OPERATORS).rows
        return len(run)

    imported(officer, licences(0), DAY - timedelta(90))
    with_one = statements()
    for day in range(60):
        imported(officer, licences(*range(day + 1)), DAY - timedelta(80 - day))
    assert statements() == with_one
    found = listings.history(officer, OPERATORS, 2)
    assert (found.total, len(found.rows), found.page) == (61, 11, 2)


def test_the_office_sees_its_own_day(officer):
    late = at(officer, NOON.replace(hour=3))  # 10 p.m. in Toronto, on the day before
    with pytest.raises(Refused, match="20 November 2026 is still to come"):
        listings.import_(late, licences(1), DAY, None)


def test_two_accounts_of_one_person_are_no_two_officers(portal):
    """Not made by the portal; the rule looks at the person all the same."""
    account = make_account(portal, Role.OFFICER)
    first = sign_in(portal, account)
    waiting = much_vanishes(first)
    with pytest.raises(Refused, match="yourself"):
        listings.confirm(sign_in(portal, account), waiting.id, waiting.version)


def test_rows_are_counted_once(portal, officer):
    imported(officer, licences(*range(50)))
    with portal.database.transaction(writes=False) as session:
        assert session.scalar(select(func.count()).select_from(tables.ListedLicence)) == 50
        assert session.scalars(select(tables.ListedLicence.expiry)).first() == date(2027, 3, 12)
