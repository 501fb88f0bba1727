"""One real call of each service of training and manuals; `world` makes people who have something to do."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from core.roles import Role
from db.gate import Asker
from db.manual_views import Statement
from db.people_schema import Employee
from db.schema import Account, LoginSession
from db.services import manuals, training_duties, training_imports
from tests.core.test_files import PDF
from tests.db import employed, filed, standing_listings, trained
from tests.db.filed import TODAY
from tests.db.trained import AT_A_PLACE, COLUMNS

YEAR = TODAY.year
ANOTHER = replace(AT_A_PLACE, label="2")
ROW = (TODAY.isoformat(), "8", "Pumps", "technical", "Sam Trainee", "")
HELD = [(TODAY, Decimal(8))]


def calls() -> dict[str, Callable[[Any], Any]]:
    """The calls by the name of their service."""
    return {
        "training.of_facility": lambda world: _at_facility(world),
        "training.years": lambda world: _at_facility(world),
        "training.sessions": lambda world: _at_facility(world),
        "training.fallen": lambda world: _at_facility(world),
        "training.overview": lambda world: _call(_staffed(world)[0]),
        "training.mine": lambda world: _call(world.asker(Role.OPERATOR)),
        "training.record": _record,
        "training.correct": lambda world: _of_session(world, HELD, "Pumps", "technical"),
        "training.withdraw": lambda world: _call(*_session(world)[:2], "Nobody came."),
        "training_duties.record_complete": lambda world: _at_facility(world, TODAY),
        "training_duties.record_notice": lambda world: _exempt(world, YEAR, TODAY),
        "training_duties.withdraw_notice": _withdraw_notice,
        "training_duties.record_request": lambda world: _at_facility(world, TODAY, None, YEAR, YEAR),
        "training_duties.record_sent": lambda world: _requested(world, TODAY, "copies"),
        "training_duties.withdraw_request": lambda world: _requested(world, "Not for us."),
        "training_duties.records": lambda world: _at_facility(world, YEAR, YEAR),
        "training_duties.sent_copy": _sent_copy,
        "training_imports.columns_of": lambda world: _at_facility(world, trained.sheet(ROW)),
        "training_imports.preview": lambda world: _at_facility(world, trained.sheet(ROW), COLUMNS),
        "training_imports.import_": lambda world: _at_facility(world, trained.sheet(ROW), COLUMNS),
        "training_imports.imports": lambda world: _at_facility(world),
        "training_imports.withdraw_import": _withdraw_import,
        "manuals.of_facility": lambda world: _at_facility(world),
        "manuals.readers": lambda world: _of_manual(world),
        "manuals.mine": lambda world: _call(world.asker(Role.OPERATOR)),
        "manuals.file": lambda world: _call(*_read(world)),
        "manuals.add": lambda world: _at_facility(world, "Manual", TODAY, TODAY, AT_A_PLACE),
        "manuals.record_review": lambda world: _of_manual(world, TODAY, "Chief operator", False),
        "manuals.add_version": lambda world: _of_manual(world, TODAY, False, ANOTHER),
        "manuals.withdraw": lambda world: _of_manual(world, "Replaced."),
        "manuals.withdraw_version": _withdraw_version,
        "manuals.withdraw_review": _withdraw_review,
        "manuals.state": lambda world: _at_facility(world, Statement(all_listed=True)),
        "manuals.record_readers": _told_readers,
        "manuals.acknowledge": lambda world: _call(*_read(world)),
        "manual_readers.taken_back": lambda world: _of_manual(world),
        "manual_readers.take_back_own": _take_back_own,
        "manual_readers.take_back": _take_back,
    }


def _call(asker: Asker, *given: Any) -> Any:
    from tests.db.service_calls import call  # which takes its calls from here

    return call(asker, *given)


def _staffed(world: Any) -> tuple[Asker, int, int]:
    """An owner, its facility, and somebody employed there since today, so that this year is exempt."""
    standing_listings.none_stands(world.portal)
    asker, facility = world.holder()
    return asker, facility, employed.employ(asker, "Trainee", first=filed.TODAY)


def _at_facility(world: Any, *more: Any) -> Any:
    asker, facility, _employee = _staffed(world)
    return _call(asker, facility, *more)


def _record(world: Any) -> Any:
    asker, facility, employee = _staffed(world)
    return _call(asker, facility, HELD, "Pumps", "technical", {employee: ""})


def _session(world: Any) -> tuple[Asker, int, int]:
    asker, _facility, employee = _staffed(world)
    return asker, trained.given(asker, employee), employee


def _of_session(world: Any, *more: Any) -> Any:
    asker, session, employee = _session(world)
    return _call(asker, session, *more, {employee: ""})


def _exempt(world: Any, *more: Any) -> Any:
    return _call(*_staffed(world), *more)


def _withdraw_notice(world: Any) -> Any:
    asker, facility, employee = _staffed(world)
    return _call(asker, training_duties.record_notice(asker, facility, employee, YEAR, TODAY), "It was not sent.")


def _requested(world: Any, *more: Any) -> Any:
    asker, facility, _employee = _staffed(world)
    return _call(asker, training_duties.record_request(asker, facility, TODAY, None, YEAR, YEAR), *more)


def _withdraw_import(world: Any) -> Any:
    asker, facility, _employee = _staffed(world)
    return _call(asker, training_imports.import_(asker, facility, trained.sheet(ROW), COLUMNS), "The wrong one.")


def _of_manual(world: Any, *more: Any) -> Any:
    asker, _facility, _employee = _staffed(world)
    return _call(asker, trained.manual(asker), *more)


def _sent_copy(world: Any) -> Any:
    asker, facility, _employee = _staffed(world)
    request = training_duties.record_request(asker, facility, TODAY, None, YEAR, YEAR)
    training_duties.record_sent(asker, request, TODAY, "copies")
    return _call(asker, request)


def _told_readers(world: Any) -> Any:
    asker, facility, employee = _staffed(world)
    trained.manual(asker)
    version = manuals.of_facility(asker, facility).manuals[0].current.version_id
    return _call(asker, version, [employee], TODAY)


def _take_back_own(world: Any) -> Any:
    operator, version = _read(world)
    manuals.acknowledge(operator, version)
    return _call(operator, version, "A mistake.")


def _take_back(world: Any) -> Any:
    asker, facility, employee = _staffed(world)
    trained.manual(asker)
    version = manuals.of_facility(asker, facility).manuals[0].current.version_id
    manuals.record_readers(asker, version, [employee], TODAY)
    return _call(asker, version, [employee], "A mistake.")


def _withdraw_version(world: Any) -> Any:
    asker, _facility, _employee = _staffed(world)
    return _call(asker, manuals.add_version(asker, trained.manual(asker), TODAY, False, ANOTHER), "Wrong.")


def _withdraw_review(world: Any) -> Any:
    asker, facility, _employee = _staffed(world)
    manual = trained.manual(asker)
    manuals.record_review(asker, manual, TODAY, "Chief operator", True)
    return _call(asker, manuals.of_facility(asker, facility).manuals[0].reviews[0].review_id, "Wrong.")


def _read(world: Any) -> tuple[Asker, int]:
    """An operator who works where a manual with a file is on record, and the id of its version."""
    owner, facility, employee = _staffed(world)
    entered = trained.AT_A_PLACE
    in_a_file = type(entered)(entered.label, "", file_name="manual.pdf", content=PDF)
    manuals.add(owner, facility, "Manual", TODAY, TODAY, in_a_file)
    operator = world.asker(Role.OPERATOR)
    with world.portal.database.transaction(writes=True) as session:
        newest = select(func.max(LoginSession.id))
        account = session.get_one(LoginSession, session.scalar(newest)).account_id
        session.get_one(Employee, employee).person_id = session.get_one(Account, account).person_id
    return operator, manuals.of_facility(owner, facility).manuals[0].current.version_id
