"""Reads of levels over time, and of how the toolkit is used."""
