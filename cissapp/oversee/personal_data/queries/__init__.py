"""Reads over all tables of the house, by the data map."""
