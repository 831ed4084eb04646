"""Mails to people and their notifications, and the log of what was sent."""
