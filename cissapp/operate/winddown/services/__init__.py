"""Exports a whole installation, and imports one into an empty installation."""
