"""Exports a whole installation as plain files, and continues from them in an empty installation."""
