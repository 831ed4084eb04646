"""Parses what monitors ask of the log in an address; what is wrong is explained in a sentence."""

import re
from collections.abc import Mapping

from msgspec import Struct

from cissapp.certify.transparency.rules.entries import MOST_ENTRIES, hash_in
from cissapp.foundation.core.errors import N_, Problem

NUMBER = re.compile(r"[0-9]{1,18}")

Arguments = Mapping[str, str]


class BadLogRequest(Exception):
    """A question to the log cannot be answered as it was asked."""

    def __init__(self, code: str, message: str, **values: object) -> None:
        super().__init__(code)
        self.problem = Problem(code, message, values)


def _number(arguments: Arguments, name: str, default: int | None = None) -> int:
    raw = arguments.get(name)
    if raw is None and default is not None:
        return default
    if raw is None:
        raise BadLogRequest("missing", N_("The address must include %(name)s."), name=name)
    if not NUMBER.fullmatch(raw):
        message = N_("%(name)s must be a whole number, 0 or higher, written in digits.")
        raise BadLogRequest("number", message, name=name)
    return int(raw)


def _within(name: str, value: int, size: int) -> None:
    if value > size:
        message = N_("%(name)s must not be larger than the log, which has %(size)s entries.")
        raise BadLogRequest("beyond", message, name=name, size=str(size))


def parse_entries(arguments: Arguments, size: int) -> tuple[int, int]:
    """Parse which entries are wanted: the first, and how many, at most a thousand at once.

    `start` and `end` count from 0; `end` is included (RFC 6962, section 4.6).
    """
    start = _number(arguments, "start", 0)
    end = _number(arguments, "end", start + MOST_ENTRIES - 1)
    _within("start", start, size)
    if end < start:
        raise BadLogRequest("order", N_("end must not be smaller than start."))
    return start, min(end + 1 - start, MOST_ENTRIES, size - start)


class InclusionRequest(Struct, frozen=True):
    """A request for the proof that an entry, by index or by hash, is in the tree of a size."""

    size: int
    index: int | None
    leaf_hash: bytes | None


def parse_inclusion(arguments: Arguments, size: int) -> InclusionRequest:
    """Read for which entry and which size a proof is wanted."""
    at = _number(arguments, "size", size)
    _within("size", at, size)
    if ("index" in arguments) == ("hash" in arguments):
        raise BadLogRequest("entry", N_("The address must include either index or hash."))
    if "hash" in arguments:
        try:
            return InclusionRequest(at, None, hash_in(arguments["hash"]))
        except ValueError as error:
            message = N_(
                "hash must be the hash of an entry, in Base64 or in 64 hexadecimal digits."
            )
            raise BadLogRequest("hash", message) from error
    index = _number(arguments, "index")
    if index >= at:
        message = N_("index must be smaller than size, because entries are counted from 0.")
        raise BadLogRequest("index", message)
    return InclusionRequest(at, index, None)


def parse_consistency(arguments: Arguments, size: int) -> tuple[int, int]:
    """Parse the two sizes between which a proof is wanted."""
    first = _number(arguments, "first")
    second = _number(arguments, "second", size)
    _within("second", second, size)
    if first > second:
        raise BadLogRequest("order", N_("first must not be larger than second."))
    return first, second


def parse_checkpoint(arguments: Arguments) -> int | None:
    """Parse the size of the checkpoint that is wanted, or None for the last one."""
    return _number(arguments, "size") if "size" in arguments else None
