"""Posters, cards and stickers as drawings: what stands where, and how small a text may become."""
