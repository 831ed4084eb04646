"""Bulk work: rows read without ORM objects and processed in short transactions."""
