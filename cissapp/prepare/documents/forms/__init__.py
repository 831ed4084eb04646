"""The forms of the documents."""
