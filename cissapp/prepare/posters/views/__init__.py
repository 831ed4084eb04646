"""Pages of posters: choosing and making one, the round of the school, and what a code on the wall opens."""

from cissapp.prepare.posters.views import posters, rounds, spot
from cissapp.prepare.posters.views.blueprint import bp

__all__ = ["bp", "posters", "rounds", "spot"]
