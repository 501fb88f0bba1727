"""The log: JSON on stdout, the libraries' lines too, and nothing in it that says who somebody is."""

import io
import json
import logging

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.roles import Role
from db import logs
from db.services import accounts, own_account, sessions
from tests.db.people import PASSWORD, make_account, sign_in, visitor
from tests.db.test_mail import mail_portal, postbox, send, served  # noqa: F401 - fixtures


@pytest.fixture
def log(monkeypatch):
    """What is logged from here on; afterwards logging is as it was."""
    root, config, kind = logging.root, structlog.get_config(), logging.getLoggerClass()
    handlers, level = root.handlers[:], root.level
    kept = {
        logger: (logger.__class__, logger.handlers[:], logger.__dict__.get("propagate", True), logger.level)
        for logger in root.manager.loggerDict.values()
        if isinstance(logger, logging.Logger)
    }
    written = io.StringIO()
    logs.configure("debug", written)
    yield written
    root.handlers, root.level = handlers, level
    logging.setLoggerClass(kind)
    structlog.configure(**config)
    for logger, (was, its_handlers, propagate, its_level) in kept.items():
        logger.__class__, logger.handlers = was, its_handlers
        logger.propagate = propagate
        logger.setLevel(its_level)


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_every_line_is_json_with_a_moment_a_level_and_an_event(log):
    structlog.get_logger().info("mail.sent", mails=[3])
    logging.getLogger("a.library").warning("It took %d s", 7)
    ours, theirs = lines(log)
    assert (ours["event"], ours["level"], ours["mails"]) == ("mail.sent", "info", [3])
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("It took 7 s", "warning", "a.library")
    assert "timestamp" in theirs


def test_a_library_that_brings_its_own_handler_is_logged_the_same_way(log, capsys):
    logger = logging.getLogger("brings.its.own")
    logger.propagate = False
    logger.addHandler(logging.StreamHandler())
    logger.error("Here")
    assert [line["event"] for line in lines(log)] == ["Here"]
    assert capsys.readouterr().err == ""


def test_who_asks_the_server_for_which_page_is_not_logged(log):
    logging.getLogger("uvicorn.access").error("192.0.2.7 GET /submission?id=3")
    assert lines(log) == []


@pytest.mark.parametrize(
    "address",
    ["192.0.2.7:50556", "192.0.2.7", "2001:db8::7:50556", "::1:50556", "::ffff:192.0.2.7:1"],
)
def test_from_where_somebody_comes_is_masked_in_the_lines_of_libraries(log, address):
    logging.getLogger("uvicorn.error").info('%s - "WebSocket %s" [accepted]', address, "/_stcore/stream")
    (line,) = lines(log)
    assert line["event"] == '[address] - "WebSocket /_stcore/stream" [accepted]'


def test_times_and_versions_are_not_taken_for_addresses(log):
    logging.getLogger("a.library").info("At 17:20:33 of 2026-11-20T17:20:33.5Z, version 1.67.0, file a.py:12")
    (line,) = lines(log)
    assert line["event"] == "At 17:20:33 of 2026-11-20T17:20:33.5Z, version 1.67.0, file a.py:12"


def test_an_exception_is_logged_by_its_type_and_lines_without_its_words(log):
    try:
        raise ValueError("Robin Fairwater lives in Timmins")
    except ValueError:
        logging.getLogger("a.library").exception("Failed for robin@example.ca with key=abc123")
    (line,) = lines(log)
    assert line["exception"] == "builtins.ValueError"
    assert line["lines"]
    assert "Robin" not in log.getvalue()
    assert line["event"] == "Failed for [e-mail] with key=[secret]"


def test_the_logs_of_a_sign_in_a_mail_and_a_failing_query_hold_no_personal_data(
    log,
    mail_portal,  # noqa: F811
    postbox,  # noqa: F811
):
    email, name = "quiet.robin@example.ca", "Quietrobin"
    account_id = make_account(mail_portal, Role.OPERATOR, email=email, given_name=name)
    asker = visitor(mail_portal)
    sessions.sign_in(asker, email, "a wrong password", "browser", "Test")
    code = sessions.sign_in(asker, email, PASSWORD, "browser", "Test").code
    token = sessions.exchange_code(asker, code, "browser")
    accounts.ask_link(asker, "reset", email)
    own_account.change_password(sign_in(mail_portal, account_id), PASSWORD, "eleven buckets of water")
    postbox.answers = [lambda server: f"451 {email} is busy"]
    send(mail_portal)
    with pytest.raises(SQLAlchemyError) as failed, mail_portal.database.transaction(writes=True) as session:
        session.execute(text("insert into account (email) values (:email)"), {"email": email})
    logging.getLogger("somewhere").error("Failed", exc_info=failed.value)
    written = log.getvalue()
    assert '"event": "mail.failed"' in written
    for private in (email, "quiet.robin", name, PASSWORD, "a wrong password", token, code, "+1705"):
        assert private not in written
