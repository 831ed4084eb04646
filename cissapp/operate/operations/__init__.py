"""Running an installation: set-up, server, the day's work, log lines."""
