"""Pages of factors: the second proof, the set-up, the own factors, a reset."""

from cissapp.people.factors.views import confirming, own, resets, second, set_up
from cissapp.people.factors.views.blueprint import bp

__all__ = ["bp", "confirming", "own", "resets", "second", "set_up"]
