"""Pages of figures: the countries, a country with its regions, a region."""

from cissapp.oversee.oversight.views.routes import bp

__all__ = ["bp"]
