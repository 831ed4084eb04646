"""Pages of posters: choosing and making one, the school's round, and the page behind a code on the wall."""

from cissapp.prepare.posters.views import posters, rounds, spot
from cissapp.prepare.posters.views.blueprint import bp

__all__ = ["bp", "posters", "rounds", "spot"]
