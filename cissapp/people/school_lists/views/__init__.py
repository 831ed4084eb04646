"""Pages of lists: upload, map, check, import, undo; downloads of the register; duplicate schools."""

from cissapp.people.school_lists.views import bringing, duplicates, files, lists
from cissapp.people.school_lists.views.blueprint import bp

__all__ = ["bp", "bringing", "duplicates", "files", "lists"]
