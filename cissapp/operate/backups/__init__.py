"""A whole installation as one encrypted file, and back: database, stored files, keys, settings."""
