"""Rules of the audit trail, and of who can see a thing."""
