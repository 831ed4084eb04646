"""Signed statements of what one person has read and passed, which are not a school's certificate."""
