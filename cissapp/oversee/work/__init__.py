"""Background work, on a page for the secretariat: what is waiting, and what has failed."""
