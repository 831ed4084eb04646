"""All words of the page that checks certificates offline."""

from cissapp.verify.verifier.phrases.words import what_is_needed, words_in_every_language

__all__ = ["what_is_needed", "words_in_every_language"]
