"""Background work: stored in the database with the change that requests it, started by a bell."""
