"""Pages of accounts: sign-in and out, invitations, passwords, language, own name and address, devices that are signed in."""

from cissapp.people.accounts.views import own_details, own_sessions, pages
from cissapp.people.accounts.views.blueprint import bp

__all__ = ["bp", "own_details", "own_sessions", "pages"]
