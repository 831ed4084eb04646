"""The school's application: its life, what it needs, and the dossier frozen at each round."""
