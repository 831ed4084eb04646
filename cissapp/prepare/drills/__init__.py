"""Drills of a school's reporting mechanism: a coded harmless message, and the clock beside it."""
