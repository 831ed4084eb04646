"""Regions: what the state counts in them, and the schools of those that a reform ended."""
