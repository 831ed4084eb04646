"""Regions: state statistics about them, and the schools of regions that a reform ended."""
