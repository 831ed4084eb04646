"""Complaints about a certified school, without details of any case."""
