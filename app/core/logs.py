"""Structured logs: one JSON object a line on standard error, whoever wrote it.

No line holds a network address, a token, or what somebody wrote.
"""

import logging
import sys
import traceback
from typing import Literal

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
        structlog.processors.JSONRenderer()
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
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Libraries' chatter is not the operator's business; their warnings are.
    for name in ("alembic", "sqlalchemy", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


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
