"""The error for a translation file that cannot be read."""


class UnreadableTranslation(Exception):
    """The file cannot be read; the message says why, for the person who sent it."""
