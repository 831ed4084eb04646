"""Pages of the toolkit: what can be made, one product, its files; and what it offers the page of a lesson."""

from cissapp.prepare.toolkit.views import files, product, toolkit
from cissapp.prepare.toolkit.views.blueprint import bp

__all__ = ["bp", "files", "product", "toolkit"]
