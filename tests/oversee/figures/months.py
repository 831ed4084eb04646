"""Keeps the months of a test, as `ciss daily` does in several turns."""

from collections.abc import Mapping
from datetime import datetime

from cissapp.foundation.content.packs import CountryPack
from cissapp.oversee.figures import services


def freeze_months(packs: Mapping[str, CountryPack], at: datetime) -> list[int]:
    """Keep every month that has ended; return how many countries each has, the newest first."""
    kept = []
    while number := services.freeze_newest_month(packs, at=at):
        kept.append(number)
    return kept
