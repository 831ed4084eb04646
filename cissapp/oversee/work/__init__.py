"""What the service has still to do behind its answers, on a page for the secretariat: what waits, what failed."""
