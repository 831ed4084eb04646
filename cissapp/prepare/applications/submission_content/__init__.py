"""The content of a submission: frozen as one canonical text, and read back as values."""
