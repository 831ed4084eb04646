"""What the engines of databases are told: how SQLite writes, where is read."""
