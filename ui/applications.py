"""How applications for classification are drawn, in lists and whole."""

from collections.abc import Iterable

import streamlit as st

from core.application import governing
from core.certificate_applications import ApplicationState
from core.classification import classify
from core.legislation import NotOnFile
from core.package_plants import PackagePlant, is_package_plant
from core.sentences import Sentence, in_english
from db.application_views import ApplicationRow, ApplicationView
from db.saved_calculations import SavedCalculation
from ui import findings, links, words
from ui import points as drawn_points
from ui.words import Mark

MARKS = {
    ApplicationState.OPEN: Mark("?", ApplicationState.OPEN.label, "unknown"),
    ApplicationState.PASSED_ON: Mark("◆", ApplicationState.PASSED_ON.label, "decides"),
    ApplicationState.RETURNED: Mark("▲", ApplicationState.RETURNED.label, "due"),
    ApplicationState.DECIDED: Mark("●", ApplicationState.DECIDED.label, "stands"),
    ApplicationState.WITHDRAWN: Mark("–", ApplicationState.WITHDRAWN.label, "none"),
}


def points(of: ApplicationRow | SavedCalculation) -> str:
    """What the points come to, in words: "38 points, Class II"."""
    count = in_english(of.lowest)
    if of.lowest != of.highest:
        count = f"{count} to {in_english(of.highest)}"
    made = of.facility_class.label if of.facility_class else "more than one class possible"
    return f"{count} points, {made}"


def listed(rows: Iterable[ApplicationRow], *, primary: bool = False) -> None:
    """Applications one under the other, each a link; `primary` marks the first as the page's main action."""
    for number, row in enumerate(rows):
        with st.container(border=True, key=f"application-{row.application_id}"):
            words.standing(MARKS[row.state])
            words.facts(
                {
                    "Facility": f"{row.facility} {row.ministry_number}".strip(),
                    "Owner": row.organization,
                    "Applies for": row.reason.label,
                    "Calculated": points(row),
                    "Handed in": words.office_time(row.submitted_at),
                }
            )
            links.to(
                f"Open application {row.application_id}",
                "applications",
                primary=primary and number == 0,
                id=row.application_id,
            )


def whole(found: ApplicationView) -> None:
    """Everything that was handed in, and every point of the calculation with its citation."""
    words.standing(MARKS[found.state])
    words.facts(_facts(found))
    if found.returned_because:
        words.warning("Returned. The reasons:")
        st.text(found.returned_because)
    if found.package:
        _conditions(found, found.package)
    with st.expander(f"The calculation: {points(found.calculation)}"):
        _calculation(found.calculation)


def _conditions(found: ApplicationView, package: PackagePlant) -> None:
    """Whether the points may be reduced: the conditions of a package plant, each as a finding."""
    st.text("Whether it is a package plant, by what the owner says:")
    on_day = governing(found.facility_type, found.filed_on)
    findings.draw(is_package_plant(package, on_day), on=on_day.on)


def _facts(found: ApplicationView) -> dict[str, object]:
    said: dict[str, object] = {
        "Facility": f"{found.facility} {found.ministry_number}".strip(),
        "Type": found.facility_type.label,
        "Owner": found.organization,
        "Class on record when filed": found.class_on_record.label if found.class_on_record else "None",
        "Calculated": points(found.calculation),
        "Filed on": found.filed_on,
        "Fee, as the owner says": _paid(found),
    }
    if found.reason == "alteration":
        said["Approval applied for"] = found.approval_applied_on or "Not yet"
    if found.fee_received_on:
        said["Fee, as the office confirms"] = f"Received on {in_english(found.fee_received_on)}"
    if found.package:
        said["Package plant"] = _package(found.package)
    return said


def _paid(found: ApplicationView) -> str:
    return f"Paid on {in_english(found.fee_paid_on)}" if found.fee_paid_on else "Not paid yet"


def _package(package: PackagePlant) -> str:
    """The facts of a package plant in a line."""
    return str(
        Sentence(
            "Complete unit: {unit}. Preassembled: {preassembled}. Modules: {modules}. Design flow: {flow} m3/day.",
            unit=_known(package.complete_unit),
            preassembled=_known(package.preassembled),
            modules=_known(package.modules),
            flow=_known(package.design_flow_m3_per_day),
        )
    )


def _known(fact: object) -> object:
    return "not known" if fact is None else fact


def _calculation(saved: SavedCalculation) -> None:
    words.facts(
        {
            "Law": f"O. Reg. {saved.regulation}, {saved.law_version}, on {in_english(saved.on)}",
            "Saved": f"{words.office_time(saved.saved_at)}, by {saved.saved_by}",
            "Note": saved.note or "None",
        }
    )
    try:
        found = classify(saved.facility_type, saved.answers, regulation=saved.regulation, on=saved.on)
    except NotOnFile as missing:
        words.notice(missing.sentence)
        return
    drawn_points.lines(found)
