"""Lists of schools and people: read from a file, previewed, taken over, undone; and written to one."""
