"""The file of a backup: how it is laid out, how it is encrypted, where it lies."""
