"""What is done with backups: made, checked, restored."""
