"""Drills of a school's reporting mechanism: a harmless coded message, and the time until each step."""
