"""What levels say over time, which duties they serve, and what a toolkit's use tells."""
