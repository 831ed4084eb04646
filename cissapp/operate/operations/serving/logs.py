"""Log lines as JSON, one record a line, also those of the servers; without what a row of the database holds."""

import json
import logging
import re
from datetime import UTC, datetime

# What some readers of logs take for the end of a line, though JSON does not.
ENDS_OF_LINES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}
ENCODER = json.JSONEncoder(ensure_ascii=False)
VALUES = re.compile(r"(DETAIL: |\[parameters: |CONTEXT: ).*")

# Libraries that talk. What the pool says of a connection that was lost, the line of the fault says already.
QUIET = {
    "fontTools": logging.WARNING,
    "pyhanko": logging.WARNING,
    "pyhanko_certvalidator": logging.WARNING,
    "sqlalchemy.pool": logging.CRITICAL,
    "waitress.queue": logging.ERROR,
}


class JsonLines(logging.Formatter):
    """Write a record as one line of JSON, in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line; a cause is kept as text in it."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _without_rows(record.getMessage()),
            # A request has its number, route, status and time as entries of their own.
            **getattr(record, "ciss", {}),
        }
        if record.exc_info:
            line["cause"] = _without_rows(self.formatException(record.exc_info))
        return ENCODER.encode(line).translate(ENDS_OF_LINES)


def _without_rows(text: str) -> str:
    """Leave out what a database says of the values that did not fit: they may be of a person."""
    return VALUES.sub(r"\1…", text)


def init(level: int = logging.INFO) -> None:
    """Send every log line to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)


def of_granian() -> dict[str, object]:
    """Return what makes the server of several processes write its own lines in the same form."""
    handler = {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}
    own = {"handlers": ["own"], "level": "INFO", "propagate": False}
    return {
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"own": handler},
        "loggers": {"_granian": own, "granian.access": dict(own)},
    }
