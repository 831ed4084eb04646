"""Log lines as JSON, one record per line, including the servers', without values of database rows."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

# Characters that some log readers take for the end of a line, though JSON does not.
ENDS_OF_LINES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}
ENCODER = json.JSONEncoder(ensure_ascii=False)
VALUES = re.compile(r"(DETAIL: |\[parameters: |CONTEXT: ).*")

# Verbose libraries. A lost connection, which the pool reports, is in the log line of the fault already; the limiter
# names the network address of each person it refuses.
QUIET = {
    "flask-limiter": logging.WARNING,
    "fontTools": logging.WARNING,
    "pyhanko": logging.WARNING,
    "pyhanko_certvalidator": logging.WARNING,
    "sqlalchemy.pool": logging.CRITICAL,
    "waitress.queue": logging.ERROR,
}


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON, in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback is included as text."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _without_rows(record.getMessage()),
            # The number, route, status and time of a request are separate fields.
            **getattr(record, "ciss", {}),
        }
        if record.exc_info:
            line["cause"] = _without_rows(self.formatException(record.exc_info))
        return ENCODER.encode(line).translate(ENDS_OF_LINES)


def _without_rows(text: str) -> str:
    """Remove the values that a database quotes in its errors, as they may be about a person."""
    return VALUES.sub(r"\1…", text)


def init() -> None:
    """Send every log line to standard error."""
    handler = _on_stderr()
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    quieten()


def quieten() -> None:
    """Keep the lines of verbose libraries out of the log."""
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)


@contextmanager
def of_command() -> Iterator[None]:
    """Send the warnings and errors of a block to standard error, where a reference is searched for."""
    handler = _on_stderr()
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


def _on_stderr() -> logging.Handler:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    return handler


def of_granian() -> dict[str, object]:
    """Return the logging configuration that makes granian write its own lines in the same form."""
    handler = {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}
    own = {"handlers": ["own"], "level": "INFO", "propagate": False}
    return {
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"own": handler},
        "loggers": {"_granian": own, "granian.access": dict(own)},
    }
