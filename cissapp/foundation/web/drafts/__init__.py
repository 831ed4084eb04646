"""Drafts of forms: what was typed and not sent, kept for its person alone, and put back where it was typed."""
