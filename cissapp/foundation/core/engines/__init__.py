"""How the database engines are set up: how SQLite writes, and where reads go."""
