"""What is known of a visitor before sign-in: no address is kept, and only the kind of browser."""

from flask import request

from cissapp.foundation.core import clock
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.web.limits import network_address, wide_network
from cissapp.people.accounts.rules import device_of
from cissapp.people.accounts.services import Visitor
from cissapp.people.accounts.sessions.cookie import came_by_link
from cissapp.people.accounts.sessions.device_cookie import device_marks


def this_device() -> str:
    """Return the kind of device that sent the request."""
    return device_of(request.user_agent.string)


def this_visitor() -> Visitor:
    """Return who tries to sign in."""
    address = secret_keys.keyed_digest("visitor", network_address())
    wide = wide_network()
    network = secret_keys.keyed_digest("visitor", wide) if wide else ""
    return Visitor(address, this_device(), came_by_link(clock.now()), network, device_marks())
