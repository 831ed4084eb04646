"""What can go wrong while signing, apart from what reads and writes signatures: that is slow to load."""


class TimestampFailed(Exception):
    """The time-stamp service gives no usable time stamp now."""
