"""Uploads in parts: a file comes in pieces, each on the disk before it is acknowledged."""
