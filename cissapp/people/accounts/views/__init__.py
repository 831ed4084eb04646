"""Pages of accounts: sign-in and out, invitations, passwords, language, devices that are signed in."""

from cissapp.people.accounts.views import own_sessions, pages
from cissapp.people.accounts.views.blueprint import bp

__all__ = ["bp", "own_sessions", "pages"]
