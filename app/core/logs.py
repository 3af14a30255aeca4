"""Structured logs: one JSON object a line on standard error, whoever wrote it.

No line holds a network address, a token, or what somebody wrote.
"""

import logging
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
import structlog
from structlog.types import EventDict, Processor


def set_up_logs(level: str, form: Literal["json", "console"]) -> None:
    """Send the service's own lines and those of every library through one form."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _name_plainly,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(_json)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    formatter = _JsonFormatter if form == "json" else structlog.stdlib.ProcessorFormatter
    handler.setFormatter(
        formatter(
            foreign_pre_chain=[_spread_fields, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Libraries' chatter is not the operator's business; their warnings are.
    # An HTTP client's lines hold addresses that people have chosen, and these hold secrets.
    for name in ("alembic", "sqlalchemy", "asyncio", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _json(line: Any, *, default: Callable[[Any], Any]) -> str:
    return orjson.dumps(line, default=default).decode()


class RequestLine(logging.LogRecord):
    """The line of a request: an event with ``fields``, made without the chain that all other lines
    go through. It would take longer than many a request.
    """

    def __init__(self, fields: dict[str, Any]) -> None:
        super().__init__(_REQUESTS.name, logging.INFO, "", 0, "request", None, None)
        self.fields = fields


def log_request(**fields: Any) -> None:
    """Log the line of a request."""
    if _REQUESTS.isEnabledFor(logging.INFO):
        _REQUESTS.handle(RequestLine(fields))


_REQUESTS = logging.getLogger("fillboard.requests")


class _JsonFormatter(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        if not isinstance(record, RequestLine):
            return super().format(record)
        at = datetime.fromtimestamp(record.created, UTC)
        line = {
            **record.fields,
            "event": record.msg,
            "level": "info",
            "logger": record.name,
            "timestamp": at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        }
        return orjson.dumps(line).decode()


def _spread_fields(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The line of a request, where it goes the way of all others."""
    # What comes here is a copy of the record, a plain one.
    fields: dict[str, Any] = getattr(event.get("_record"), "fields", {})
    return {**fields, **event}


def _name_plainly(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Uvicorn calls the logger of everything that it says ``uvicorn.error``."""
    if event.get("logger") == "uvicorn.error":
        event["logger"] = "uvicorn"
    return event


def frames_of(error: BaseException) -> str:
    """A traceback without messages: which exceptions were raised, and where, with what caused them.

    The message of an exception may quote what somebody sent (PostgreSQL's even quotes whole rows).
    """
    lines = []
    following: BaseException | None = error
    while following is not None:
        kind = type(following)
        state = getattr(following, "sqlstate", None)
        lines.append(f"{kind.__module__}.{kind.__qualname__}" + (f" ({state})" if state else ""))
        lines += [each.rstrip() for each in traceback.format_tb(following.__traceback__)]
        following = following.__cause__ or following.__context__
    return "\n".join(lines)
