"""Pages for signing in with an organisation's account: the round trip, own links, the organisations."""

from cissapp.people.sign_on.views import links, providers, return_trip
from cissapp.people.sign_on.views.blueprint import bp

__all__ = ["bp", "links", "providers", "return_trip"]
