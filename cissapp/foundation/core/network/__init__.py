"""Requests from this installation to other servers."""
