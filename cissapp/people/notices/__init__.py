"""What is told to whom by mail, and the log of what was sent."""
