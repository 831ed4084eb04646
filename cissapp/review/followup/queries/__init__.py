"""Reads of the steps of a group's schools, and of how long they take."""
