"""Writes of tokens, webhooks and their messages."""
