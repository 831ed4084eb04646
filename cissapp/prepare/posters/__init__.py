"""Posters, cards and stickers that say how to report here, and the round that counts which of them hang."""
