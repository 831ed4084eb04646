"""Statements of learning: what one person has read and passed, signed. Not a certificate of a school."""
