"""What facts, papers and states of confirmation are called."""

from cissapp.prepare.facts.phrases.words import COLUMNS, Words, words_in

__all__ = ["COLUMNS", "Words", "words_in"]
