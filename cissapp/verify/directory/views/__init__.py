"""Pages and addresses: the public list, the badge, the page to share, certificates in bulk."""

from cissapp.verify.directory.views import badges, bulk, register, share
from cissapp.verify.directory.views.blueprint import bp

__all__ = ["badges", "bp", "bulk", "register", "share"]
