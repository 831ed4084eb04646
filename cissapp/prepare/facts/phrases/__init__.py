"""The names of facts and papers, in the language of the page."""

from cissapp.prepare.facts.phrases.words import COLUMNS, Words, words_in

__all__ = ["COLUMNS", "Words", "words_in"]
