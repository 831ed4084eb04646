"""A whole installation as one encrypted file, and back."""
