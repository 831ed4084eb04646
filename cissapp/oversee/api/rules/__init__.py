"""What a token may, how pages are walked, how a webhook is signed and tried again; the shapes of all answers."""
