"""Reads of tokens, webhooks and their messages, and of the data for answers."""
