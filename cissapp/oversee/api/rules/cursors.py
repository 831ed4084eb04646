"""Cursors, which mark where a list continues: opaque to programs, and bound to their list."""

import base64
import binascii
import json


class WrongCursor(ValueError):
    """A cursor that did not come from a page of this list."""


def write_cursor(of: str, after: str) -> str:
    """Return the cursor for the page that begins after this key."""
    return base64.urlsafe_b64encode(json.dumps([of, after]).encode()).decode().rstrip("=")


def read_cursor(of: str, cursor: str | None) -> str:
    """Read the key after which a page begins, "" for the first one; raise `WrongCursor`."""
    if cursor is None:
        return ""
    try:
        whole = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        said = json.loads(whole)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise WrongCursor from error
    match said:
        case [str() as name, str() as after] if name == of and "\0" not in after:
            return after
    raise WrongCursor
