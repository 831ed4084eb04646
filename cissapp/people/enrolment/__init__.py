"""Enrolling: countries, national groups, schools and the people invited."""
