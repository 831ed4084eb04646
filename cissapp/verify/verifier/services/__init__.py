"""Makes the signed snapshot of the register, and the folder for mirrors."""

from cissapp.verify.verifier.services.mirror import VERIFY, publish_mirror
from cissapp.verify.verifier.services.snapshot import current_snapshot

__all__ = ["VERIFY", "current_snapshot", "publish_mirror"]
