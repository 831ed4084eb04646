"""Reads of where the schools of a group stand, and of how long its steps take."""
