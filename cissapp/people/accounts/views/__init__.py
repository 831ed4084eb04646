"""Pages of accounts: sign-in and out, invitations, passwords, language; where one is signed in."""

from cissapp.people.accounts.views import own_sessions, pages
from cissapp.people.accounts.views.blueprint import bp

__all__ = ["bp", "own_sessions", "pages"]
