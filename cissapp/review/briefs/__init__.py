"""Briefs: a dossier on one page for who reviews it, and as a bag of files for who keeps it."""
