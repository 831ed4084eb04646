"""Posters, cards and stickers on how to report, and the round that checks which posters are up."""
