"""Writes of this room: what is asked for, what is erased, what is deleted in time."""
