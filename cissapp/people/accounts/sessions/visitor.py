"""What is known of who asks, before anybody is signed in: no address is kept, and of the browser only its kind."""

import hmac

from flask import current_app, request

from cissapp.foundation.core import clock
from cissapp.foundation.web.limits import network_address
from cissapp.people.accounts.rules import device_of
from cissapp.people.accounts.services import Visitor
from cissapp.people.accounts.sessions.cookie import came_by_link


def this_device() -> str:
    """Return the kind of device that asks."""
    return device_of(request.user_agent.string)


def this_visitor() -> Visitor:
    """Return who tries to sign in."""
    key = str(current_app.secret_key).encode()
    address = hmac.digest(key, b"visitor:" + network_address().encode(), "sha256").hex()
    return Visitor(address, this_device(), came_by_link(clock.now()))
