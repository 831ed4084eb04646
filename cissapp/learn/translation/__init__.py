"""Translations of the content: export to translators' tools, import with a report, progress by language."""
