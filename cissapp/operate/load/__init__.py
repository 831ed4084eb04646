"""Fills an empty installation with the invented schools of a whole country, to see how it copes with them."""
