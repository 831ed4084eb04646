"""Files that put deadlines into the calendar of a person."""
