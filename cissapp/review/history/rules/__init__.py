"""What levels show over time, which duties they serve, and what the use of the toolkit reveals."""
