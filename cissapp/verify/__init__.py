"""What anybody may ask: is this certificate real, whose is it, is it still valid."""
