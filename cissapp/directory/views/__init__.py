"""Pages and addresses: the public list, the badge, the page to share, certificates in bulk."""

from cissapp.directory.views import badges, bulk, register, share
from cissapp.directory.views.blueprint import bp

__all__ = ["badges", "bp", "bulk", "register", "share"]
