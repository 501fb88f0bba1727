"""The log: one JSON object a line on stdout, without personal data.

Events carry ids, names of services and of errors. An exception is logged as its type and the lines it came
through, not with its message, which may quote what somebody typed; whatever looks like an e-mail address, the
secret of a link or the address that a browser comes from is masked in the lines of libraries too.
"""

import logging
import re
import sys
import traceback
from ipaddress import ip_address
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

_EMAIL = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:]+")
_SECRET = re.compile(r"\b((?:key|code|token|password)=)[^\s&\"']+", re.IGNORECASE)

_PERHAPS_ADDRESS = re.compile(r"(?<![\w:.])[0-9A-Fa-f]*[:.][0-9A-Fa-f:.]+(?![\w:.])")


class _OursAlone(logging.Logger):
    """A logger that keeps no handler of its own: what libraries log goes to the one on the root."""

    propagate = property(lambda self: True, lambda self, value: None)

    def addHandler(self, hdlr: logging.Handler) -> None:  # noqa: N802 - the standard library's name
        """Does nothing."""


def configure(level: str, to: TextIO = sys.stdout) -> None:
    """Sends every log of this process, the libraries' too, to `to`, from `level` on (a name such as "info")."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        _exception,
        _masked,
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(to)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(default=str),
            ],
            foreign_pre_chain=before,
        )
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(level.upper())
    logging.setLoggerClass(_OursAlone)
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.__class__ = _OursAlone
            logger.setLevel(logging.NOTSET)
    logging.getLogger("uvicorn.access").addFilter(lambda _record: False)  # it names who asks, and for what
    logging.getLogger("sqlalchemy").setLevel(max(logging.WARNING, logging.root.level))  # else every statement
    logging.getLogger("authlib").setLevel(max(logging.WARNING, logging.root.level))  # else what proves a sign-in


def _exception(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The exception of an event as its type and its lines."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["exception"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["lines"] = _lines(error.__traceback__)
    return event


def _lines(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def _masked(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {name: _mask(value) for name, value in event.items()}


def _mask(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    value = _SECRET.sub(r"\1[secret]", _EMAIL.sub("[e-mail]", value))
    return _PERHAPS_ADDRESS.sub(lambda found: "[address]" if _is_address(found[0]) else found[0], value)


def _is_address(text: str) -> bool:
    """Whether it is an IP address, with its port or without."""
    return any(_is_ip(part) for part in (text, text.rpartition(":")[0]))


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
