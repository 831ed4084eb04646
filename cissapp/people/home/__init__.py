"""The pages for anyone: start, help, privacy, accessibility, and the health of the service."""
