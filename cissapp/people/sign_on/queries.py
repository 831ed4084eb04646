"""Reads of providers and of linked accounts."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.sign_on.models import IdentityProvider, LinkedIdentity
from cissapp.people.sign_on.rules import is_in_scope


def providers() -> list[IdentityProvider]:
    """List every provider, by name."""
    query = select(IdentityProvider).options(joinedload(IdentityProvider.group))
    return list(session.scalars(query.order_by(IdentityProvider.name, IdentityProvider.added_at)))


def providers_that_are_on() -> list[IdentityProvider]:
    """List the providers that a person may choose, by name."""
    query = select(IdentityProvider).where(IdentityProvider.on_since.is_not(None))
    return list(session.scalars(query.order_by(IdentityProvider.name)))


def provider(provider_id: UUID) -> IdentityProvider | None:
    """Find a provider by its id."""
    return session.get(IdentityProvider, provider_id)


def providers_for(person: User | Invitation) -> list[IdentityProvider]:
    """List the providers that are on and may open the account of this person."""
    return [one for one in providers_that_are_on() if reaches(one, person)]


def reaches(found: IdentityProvider, person: User | Invitation) -> bool:
    """Return whether a provider may open this person's account, by our own records and not by its claims."""
    return is_in_scope(
        (found.country_code, found.group_id),
        role=person.role,
        country_code=person.country_code,
        group_id=person.group_id,
    )


def links_of(user_id: UUID) -> list[LinkedIdentity]:
    """List the accounts of organisations that are linked with a person's account."""
    return list(session.scalars(select(LinkedIdentity).where(LinkedIdentity.user_id == user_id)))


def own_link(link_id: UUID, actor: Actor) -> LinkedIdentity | None:
    """Find a link by its id, if it is the person's own."""
    found = session.get(LinkedIdentity, link_id)
    return found if found and found.user_id == actor.id else None


def link_of_subject(provider_id: UUID, subject: str) -> LinkedIdentity | None:
    """Find the link of an account at a provider."""
    return session.scalar(
        select(LinkedIdentity).where(
            LinkedIdentity.provider_id == provider_id, LinkedIdentity.subject == subject
        )
    )


def counts_of_links() -> dict[UUID, int]:
    """Return how many people are linked with each provider."""
    query = select(LinkedIdentity.provider_id, func.count()).group_by(LinkedIdentity.provider_id)
    return {row[0]: row[1] for row in session.execute(query)}
