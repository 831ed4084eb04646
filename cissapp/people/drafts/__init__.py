"""Drafts: what a person typed into a form and has not sent; nobody else reads it."""
