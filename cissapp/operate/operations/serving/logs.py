"""Log lines as JSON, one record per line, including the servers', without values of database rows."""

import json
import logging
import re
from datetime import UTC, datetime

# Characters that some log readers take for the end of a line, though JSON does not.
ENDS_OF_LINES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}
ENCODER = json.JSONEncoder(ensure_ascii=False)
VALUES = re.compile(r"(DETAIL: |\[parameters: |CONTEXT: ).*")

# Verbose libraries. A lost connection, which the pool reports, is in the log line of the fault already.
QUIET = {
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


def init(least: int = logging.INFO) -> None:
    """Send every log line of at least this level to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=least, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name, lowest in QUIET.items():
        logging.getLogger(name).setLevel(lowest)


def of_granian() -> dict[str, object]:
    """Return the logging configuration that makes granian write its own lines in the same form."""
    handler = {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}
    own = {"handlers": ["own"], "level": "INFO", "propagate": False}
    return {
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"own": handler},
        "loggers": {"_granian": own, "granian.access": dict(own)},
    }
