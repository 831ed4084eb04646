"""How a question of another system becomes a draft, and what is reported of a file."""
