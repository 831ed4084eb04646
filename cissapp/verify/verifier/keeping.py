"""Keeps the page that was made last, until the register, the keys or the day are other ones.

To make it takes a look at every certificate; visitors must not be able to ask for that again and again.
"""

import gzip
import threading
from dataclasses import dataclass
from datetime import UTC, datetime

from cissapp.foundation.signing.keys.keys_file import published
from cissapp.verify.verifier import queries, services
from cissapp.verify.verifier.services import Source


@dataclass
class _Kept:
    reason: tuple[object, ...] = ()
    packed: bytes = b""


_kept = _Kept()
_one_at_a_time = threading.Lock()


def current(source: Source, *, at: datetime) -> bytes:
    """Give the page as it is due now; it is made once for all who ask."""
    day = at.astimezone(UTC).date()
    reason = (day, queries.last_row(), published(source.ring), source.base_url)
    with _one_at_a_time:
        if _kept.reason != reason:
            made = services.page(source, services.snapshot_text(source, at=at))
            _kept.packed, _kept.reason = gzip.compress(made.encode(), 6), reason
        packed = _kept.packed
    return gzip.decompress(packed)
