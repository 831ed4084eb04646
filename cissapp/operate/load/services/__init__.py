"""Fills an empty database: pattern schools through the services of all wings, then copies of their rows."""
