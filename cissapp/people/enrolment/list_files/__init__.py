"""Reads a list of schools from a CSV or XLSX file; nothing in it is run or believed."""

from cissapp.people.enrolment.list_files.reading import MOST_BYTES, MOST_ROWS, read_list

__all__ = ["MOST_BYTES", "MOST_ROWS", "read_list"]
