"""Strikes, lock-outs and declared emergencies: days that spend none, and what the law asks of them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.calendar import Span
from core.designations import Basis, Designation, Responsible, overall_responsible
from core.disruptions import qualified_in_emergency, runs_in_emergency, runs_in_strike, while_strikes_last
from core.emergencies import Emergency, Temporary, Way
from core.employment import Capacity, Spell, Worker
from core.facilities import FacilityType
from core.findings import NOT_YET, Decision, Finding, Verdict
from core.legislation import law
from core.licences import Licence, LicenceClass, LicenceRecord, LicenceType
from core.reliance import notice_given, stand_in_ledger
from core.responsibility import About, InCharge, Recorded, findings_on, may_be_in_charge, unlicensed
from core.strike_plans import Strike
from core.submissions import Kind, Submission, contents_of
from core.timeline import joined, stretches
from core.told import Disrupted, Told
from core.works import Works

PLANT = Works(FacilityType.WASTEWATER_TREATMENT, "2200A", ((Span(date(2000, 1, 1)), LicenceClass.III),))
FIRST = date(2026, 3, 2)
STRIKE = Span(FIRST, FIRST + timedelta(days=30))
ON = law("129/04", FIRST)
# Of whom the owner says, for the days of an emergency, that they are no engineering practitioner.
NO_PRACTITIONER = (Temporary(Span(date(2020, 1, 1)), Way.TECHNICIAN),)
NOBODY = Worker((), date.min, (Spell(Span(date(2020, 1, 1)), Capacity.OPERATOR),), NO_PRACTITIONER)


def directed(period: Span = STRIKE, *, granted: bool = True, regulation: str = "129/04") -> Decision:
    citation = law(regulation, period.start).topic("strike_direction")
    return Decision(citation, granted, "A. Director", period.start, "A safe plan.", period)


def licensed_of_class(licence_class: LicenceClass = LicenceClass.III, **more: object) -> Worker:
    licence = Licence("1", LicenceType.WASTEWATER_TREATMENT, licence_class, date(2027, 1, 1))
    record = LicenceRecord("90012345", licence, date(2024, 1, 2), None, (), NOT_YET, NOT_YET)
    return replace(NOBODY, records=(replace(record, **more),))


def found_of(responsible: Responsible, day: date, about: About) -> dict[int | None, Verdict]:
    every = findings_on(Recorded(PLANT, responsible), law("129/04", day))
    return {one.person: one.finding.verdict for one in every if one.about is about}


# --- a strike or lock-out (s. 16) -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (FIRST - timedelta(days=1), Verdict.UNKNOWN),
        (FIRST, Verdict.NOT_APPLICABLE),
        (FIRST + timedelta(days=29), Verdict.NOT_APPLICABLE),
        (FIRST + timedelta(days=30), Verdict.UNKNOWN),
    ],
)
def test_a_direction_lifts_who_must_run_the_facility_for_its_days(day, verdict) -> None:
    found = overall_responsible(Responsible({}, strikes=(directed(),)), PLANT, law("129/04", day))
    assert found.verdict is verdict
    if verdict is Verdict.NOT_APPLICABLE:
        assert found.decision == directed()
        assert found.until == STRIKE.end


_DAYS = timedelta(days=1)


@pytest.mark.parametrize(
    ("strikes", "lifted"),
    [
        ((), [STRIKE]),
        ((Span(FIRST, None),), [STRIKE]),
        ((Span(FIRST, STRIKE.end),), [STRIKE]),
        ((Span(FIRST, FIRST + 5 * _DAYS),), [Span(FIRST, FIRST + 5 * _DAYS)]),
        ((Span(FIRST - 9 * _DAYS, FIRST),), [STRIKE]),  # another strike, over before it
        (
            (Span(FIRST, FIRST + 5 * _DAYS), Span(FIRST + 9 * _DAYS, None)),
            [Span(FIRST, FIRST + 5 * _DAYS), Span(FIRST + 9 * _DAYS, STRIKE.end)],
        ),
        ((Span(FIRST, FIRST + 5 * _DAYS), Span(FIRST + 5 * _DAYS, None)), [STRIKE]),
    ],
)
def test_a_direction_holds_for_the_duration_of_the_strike(strikes, lifted) -> None:
    directions = while_strikes_last((directed(),), strikes)
    assert list(Responsible({}, strikes=directions).lifted) == lifted


def test_a_refusal_stands_whatever_the_strike_does() -> None:
    refused = directed(granted=False)
    assert while_strikes_last((refused,), (Span(FIRST, FIRST + _DAYS),)) == (refused,)


def test_it_lifts_the_licence_of_every_operator_too_and_none_of_these_days_is_one_without() -> None:
    responsible = Responsible({1: NOBODY}, strikes=(directed(),))
    verdicts = [found_of(responsible, FIRST + timedelta(days=shift), About.LICENSED)[1] for shift in (-1, 0, 30)]
    assert verdicts == [Verdict.NOT_MET, Verdict.NOT_APPLICABLE, Verdict.NOT_MET]
    shown = Span(FIRST - timedelta(days=2), FIRST + timedelta(days=32))
    days = list(unlicensed(NOBODY, PLANT, "129/04", shown, lifted=responsible.lifted))
    assert days == [Span(shown.start, FIRST), Span(FIRST + timedelta(days=30), shown.end)]


def test_days_of_standing_in_under_a_direction_count_neither_for_the_limit_nor_for_the_notice() -> None:
    stands_in = Designation(1, Basis.STAND_IN, Span(FIRST - timedelta(days=59), FIRST + timedelta(days=31)))
    without = Responsible({1: NOBODY}, (stands_in,))
    lifted = replace(without, strikes=(directed(),))
    day = law("129/04", FIRST + timedelta(days=30))
    counts = [stand_in_ledger(one.relied, (), day).count(day.on) for one in (without, lifted)]
    assert counts == [90, 60]
    eve = replace(day, on=FIRST + timedelta(days=29))
    found = [notice_given(one.relied, (), eve).verdict for one in (without, lifted)]
    assert found == [Verdict.NOT_MET, Verdict.NOT_APPLICABLE], "its 60th day comes after the strike"


def test_a_direction_that_was_refused_lifts_nothing() -> None:
    refused = directed(granted=False)
    runs = Designation(1, Basis.STRIKE, STRIKE)
    responsible = Responsible({1: NOBODY}, (runs,), strikes=(refused,))
    assert responsible.lifted == ()
    assert overall_responsible(responsible, PLANT, ON).verdict is Verdict.NOT_MET
    assert runs_in_strike((refused,), ON).verdict is Verdict.NOT_MET


def test_whoever_runs_it_in_a_strike_is_a_question_to_the_director_until_a_direction_is_recorded() -> None:
    responsible = Responsible({1: NOBODY}, (Designation(1, Basis.STRIKE, STRIKE),))
    found = overall_responsible(responsible, PLANT, ON)
    assert found.verdict is Verdict.UNKNOWN
    assert [(need.key, need.asked_of) for need in found.needs] == [("strike_direction", "director")]
    assert str(found.citation) == "O. Reg. 129/04, s. 16 (1)"
    settled = replace(responsible, strikes=(directed(),))
    assert overall_responsible(settled, PLANT, ON).verdict is Verdict.NOT_APPLICABLE


LIFTED = "The Director directed on 2 March 2026 that {} not apply in a strike or lock-out."


@pytest.mark.parametrize("basis", list(Basis))
def test_what_a_direction_lifts_is_who_must_be_responsible_whatever_the_designation_rests_on(basis) -> None:
    runs = Designation(1, basis, STRIKE)
    found = overall_responsible(Responsible({1: NOBODY}, (runs,), strikes=(directed(),)), PLANT, ON)
    assert (str(found.citation), str(found.because)) == ("O. Reg. 129/04, s. 15 (1)", LIFTED.format("s. 15 (1)"))


def test_of_an_operator_without_a_licence_it_lifts_section_14() -> None:
    every = findings_on(Recorded(PLANT, Responsible({1: NOBODY}, strikes=(directed(),))), ON)
    (found,) = (one.finding for one in every if one.about is About.LICENSED)
    assert (str(found.citation), str(found.because)) == ("O. Reg. 129/04, s. 14 (1)", LIFTED.format("s. 14 (1)"))


# Decisions as the Director made them, in the order in which they were recorded: the days from the first of the
# strike on which each was decided, and from which day it holds. What is lifted, in days from the first.
REVOKED = {
    "revoked on the tenth day": ([(True, 0, 0), (False, 10, 10)], [(0, 10)]),
    "revoked, and recorded before the direction was": ([(False, 10, 10), (True, 0, 0)], [(0, 10)]),
    "revoked from the day before on, as decided": ([(True, 0, 0), (False, 10, 9)], [(0, 9)]),
    "refused, then directed": ([(False, 0, 0), (True, 10, 10)], [(10, 30)]),
    "revoked, then directed again": ([(True, 0, 0), (False, 10, 10), (True, 20, 20)], [(20, 30), (0, 10)]),
    "directed and revoked on one day": ([(True, 0, 0), (False, 0, 0)], []),
}


@pytest.mark.parametrize(("decided", "lifted"), REVOKED.values(), ids=REVOKED)
def test_the_latest_of_the_directors_decisions_on_a_day_prevails(decided, lifted) -> None:
    days = [FIRST + timedelta(days=shift) for shift in range(31)]
    strikes = [
        replace(directed(Span(days[start], STRIKE.end), granted=granted), decided_on=days[decided_on])
        for granted, decided_on, start in decided
    ]
    runs = Designation(1, Basis.STRIKE, STRIKE)
    responsible = Responsible({1: NOBODY}, (runs,), strikes=tuple(strikes))
    spans = {Span(days[start], days[end]) for start, end in lifted}
    assert set(responsible.lifted) == spans
    for day in days[:-1]:
        found = overall_responsible(responsible, PLANT, law("129/04", day)).verdict
        of_an_operator = found_of(responsible, day, About.LICENSED)[1]
        is_lifted = any(day in one for one in spans)
        assert (found is Verdict.NOT_APPLICABLE) == (of_an_operator is Verdict.NOT_APPLICABLE) == is_lifted, day


def test_a_direction_of_the_earlier_regulation_lifts_nothing_of_this_one() -> None:
    earlier = directed(Span(date(2004, 5, 1), date(2004, 9, 1)), regulation="435/93")
    responsible = Responsible({1: NOBODY}, strikes=(earlier,))
    assert responsible.lifted == (Span(date(2004, 5, 1), date(2004, 5, 14)),)
    before, after = law("435/93", date(2004, 5, 13)), law("129/04", date(2004, 8, 1))
    verdicts = [overall_responsible(responsible, PLANT, on).verdict for on in (before, after)]
    assert verdicts == [Verdict.NOT_APPLICABLE, Verdict.UNKNOWN]


def test_days_designated_for_a_strike_or_an_emergency_spend_none() -> None:
    made = tuple(Designation(1, basis, STRIKE) for basis in (Basis.STRIKE, Basis.EMERGENCY))
    for one in made:
        responsible = Responsible({1: NOBODY}, (one,))
        assert (responsible.relied, responsible.disrupted) == ((), (STRIKE,))


def test_under_435_93_section_15_says_the_same_of_a_strike() -> None:
    day = date(2003, 9, 1)
    strike = directed(Span(day, date(2003, 10, 1)), regulation="435/93")
    found = overall_responsible(Responsible({}, strikes=(strike,)), PLANT, law("435/93", day))
    assert (found.verdict, str(strike.citation)) == (Verdict.NOT_APPLICABLE, "O. Reg. 435/93, s. 15")


# --- a declared emergency (s. 23) -----------------------------------------------------------------------------


def test_that_an_emergency_was_declared_and_operators_are_short_is_asked() -> None:
    found = runs_in_emergency(licensed_of_class(), (), PLANT, ON)
    assert found.verdict is Verdict.UNKNOWN
    assert {need.key for need in found.needs} == {"emergency", "shortage", "necessary", "not_taken_away"}


def test_whoever_held_no_licence_and_is_no_engineer_is_not_designated_in_an_emergency() -> None:
    found = runs_in_emergency(NOBODY, (), PLANT, ON)
    assert (found.verdict, str(found.citation)) == (Verdict.NOT_MET, "O. Reg. 129/04, s. 23 (2)")


@pytest.mark.parametrize(
    "taken_away",
    [
        {"cancelled_on": FIRST},
        {"suspended": (Span(FIRST - timedelta(days=9), FIRST + timedelta(days=9)),)},
    ],
)
def test_nobody_whose_licence_is_cancelled_or_suspended_operates_in_an_emergency(taken_away) -> None:
    engineer = replace(licensed_of_class(**taken_away), spells=(Spell(Span(date(2020, 1, 1)), Capacity.ENGINEER),))
    found = runs_in_emergency(engineer, (), PLANT, ON)
    by_provision = {one.citation.provision: one for one in found.walk() if not one.parts}
    not_taken = by_provision["s. 23 (4)"]
    assert (found.verdict, not_taken.verdict) == (Verdict.NOT_MET, Verdict.NOT_MET)
    assert str(not_taken.because) == "A licence of the person is cancelled or suspended."


def test_of_a_former_licence_one_class_lower_it_is_asked_whether_that_is_enough() -> None:
    found = qualified_in_emergency(licensed_of_class(LicenceClass.II), PLANT, ON)
    lower = "Wastewater treatment, Class II, one class lower than Class III,"
    asks = f"Is this so? {lower} is enough in an emergency."
    assert [(need.key, str(need.asks)) for need in found.needs] == [("former_class", asks)]
    assert {"R23", "R61"} <= set(found.readings)


@pytest.mark.parametrize(
    ("way", "verdict"),
    [
        (Way.PRACTITIONER, Verdict.MET),
        (Way.FORMER, Verdict.UNKNOWN),
        (Way.TECHNICIAN, Verdict.NOT_MET),
        (Way.MANAGER, Verdict.NOT_MET),
        (Way.STAFF, Verdict.NOT_MET),
        (Way.NONE, Verdict.NOT_MET),
    ],
)
def test_who_is_of_a_later_paragraph_is_of_neither_that_may_be_overall_responsible(way, verdict) -> None:
    who = replace(NOBODY, complete_from=None, in_emergency=(Temporary(STRIKE, way),))
    assert qualified_in_emergency(who, PLANT, ON).verdict is verdict


# What is on record of a licence that ran out, since when all are on record, and each day on which the answer is
# another than on the day before.
LEAP = {
    "expired on 28 February 2023": (date(2023, 2, 28), date.min, date(2028, 3, 1)),
    "expired on 29 February 2024": (date(2024, 2, 29), date.min, date(2029, 3, 1)),
    "all on record from 29 February 2024": (date(2019, 1, 1), date(2024, 2, 29), date(2029, 3, 1)),
    "all on record from 28 February 2023": (date(2019, 1, 1), date(2023, 2, 28), date(2028, 2, 28)),
}


@pytest.mark.parametrize(("expiry", "complete_from", "changes_on"), LEAP.values(), ids=LEAP)
def test_the_day_from_which_a_former_licence_counts_no_more_is_named_in_leap_years(
    expiry, complete_from, changes_on
) -> None:
    record = replace(licensed_of_class().records[0], issued_on=date(2016, 1, 1))
    record = replace(record, licence=replace(record.licence, expiry=expiry))
    said = (Temporary(Span(date(2020, 1, 1)), Way.FORMER),)
    former = replace(NOBODY, records=(record,), complete_from=complete_from, in_emergency=said)

    def ask(day: date) -> Finding:
        return qualified_in_emergency(former, PLANT, law("129/04", day))

    told = joined(stretches(Span(date(2025, 1, 1), date(2030, 1, 1)), ask))
    assert [one.span.start for one in told] == [date(2025, 1, 1), changes_on]
    eve = changes_on - timedelta(days=1)
    assert ask(eve).verdict is told[0].finding.verdict is not ask(changes_on).verdict


def test_a_former_licence_that_was_once_suspended_does_not_qualify() -> None:
    once = licensed_of_class(suspended=(Span(date(2025, 1, 1), date(2025, 2, 1)),))
    assert runs_in_emergency(once, (), PLANT, ON).verdict is Verdict.NOT_MET


OPERATOR, ENGINEER, OTHER = (
    replace(NOBODY, spells=(Spell(Span(date(2020, 1, 1)), capacity),)) for capacity in Capacity
)
FORMER = licensed_of_class(
    licence=Licence("1", LicenceType.WASTEWATER_TREATMENT, LicenceClass.I, date(2025, 1, 1))
)
TOO_OLD = licensed_of_class(
    licence=Licence("1", LicenceType.WASTEWATER_TREATMENT, LicenceClass.I, date(2021, 3, 1))
)
LEARNER = licensed_of_class(LicenceClass.OPERATOR_IN_TRAINING)
LEFT = replace(FORMER, spells=(Spell(Span(date(2020, 1, 1), FIRST), Capacity.OPERATOR),))
UNSAID = replace(OPERATOR, in_emergency=())
# Who is employed, or in charge, while another is designated in an emergency; what s. 14 and s. 17 say on the
# day before, and in it. None: s. 14 asks nothing of whoever is not there.
NO, ASKED, YES, NONE = Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.MET, Verdict.NOT_APPLICABLE
IN_EMERGENCY = {
    "licensed": (licensed_of_class(), (YES, YES), (YES, YES)),
    "an operator whose licence expired a year ago": (FORMER, (NO, ASKED), (NO, ASKED)),
    "an operator whose licence expired 60 months and a day ago": (TOO_OLD, (NO, ASKED), (NO, NO)),
    "an operator who never had one": (OPERATOR, (NO, ASKED), (NO, NO)),
    "an engineer without one": (ENGINEER, (NO, ASKED), (NO, ASKED)),
    "in training: employed, and of no class": (LEARNER, (YES, YES), (NO, NO)),
    "another who serves, for instance of maintenance": (OTHER, (ASKED, ASKED), (NO, NO)),
    "an operator whose licence is cancelled": (
        licensed_of_class(cancelled_on=date(2026, 1, 1)),
        (NO, NO),
        (NO, NO),
    ),
    "whoever has left": (LEFT, (NO, None), (NO, NO)),
    "an operator of whom nobody says whether a practitioner": (UNSAID, (NO, ASKED), (NO, ASKED)),
    "another of whom nobody says it": (replace(OTHER, in_emergency=()), (NONE, NONE), (NO, ASKED)),
}


@pytest.mark.parametrize(("worker", "section_14", "section_17"), IN_EMERGENCY.values(), ids=IN_EMERGENCY)
def test_in_an_emergency_what_sections_14_and_17_ask_of_the_others_is_a_question(
    worker, section_14, section_17
) -> None:
    responsible = Responsible({1: ENGINEER, 2: worker}, (Designation(1, Basis.EMERGENCY, STRIKE),))
    recorded = Recorded(PLANT, responsible, in_charge=(InCharge(2, Span(date(2025, 1, 1))),))
    days = FIRST - timedelta(days=1), FIRST, FIRST + timedelta(days=29), FIRST + timedelta(days=30)
    for about, (before, within) in {About.LICENSED: section_14, About.IN_CHARGE: section_17}.items():
        found = [
            {
                one.person: one.finding.verdict
                for one in findings_on(recorded, law("129/04", day))
                if one.about is about
            }
            for day in days
        ]
        assert [one.get(2) for one in found][:3] == [before, within, within], about


def test_an_engineer_in_charge_beyond_180_days_is_a_question_in_an_emergency() -> None:
    responsible = Responsible({1: ENGINEER}, (Designation(1, Basis.EMERGENCY, STRIKE),))
    made = InCharge(1, Span(FIRST - timedelta(days=180)), as_engineer=True)
    recorded = Recorded(PLANT, responsible, in_charge=(made,))
    every = [
        may_be_in_charge(made, recorded, law("129/04", FIRST + timedelta(days=shift))) for shift in (-1, 0, 29, 30)
    ]
    assert [one.verdict for one in every] == [YES, ASKED, ASKED, NO]
    assert {need.key for need in every[1].needs} == {"emergency", "shortage", "necessary", "not_taken_away"}
    assert (every[0].until, every[1].until) == (FIRST, STRIKE.end)


@pytest.mark.parametrize(("regulation", "first"), [("129/04", FIRST), ("435/93", date(2003, 9, 1))])
def test_a_day_worked_without_a_licence_is_shown_unless_section_23_may_allow_it(regulation, first) -> None:
    emergency, shown = Span(first, first + timedelta(days=5)), Span(first, first + timedelta(days=9))
    worker = replace(NOBODY, spells=(Spell(Span(date(2001, 1, 1)), Capacity.OPERATOR),))
    days = list(unlicensed(worker, PLANT, regulation, shown, emergency=(emergency,)))
    assert days == [Span(emergency.end, shown.end) if regulation == "129/04" else shown]


def test_before_the_text_is_on_file_it_is_asked_and_the_earlier_regulation_knows_none() -> None:
    earlier = runs_in_emergency(NOBODY, (), PLANT, law("129/04", date(2020, 4, 1)))
    assert (earlier.verdict, {need.key for need in earlier.needs}) == (Verdict.UNKNOWN, {"emergency_text"})
    assert runs_in_emergency(NOBODY, (), PLANT, law("435/93", date(2003, 9, 1))).verdict is Verdict.NOT_MET


# What the owner says of an emergency on the first day, and who somebody is: what s. 14 says of an operator without
# a licence, and s. 17 of the same one in charge. Engineering practitioners are the only ones who may do both here.
DECLARED = Emergency(STRIKE, True, True, True)
PRACTITIONER = Temporary(STRIKE, Way.PRACTITIONER, clear=True)
TECHNICIAN = Temporary(STRIKE, Way.TECHNICIAN, experience=36, trained=True, clear=True)
ANSWERED = {
    "nobody has said anything": ((), (), ASKED, ASKED),
    "declared, and who it is not said": ((DECLARED,), (), ASKED, ASKED),
    "a practitioner": ((DECLARED,), (PRACTITIONER,), YES, YES),
    "a technician may operate, not be in charge": ((DECLARED,), (TECHNICIAN,), YES, NO),
    "a technician with too little experience": ((DECLARED,), (replace(TECHNICIAN, experience=35),), NO, NO),
    "somebody whose certificate is suspended": ((DECLARED,), (replace(PRACTITIONER, clear=False),), NO, NO),
    "nobody has said whether one is": ((DECLARED,), (replace(PRACTITIONER, clear=None),), ASKED, ASKED),
    "no emergency was declared": ((Emergency(STRIKE, False),), (PRACTITIONER,), NO, NO),
    "operators were not short": ((replace(DECLARED, shortage=False),), (PRACTITIONER,), NO, NO),
    "whether others were needed is not said": (
        (replace(DECLARED, necessary=None),),
        (PRACTITIONER,),
        ASKED,
        ASKED,
    ),
}


@pytest.mark.parametrize(("said", "who", "section_14", "section_17"), ANSWERED.values(), ids=ANSWERED)
def test_what_the_owner_says_settles_the_questions_of_an_emergency(said, who, section_14, section_17) -> None:
    runs = Designation(1, Basis.EMERGENCY, STRIKE)
    workers = {1: ENGINEER, 2: replace(OPERATOR, in_emergency=who)}
    recorded = Recorded(PLANT, Responsible(workers, (runs,), emergencies=said), (InCharge(2, STRIKE),))
    assert found_of_person(recorded, FIRST, About.LICENSED, 2) is section_14
    assert found_of_person(recorded, FIRST, About.IN_CHARGE, 2) is section_17
    day = FIRST + timedelta(days=30)
    assert found_of_person(recorded, day, About.LICENSED, 2) is NO
    shown = Span(FIRST - timedelta(days=2), FIRST + timedelta(days=32))
    responsible = recorded.responsible
    days = list(
        unlicensed(
            workers[2], PLANT, "129/04", shown, emergency=responsible.emergency, said=responsible.emergencies
        )
    )
    outside = [Span(shown.start, FIRST), Span(day, shown.end)]
    assert days == ([shown] if section_14 is NO else outside)


SERVING = {
    "3 years of experience": (TECHNICIAN, Verdict.MET),
    "a month more": (replace(TECHNICIAN, experience=37), Verdict.MET),
    "a month below": (replace(TECHNICIAN, experience=35), NO),
    "nobody has said how much": (replace(TECHNICIAN, experience=None), ASKED),
    "a licence was taken away": (replace(TECHNICIAN, clear=False), NO),
    "none of those": (replace(TECHNICIAN, way=Way.NONE), NO),
}


@pytest.mark.parametrize(("serves", "verdict"), SERVING.values(), ids=SERVING)
@pytest.mark.parametrize("capacity", [Capacity.OTHER, Capacity.OPERATOR])
def test_whoever_serves_is_asked_by_section_23_whatever_their_capacity(serves, verdict, capacity) -> None:
    worker = Worker((), date.min, (Spell(Span(date(2020, 1, 1)), capacity),), (serves,))
    recorded = Recorded(PLANT, Responsible({2: worker}, emergencies=(DECLARED,)))
    without = NO if capacity is Capacity.OPERATOR else Verdict.NOT_APPLICABLE
    days = {FIRST - timedelta(days=1): without, FIRST: verdict, STRIKE.last: verdict, STRIKE.end: without}
    for day, expected in days.items():
        assert found_of_person(recorded, day, About.LICENSED, 2) is expected
    every = findings_on(recorded, law("129/04", FIRST - timedelta(days=1)))
    assert next(one.finding.until for one in every if one.about is About.LICENSED) == FIRST


@pytest.mark.parametrize(
    ("said", "verdict"), [((), ASKED), ((Emergency(STRIKE, False),), NO)], ids=["unsaid", "none declared"]
)
def test_whoever_serves_without_a_declared_emergency_on_record(said, verdict) -> None:
    worker = Worker((), date.min, (Spell(Span(date(2020, 1, 1)), Capacity.OTHER),), (TECHNICIAN,))
    recorded = Recorded(PLANT, Responsible({2: worker}, emergencies=said))
    assert found_of_person(recorded, FIRST, About.LICENSED, 2) is verdict


def found_of_person(recorded: Recorded, day: date, about: About, person: int) -> Verdict:
    every = findings_on(recorded, law("129/04", day))
    return next(one.finding.verdict for one in every if (one.about, one.person) == (about, person))


def test_an_emergency_that_was_declared_needs_no_designation_to_be_asked_about() -> None:
    for declared, verdict in ((True, ASKED), (False, NO)):
        responsible = Responsible({1: UNSAID}, emergencies=(Emergency(STRIKE, declared),))
        assert found_of(responsible, FIRST, About.LICENSED)[1] is verdict


# --- what the Director is told ---------------------------------------------------------------------------------

NOTICE, REPORT, PLAN = About.EMERGENCY_NOTICE, About.EMERGENCY_REPORT, About.STRIKE_PLAN
ALL_OF_REPORT = frozenset(one.id for one in contents_of(Kind.EMERGENCY_REPORT))
LAST = FIRST + timedelta(days=29)


def told_on(
    day: date, about: About, *submissions: Submission, worked: bool = True, **more: object
) -> Verdict | None:
    worker = replace(OPERATOR, in_emergency=(PRACTITIONER,) if worked else ())
    responsible = replace(Responsible({1: worker}, emergencies=(DECLARED,)), **more)
    recorded = Recorded(PLANT, responsible, disrupted=Disrupted(submissions=submissions))
    every = findings_on(recorded, law("129/04", day))
    return next((one.finding.verdict for one in every if one.about is about), None)


def sent_on(kind: Kind, day: date, contents: frozenset[str] | None = None) -> Submission:
    return Submission(kind, FIRST, day, contents)


def test_notice_and_report_are_asked_from_the_first_day_until_both_are_sent() -> None:
    eve = FIRST - timedelta(days=1)
    assert [told_on(eve, about) for about in (NOTICE, REPORT)] == [None, None]
    assert [told_on(FIRST, about) for about in (NOTICE, REPORT)] == [YES, NONE]
    notice = sent_on(Kind.EMERGENCY_NOTICE, FIRST + timedelta(days=7))
    report = sent_on(Kind.EMERGENCY_REPORT, LAST + timedelta(days=90), ALL_OF_REPORT)
    day = FIRST + timedelta(days=8)
    assert [told_on(day, NOTICE), told_on(day, NOTICE, notice)] == [NO, YES]
    assert told_on(LAST + timedelta(days=91), REPORT, notice) is NO
    assert told_on(report.sent_on, REPORT, notice, report) is YES
    assert told_on(report.sent_on + timedelta(days=1), REPORT, notice, report) is None
    assert told_on(report.sent_on + timedelta(days=1), NOTICE, report) is NO, "the notice was never sent"


def days_after(first: date, *shifts: int) -> list[date]:
    return [first + timedelta(days=shift) for shift in shifts]


def test_a_report_that_says_not_all_closes_nothing() -> None:
    notice = sent_on(Kind.EMERGENCY_NOTICE, FIRST)
    lacking = sent_on(Kind.EMERGENCY_REPORT, LAST + timedelta(days=10), frozenset())
    days = days_after(lacking.sent_on, 0, 1, 1000)
    assert [told_on(day, REPORT, notice, lacking) for day in days] == [NO, NO, NO]
    full = sent_on(Kind.EMERGENCY_REPORT, LAST + timedelta(days=20), ALL_OF_REPORT)
    days = days_after(full.sent_on, -1, 0, 1)
    assert [told_on(day, REPORT, notice, lacking, full) for day in days] == [NO, YES, None]


@pytest.mark.parametrize(("notice_on", "report_on"), [(8, 90), (7, 91)], ids=["notice", "report"])
def test_what_came_late_stays_said_until_five_years_from_the_report(notice_on, report_on) -> None:
    notice = sent_on(Kind.EMERGENCY_NOTICE, FIRST + timedelta(days=notice_on))
    report = sent_on(Kind.EMERGENCY_REPORT, LAST + timedelta(days=report_on), ALL_OF_REPORT)
    late, in_time = (NOTICE, REPORT) if notice_on > 7 else (REPORT, NOTICE)
    kept = report.sent_on.replace(year=report.sent_on.year + 5)
    shown = [*days_after(report.sent_on, 0, 1, 400), kept]
    assert [told_on(day, late, notice, report) for day in shown] == [NO] * 4
    assert [told_on(day, in_time, notice, report) for day in shown] == [YES] * 4
    assert [told_on(kept + timedelta(days=1), about, notice, report) for about in (late, in_time)] == [None, None]


def test_a_report_sent_while_the_emergency_goes_on_is_not_that_of_its_end() -> None:
    notice = sent_on(Kind.EMERGENCY_NOTICE, FIRST)
    early = sent_on(Kind.EMERGENCY_REPORT, LAST, ALL_OF_REPORT)
    assert told_on(LAST, REPORT, notice, early) is NONE
    assert told_on(LAST + timedelta(days=91), REPORT, notice, early) is NO
    before = replace(early, sent_on=FIRST - timedelta(days=1))
    assert [told_on(LAST + timedelta(days=shift), REPORT, notice, before) for shift in (1, 91, 4000)] == [
        YES,
        NO,
        NO,
    ]
    going_on = {"emergencies": (replace(DECLARED, span=Span(FIRST)),)}
    assert told_on(LAST + timedelta(days=400), REPORT, notice, early, **going_on) is NONE


def test_a_notice_from_before_the_emergency_tells_nothing_of_it() -> None:
    before = sent_on(Kind.EMERGENCY_NOTICE, FIRST - timedelta(days=1))
    assert told_on(FIRST + timedelta(days=8), NOTICE, before) is NO


@pytest.mark.parametrize("report_on", [-40, -5, 40, 91])
def test_each_day_on_which_what_is_told_is_another_is_named(report_on) -> None:
    submissions = (
        sent_on(Kind.EMERGENCY_NOTICE, FIRST + timedelta(days=9)),
        sent_on(Kind.EMERGENCY_REPORT, LAST + timedelta(days=20), frozenset()),
        sent_on(Kind.EMERGENCY_REPORT, LAST + timedelta(days=report_on), ALL_OF_REPORT),
    )
    told = Told((DECLARED,), (PRACTITIONER.span,), (), submissions)
    before = told.of(law("129/04", FIRST))
    for day in days_after(FIRST, *range(1, 2200)):
        found = told.of(law("129/04", day))
        if before is not None and [one.verdict for one in found or ()] != [one.verdict for one in before]:
            assert day in {one.until for one in before}, day
        before = found or before
        if found is None:
            break


# An extension, or an answer that changed, is a row of its own; what is told is told of the one emergency.
MIDDLE = FIRST + timedelta(days=15)
ROWS = {
    "extended": (replace(DECLARED, span=Span(FIRST, MIDDLE)), replace(DECLARED, span=Span(MIDDLE, STRIKE.end))),
    "another answer": (
        replace(DECLARED, span=Span(MIDDLE, STRIKE.end), shortage=False),
        replace(DECLARED, span=Span(FIRST, MIDDLE)),
    ),
}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_declared_days_that_follow_one_another_are_one_emergency(rows) -> None:
    notice = sent_on(Kind.EMERGENCY_NOTICE, FIRST)
    report = sent_on(Kind.EMERGENCY_REPORT, LAST + timedelta(days=90), ALL_OF_REPORT)
    said = {"emergencies": rows}
    days = days_after(MIDDLE, 0, 14)
    assert [told_on(day, NOTICE, notice, **said) for day in days] == [YES, YES]
    assert [told_on(day, REPORT, notice, **said) for day in days] == [NONE, NONE]
    assert told_on(LAST + timedelta(days=90), REPORT, notice, **said) is YES, "counted from the end of both"
    assert told_on(LAST + timedelta(days=91), REPORT, notice, **said) is NO
    assert told_on(report.sent_on, REPORT, notice, report, **said) is YES
    of_the_second = replace(notice, of_day=MIDDLE)
    assert told_on(LAST, NOTICE, of_the_second, **said) is YES, "recorded of the second when it was the only one"


def test_a_gap_of_a_day_makes_two_emergencies() -> None:
    later = Span(MIDDLE + timedelta(days=1), STRIKE.end)
    said = {"emergencies": (replace(DECLARED, span=Span(FIRST, MIDDLE)), replace(DECLARED, span=later))}
    notice = sent_on(Kind.EMERGENCY_NOTICE, FIRST)
    assert told_on(LAST, NOTICE, notice, **said) is NO


ON_FILE = date(2021, 12, 3)


@pytest.mark.parametrize(
    ("employed", "notice", "report"),
    [
        (Span(date(2020, 4, 1)), ASKED, NO),
        (Span(date(2020, 4, 1), ON_FILE), ASKED, ASKED),
        (Span(ON_FILE - timedelta(days=1)), ASKED, NO),
        (Span(ON_FILE), NO, NO),
        (Span(ON_FILE + timedelta(days=1)), NO, NO),
    ],
)
def test_what_was_to_be_told_before_the_text_is_on_file_is_not_known(employed, notice, report) -> None:
    emergency = Emergency(Span(date(2020, 4, 1), date(2022, 2, 1)), True, True, True)
    worker = replace(OPERATOR, in_emergency=(replace(PRACTITIONER, span=employed),))
    recorded = Recorded(PLANT, Responsible({1: worker}, emergencies=(emergency,)))
    every = {one.about: one.finding for one in findings_on(recorded, law("129/04", date(2022, 6, 1)))}
    assert (every[NOTICE].verdict, every[REPORT].verdict) == (notice, report)
    if notice is ASKED:
        assert "of which its text is not on file" in str(every[NOTICE].because)


def test_where_somebody_is_designated_and_nobody_employed_it_is_asked_who_was() -> None:
    runs = Designation(1, Basis.EMERGENCY, STRIKE)
    assert told_on(FIRST, NOTICE, worked=False, designations=(runs,)) is ASKED
    assert told_on(FIRST, NOTICE, worked=False) is NONE
    assert told_on(LAST + timedelta(days=1), NOTICE, worked=False) is None


def planned(day: date, *plans: Submission, waivers: tuple[Decision, ...] = ()) -> Verdict | None:
    disrupted = Disrupted((Strike(STRIKE),), plans, waivers)
    every = findings_on(Recorded(PLANT, Responsible({}), disrupted=disrupted), law("129/04", day))
    return next((one.finding.verdict for one in every if one.about is PLAN), None)


def test_a_strike_plan_is_asked_until_the_strike_has_ended_and_the_first_that_says_all_has_to_be_in_time() -> None:
    every = frozenset(one.id for one in contents_of(Kind.STRIKE_PLAN))
    due = FIRST - timedelta(days=14)
    first = sent_on(Kind.STRIKE_PLAN, due - timedelta(days=1), every - {"training"})
    amended, late = (sent_on(Kind.STRIKE_PLAN, day, every) for day in (due, due + timedelta(days=1)))
    assert [planned(due), planned(due + timedelta(days=1))] == [YES, NO]
    assert [planned(due, first), planned(due, first, amended)] == [NO, YES]
    assert planned(late.sent_on, first, late) is NO, "what was in time did not say all, and what says all was late"
    assert planned(LAST, amended, replace(first, sent_on=late.sent_on)) is YES, "a later one takes nothing back"
    assert [planned(LAST, first, amended), planned(LAST + timedelta(days=1), first)] == [YES, None]
    other = replace(first, of_day=FIRST + timedelta(days=1))
    assert planned(FIRST, other) is NO, "the plan of another strike"


def test_the_14_days_are_waived_by_the_directors_latest_decision_for_the_legal_date() -> None:
    decided_on, of_days = FIRST - timedelta(days=9), Span(FIRST, FIRST + timedelta(days=1))
    waiver = Decision(ON.topic("strike_plan_waiver"), True, "A. Director", decided_on, "Short notice.", of_days)
    refused = replace(waiver, granted=False, decided_on=FIRST - timedelta(days=8))
    elsewhere = replace(waiver, period=Span(FIRST + timedelta(days=1)))
    same_day = replace(refused, decided_on=decided_on)
    every = ((waiver,), (waiver, refused), (elsewhere,), (waiver, same_day), (same_day, waiver))
    found = [planned(FIRST - timedelta(days=1), waivers=one) for one in every]
    assert found == [YES, NO, NO, NO, YES], "of two of one day the one that was recorded last"
    assert planned(FIRST, waivers=(waiver,)) is NO


def test_before_the_text_is_on_file_and_under_435_93_no_plan_is_asked() -> None:
    for number, day in (("129/04", date(2020, 4, 1)), ("435/93", date(2003, 9, 1))):
        strike = Strike(Span(day, day + timedelta(days=30)))
        found = findings_on(Recorded(PLANT, Responsible({}), disrupted=Disrupted((strike,))), law(number, day))
        assert PLAN not in {one.about for one in found}
