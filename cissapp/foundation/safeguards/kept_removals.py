"""What was taken out, as a list beside the database: after a restore of an older one the same is taken out again."""

from cissapp.foundation.safeguards.kept_lists import KeptList
from cissapp.foundation.safeguards.models import Removal

REMOVALS = KeptList("kept/removals.json", "ciss-removals-1", "removals", Removal, "removed_at")
