"""Pages of lists: bring in, map, check, import, undo; files of the register; schools that stand twice."""

from cissapp.people.school_lists.views import bringing, duplicates, files, lists
from cissapp.people.school_lists.views.blueprint import bp

__all__ = ["bp", "bringing", "duplicates", "files", "lists"]
