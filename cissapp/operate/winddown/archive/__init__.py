"""The form of an export: a bag of files, each with its hash, and rows as JSON."""
