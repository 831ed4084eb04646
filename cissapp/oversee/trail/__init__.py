"""The audit trail on a page: searched, filtered, exported; and who can see a thing."""
