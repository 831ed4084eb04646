"""A file that no tool can have written."""


class UnreadableTranslation(Exception):
    """The file cannot be read; the message says why, for the person who sent it."""
