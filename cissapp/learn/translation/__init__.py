"""Translations of the content: out to translators' tools, back with a report, and how far each language is."""
