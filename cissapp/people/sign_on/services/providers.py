"""Writes of providers; the rest of the secretariat is notified through the audit trail (`POWERS`)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import delete

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import new_id, release_transaction, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.signing.sealing import SealBroken, can_unseal, seal, seal_anew, unseal
from cissapp.people.sign_on import queries
from cissapp.people.sign_on.models import IdentityProvider, LinkedIdentity
from cissapp.people.sign_on.rules import Endpoints, Refusal, SignOnRefused, address_problems
from cissapp.people.sign_on.services.provider_answers import Client, discover

PURPOSE = "secret of an identity provider"


class ProviderFacts(Struct, frozen=True):
    """What the secretariat enters of a provider; a country or a group, not both."""

    name: str
    issuer: str
    client_id: str
    secret: str
    country_code: str | None
    group_id: UUID | None


def add_provider(
    facts: ProviderFacts, *, loopback: bool, by: Actor, at: datetime
) -> IdentityProvider:
    """Store a provider, switched off and its secret sealed; raise `Refused` if its address is invalid."""
    problems = address_problems(facts.issuer, loopback=loopback)
    if (facts.country_code is None) == (facts.group_id is None):
        problems.append(Problem("scope", N_("Choose whose people can sign in with it.")))
    if problems:
        raise Refused(*problems)
    provider_id = new_id()
    made = IdentityProvider(
        id=provider_id,
        name=facts.name,
        issuer=facts.issuer,
        client_id=facts.client_id,
        sealed_secret=seal(facts.secret, purpose=PURPOSE, bound_to=str(provider_id)),
        country_code=facts.country_code,
        group_id=facts.group_id,
        added_at=at,
        added_by_id=by.id,
    )
    session.add(made)
    session.flush()
    record(Event.SIGN_ON_ADDED, made, by=by, at=at, issuer=facts.issuer)
    session.flush()
    return made


def try_provider(found: IdentityProvider, *, loopback: bool, by: Actor, at: datetime) -> Endpoints:
    """Fetch a provider's configuration and store it; raise `SignOnRefused` if it is not usable.

    The way in which it takes our secret is kept if it still lists both: the test does not use the secret.
    """
    provider_id, issuer = found.id, found.issuer
    release_transaction()
    endpoints = discover(issuer, loopback=loopback)
    fresh = session.get_one(IdentityProvider, provider_id)
    if endpoints.either_way and fresh.endpoints is not None:
        in_body = endpoints_kept(fresh.endpoints).secret_in_body
        endpoints = replace(endpoints, secret_in_body=in_body)
    fresh.endpoints, fresh.tried_at = asdict(endpoints), at
    record(Event.SIGN_ON_TRIED, fresh, by=by, at=at)
    session.flush()
    return endpoints


def change_way(provider_id: UUID, *, secret_in_body: bool) -> None:
    """Send our secret to a provider that lists both ways in this one from now on."""
    found = queries.provider(provider_id)
    if found is not None and found.endpoints is not None:
        found.endpoints = {**found.endpoints, "secret_in_body": secret_in_body}


def renew_secret(found: IdentityProvider, secret: str, *, by: Actor, at: datetime) -> None:
    """Replace our secret at a provider, which expires at many of them; its links are kept."""
    found.sealed_secret = seal(secret, purpose=PURPOSE, bound_to=str(found.id))
    record(Event.SIGN_ON_RENEWED, found, by=by, at=at)
    session.flush()


def switch_on(found: IdentityProvider, *, by: Actor, at: datetime) -> None:
    """Let people choose a provider that was tested; the rest of the secretariat is notified."""
    if found.endpoints is None:
        raise Refused(Problem("try", N_("Test it first. We do not know yet whether it responds.")))
    if found.on_since is None:
        found.on_since = at
        record(Event.SIGN_ON_SWITCHED, found, by=by, at=at, on=True)
        session.flush()


def switch_off(found: IdentityProvider, *, by: Actor, at: datetime) -> None:
    """Stop all sign-ins with a provider; its links are kept for when it is switched on again."""
    if found.on_since is not None:
        found.on_since = None
        record(Event.SIGN_ON_SWITCHED, found, by=by, at=at, on=False)
        session.flush()


def switch_all_off(*, at: datetime) -> int:
    """Switch off every provider until somebody has checked each one; return how many were on."""
    found = queries.providers_that_are_on()
    for provider in found:
        switch_off(provider, by=SYSTEM, at=at)
    return len(found)


def remove_provider(found: IdentityProvider, *, by: Actor, at: datetime) -> None:
    """Forget a provider with all its links; it must be switched off before."""
    if found.on_since is not None:
        raise Refused(Problem("on", N_("Switch it off first.")))
    record(Event.SIGN_ON_REMOVED, found, by=by, at=at, issuer=found.issuer)
    session.execute(delete(LinkedIdentity).where(LinkedIdentity.provider_id == found.id))
    session.delete(found)
    session.flush()


def seal_secrets_anew() -> int:
    """Reseal with the current secret key what an old one sealed; return for how many providers."""
    changed = 0
    for found in queries.providers():
        sealed = seal_anew(found.sealed_secret, purpose=PURPOSE, bound_to=str(found.id))
        if sealed is not None:
            found.sealed_secret = sealed
            changed += 1
    session.flush()
    return changed


def count_unopened() -> int:
    """Return how many secrets of providers no secret key opens: the key that sealed them is not here."""
    return sum(
        not can_unseal(one.sealed_secret, purpose=PURPOSE, bound_to=str(one.id))
        for one in queries.providers()
    )


def client_of(found: IdentityProvider) -> Client:
    """Return our registration at a provider, secret unsealed; raise `SignOnRefused` if no key opens it."""
    try:
        secret = unseal(found.sealed_secret, purpose=PURPOSE, bound_to=str(found.id))
    except SealBroken as error:
        raise SignOnRefused(Refusal.OFF, "its stored secret cannot be opened") from error
    return Client(found.issuer, found.client_id, secret)


def endpoints_kept(kept: dict[str, Any]) -> Endpoints:
    """Build the endpoints that a provider had when it was tested."""
    return Endpoints(**kept)
