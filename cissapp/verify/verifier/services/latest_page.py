"""Caches the latest page until the register, the keys or the date change.

Building it reads every certificate; visitors must not be able to trigger that again and again.
"""

import gzip
import threading
from datetime import UTC, datetime

from msgspec import Struct

from cissapp.foundation.signing.keys.keys_file import published
from cissapp.verify.verifier import queries
from cissapp.verify.verifier.page.assembly import assemble_page
from cissapp.verify.verifier.rules import PageSource
from cissapp.verify.verifier.services.snapshot import current_snapshot


class _LatestPage(Struct):
    reason: tuple[object, ...] = ()
    packed: bytes = b""


_latest = _LatestPage()
_one_at_a_time = threading.Lock()


def latest_page(source: PageSource, *, at: datetime) -> bytes:
    """Return the current page; it is built once for everyone who asks."""
    day = at.astimezone(UTC).date()
    reason = (day, queries.last_row_hash(), published(source.ring), source.base_url)
    with _one_at_a_time:
        if _latest.reason != reason:
            made = assemble_page(source, current_snapshot(source, at=at))
            _latest.packed, _latest.reason = gzip.compress(made.encode(), 6), reason
        packed = _latest.packed
    return gzip.decompress(packed)
