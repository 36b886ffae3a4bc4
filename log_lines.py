"""How programs log: ids, counts, codes. The words of an exception may be a mail server's, and name somebody: they are
left out, its kind and the place it came from stay. Nobody who writes a line waits for who reads it.
"""

import logging
import time
import traceback
from logging.handlers import QueueHandler, QueueListener
from queue import Full, Queue
from types import TracebackType
from typing import Any

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
LINES = 10_000
"""So many wait for a reader of the error stream; more are lost, and counted."""
_READ_WITHIN = 2.0  # seconds that the end of a program waits for its last lines to be read


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


class Unhurried(QueueHandler):
    """Hands lines to a thread that writes them. An error stream that nobody reads (a full pipe, a terminal held by
    Ctrl-S) stops that thread and not the program. What finds no room is lost, and a line says how many later."""

    queue: Queue[logging.LogRecord]

    def __init__(self, room: int = LINES) -> None:
        super().__init__(Queue(room))
        self.setFormatter(LogLines())
        self.lost = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        """Put the line down; no wait, no complaint on the stream that is not read."""
        try:
            if self.lost:
                gap = {"name": "relance", "levelno": logging.WARNING, "levelname": "WARNING"}
                self.queue.put_nowait(self.prepare(logging.makeLogRecord(gap | {"msg": f"{self.lost} lines are lost"})))
                self.lost = 0
            self.queue.put_nowait(record)
        except Full:
            self.lost += 1

    def flush(self) -> None:
        """Wait until every line is written, two seconds at most: ``logging.shutdown`` asks for it."""
        end = time.monotonic() + _READ_WITHIN
        while self.queue.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.01)


def unhurried() -> Unhurried:
    """The house's lines on the error stream, written by a thread of their own."""
    handler = Unhurried()
    QueueListener(handler.queue, logging.StreamHandler()).start()
    return handler


def log_to_stderr(level: int = logging.INFO) -> None:
    """What a program's main asks for."""
    logging.basicConfig(level=level, handlers=[unhurried()])


SERVER_LOGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"()": "log_lines.unhurried"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "relance": {"level": "INFO"},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
"""The same for the web servers, in every process of theirs."""
