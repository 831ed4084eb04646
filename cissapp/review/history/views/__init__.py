"""Pages of a school's levels and duties, and of how the toolkit is used."""

from cissapp.review.history.views import duties, levels, toolkit_use
from cissapp.review.history.views.blueprint import bp

__all__ = ["bp", "duties", "levels", "toolkit_use"]
