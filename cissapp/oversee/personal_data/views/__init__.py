"""Pages about personal data: one's own, erasure of people who left, upcoming deletions, privacy notices."""

from cissapp.oversee.personal_data.views import countries, own, retention, staff
from cissapp.oversee.personal_data.views.blueprint import bp

__all__ = ["bp", "countries", "own", "retention", "staff"]
