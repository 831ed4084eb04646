"""What this installation asks of other machines."""
