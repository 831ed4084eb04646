"""Pages about personal data: the own data, erasure of one who left, what is deleted soon, a country's privacy."""

from cissapp.oversee.personal_data.views import countries, own, retention, staff
from cissapp.oversee.personal_data.views.blueprint import bp

__all__ = ["bp", "countries", "own", "retention", "staff"]
