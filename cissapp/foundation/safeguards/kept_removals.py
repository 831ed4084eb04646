"""Removals as a list outside the database, so that they can be repeated after an older backup is restored."""

from cissapp.foundation.safeguards.kept_lists import KeptList
from cissapp.foundation.safeguards.models import Removal

REMOVALS = KeptList("kept/removals.json", "ciss-removals-1", "removals", Removal, "removed_at")
