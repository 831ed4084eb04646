"""Removes from a file who wrote it and where: others are served this copy, the original stays unchanged."""
