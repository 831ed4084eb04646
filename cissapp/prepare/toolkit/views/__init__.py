"""Pages of the toolkit: the front page, a product and its files; and the product shown in a lesson."""

from cissapp.prepare.toolkit.views import files, product, toolkit
from cissapp.prepare.toolkit.views.blueprint import bp

__all__ = ["bp", "files", "product", "toolkit"]
