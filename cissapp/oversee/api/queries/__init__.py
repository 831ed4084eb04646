"""Reads of tokens, webhooks and their messages, and of what the answers are made of."""
