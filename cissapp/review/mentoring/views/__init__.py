"""Pages of mentoring."""

from cissapp.review.mentoring.views import meetings, sharing, talk
from cissapp.review.mentoring.views.blueprint import bp

__all__ = ["bp", "meetings", "sharing", "talk"]
