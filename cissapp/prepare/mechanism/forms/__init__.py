"""The forms of the reporting mechanism."""
