"""The school's application: its life, what it needs, and the submission frozen at each round."""
