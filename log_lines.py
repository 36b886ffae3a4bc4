"""How programs log: ids, counts, codes. The words of an exception may be a mail server's, and name somebody: they are
left out, its kind and the place it came from stay.
"""

import logging
import traceback
from types import TracebackType
from typing import Any

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class LogLines(logging.Formatter):
    """The house's lines. An exception is told by its type and frames; the engine keeps its words, encoded."""

    def __init__(self) -> None:
        super().__init__(FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        """The line; what another formatter kept of the exception's words is not taken over."""
        kept, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = kept

    def formatException(  # noqa: N802 - the standard library's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The frames and the type, without the words."""
        kind, error, _ = ei
        if kind is None or error is None:
            return ""
        frames = "".join(traceback.format_tb(error.__traceback__)[-6:])
        return f"{kind.__name__}\n{frames}".rstrip()


def log_to_stderr(level: int = logging.INFO) -> None:
    """What a program's main asks for: the house's lines on the error stream."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogLines())
    logging.basicConfig(level=level, handlers=[handler])


SERVER_LOGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "log_lines.LogLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "relance": {"level": "INFO"},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
"""The same for the web servers, in every process of theirs."""
