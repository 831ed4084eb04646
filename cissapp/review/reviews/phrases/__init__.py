"""Sentences of the review: the letter about a decision."""
