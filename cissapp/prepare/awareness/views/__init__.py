"""Pages of the awareness rounds: four taps for pupils, and the rounds of a school."""

from cissapp.prepare.awareness.views import pupils, school
from cissapp.prepare.awareness.views.blueprint import bp

__all__ = ["bp", "pupils", "school"]
