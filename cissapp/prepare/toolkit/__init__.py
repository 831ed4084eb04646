"""Thirty products, one a lesson: filled from what the school has said, as a file to edit and as PDF."""
