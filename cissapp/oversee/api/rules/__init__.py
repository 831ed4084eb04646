"""What a token may do, how lists are paged, how webhooks are signed and retried; the shapes of all answers."""
