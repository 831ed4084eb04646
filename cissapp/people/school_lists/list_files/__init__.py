"""Reads lists from CSV and XLSX files; nothing in them is run or trusted."""

from cissapp.people.school_lists.list_files.cells import FORMULA, Row
from cissapp.people.school_lists.list_files.reading import (
    MOST_BYTES,
    ZIP,
    FirstLook,
    ReadList,
    first_look,
    open_list,
    size_of,
    unpacked_size_of,
)

__all__ = [
    "FORMULA",
    "MOST_BYTES",
    "ZIP",
    "FirstLook",
    "ReadList",
    "Row",
    "first_look",
    "open_list",
    "size_of",
    "unpacked_size_of",
]
