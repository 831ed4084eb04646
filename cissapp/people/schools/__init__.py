"""Countries, national groups, schools, and the figures counted from them."""
