"""The sign-in options that other rooms offer: on the sign-in page, and on an invitation."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.sign_on import queries
from cissapp.people.sign_on.models import IdentityProvider


def ways_in(
    _sender: Any, *, person: User | None = None, next_path: str | None = None
) -> list[tuple[str, str]]:
    """List the label and address of each organisation whose accounts can be used to sign in here.

    For somebody who is to sign in again, those whose accounts open their own, leading to the page they came from;
    none for somebody who has a second factor, as that alone is asked for then.
    """
    found, start = queries.providers_that_are_on(), "sign_on.begin_sign_in"
    if person is not None:
        linked = {link.provider_id for link in queries.links_of(person.id)}
        reach = [] if person.factors_since else queries.providers_for(person)
        found = [one for one in reach if one.id in linked]
        start = "sign_on.begin_again"
    return [(_label(one), url_for(start, provider_id=one.id, next=next_path)) for one in found]


def ways_to_join(_sender: Any, *, invitation: Invitation, token: str) -> list[tuple[str, str]]:
    """List label and address of each organisation whose account can accept an invitation.

    None can where the person first has to say whether a closed account was theirs.
    """
    if accounts.had_account(invitation):
        return []
    return [
        (_label(one), url_for("sign_on.begin_join", token=token, provider_id=one.id))
        for one in queries.providers_for(invitation)
    ]


def _label(provider: IdentityProvider) -> str:
    return str(_("Sign in with your %(name)s account", name=provider.name))
