"""Joins the cookie with the session on the server, and tells the guard who is there."""

from cissapp.people.accounts.sessions.cookie import TOKEN, begin, end
from cissapp.people.accounts.sessions.person import init_app, signed_in_person

__all__ = ["TOKEN", "begin", "end", "init_app", "signed_in_person"]
