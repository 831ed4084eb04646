"""DOCX and ODT: the package, its parts, their text."""
