"""Thirty products, one per lesson, filled with the school's details, as an editable file and as a PDF."""
