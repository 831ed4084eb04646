"""Whether the log is whole: the keys that count, the database, one certificate, what was saved beside."""
