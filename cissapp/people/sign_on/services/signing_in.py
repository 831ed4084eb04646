"""Signs in, links and joins with an organisation's account; its claims about a person are not considered."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import release_transaction, session
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import AttemptLimit, Proof
from cissapp.people.sign_on import mails, queries
from cissapp.people.sign_on.models import IdentityProvider, LinkedIdentity
from cissapp.people.sign_on.rules import STARTED_FOR, Refusal, SignOnRefused
from cissapp.people.sign_on.services.provider_answers import Redemption, redeem
from cissapp.people.sign_on.services.providers import change_way, client_of, endpoints_kept

# Each sign-in that was started is completed once, even if a browser sends its old cookie again.
ONCE = AttemptLimit("sign-on", 1, STARTED_FOR + timedelta(minutes=5))


class Answer(Struct, frozen=True):
    """What came back from a provider, and what is needed to redeem it."""

    provider_id: UUID
    state: str
    redemption: Redemption
    loopback: bool


def _subject_of(answer: Answer, *, at: datetime) -> tuple[IdentityProvider, str]:
    """Return the provider and the subject there, requested outside the transaction and accepted once."""
    found = queries.provider(answer.provider_id)
    if found is None or found.on_since is None or found.endpoints is None:
        raise SignOnRefused(Refusal.OFF)
    client, endpoints = client_of(found), endpoints_kept(found.endpoints)
    release_transaction()
    subject = redeem(client, endpoints, answer.redemption, loopback=answer.loopback, at=at)
    if accounts.count_attempt(ONCE, answer.state, at=at) > 1:
        raise SignOnRefused(Refusal.STATE, "already used")
    fresh = queries.provider(answer.provider_id)
    if fresh is None or fresh.on_since is None:
        raise SignOnRefused(Refusal.OFF)
    return fresh, subject


def sign_in_with(
    answer: Answer, *, at: datetime, device: str, second_factor: bool, only: UUID | None = None
) -> tuple[str, Proof | None]:
    """Start a session for the person whose account is linked; return its token and the sufficient proof.

    If the proof is None, the second factor is still required. Raise `SignOnRefused` if there is no link,
    if the account is closed, or if the person's current role does not belong to the organisation. `only` is
    the person who signs in again: the account of anybody else is refused.
    """
    found, subject = _subject_of(answer, at=at)
    link = queries.link_of_subject(found.id, subject)
    if only is not None and (link is None or link.user_id != only):
        raise SignOnRefused(Refusal.OTHER_PERSON)
    if link is None or not link.user.is_active:
        raise SignOnRefused(Refusal.NO_ACCOUNT)
    if not queries.reaches(found, link.user):
        raise SignOnRefused(Refusal.SCOPE)
    link.used_at = at
    return _enter(link.user, Proof.PROVIDER, at=at, device=device, second_factor=second_factor)


def _enter(
    user: User, proof: Proof, *, at: datetime, device: str, second_factor: bool
) -> tuple[str, Proof | None]:
    enough = accounts.proof_enough(user, proof, second_factor=second_factor)
    return accounts.sign_in_joined(user, at=at, proof=enough, device=device), enough


def link_account(answer: Answer, user: User, *, at: datetime) -> LinkedIdentity:
    """Link an organisation's account to that of the person signed in, and notify them by mail."""
    user_id = user.id
    found, subject = _subject_of(answer, at=at)
    person = session.get_one(User, user_id)
    made = _link(found, subject, person, at=at)
    mails.tell_linked(person, found, at=at)
    session.flush()
    return made


def _link(found: IdentityProvider, subject: str, user: User, *, at: datetime) -> LinkedIdentity:
    if not queries.reaches(found, user):
        raise SignOnRefused(Refusal.SCOPE)
    known = queries.link_of_subject(found.id, subject)
    if known is not None and known.user_id != user.id:
        raise SignOnRefused(Refusal.OTHER_ACCOUNT)
    own = next((one for one in queries.links_of(user.id) if one.provider_id == found.id), None)
    if own is not None:
        own.subject, own.linked_at = subject, at
    else:
        own = LinkedIdentity(provider_id=found.id, subject=subject, user_id=user.id, linked_at=at)
        session.add(own)
    try:
        session.flush()
    except IntegrityError as error:
        raise SignOnRefused(Refusal.OTHER_ACCOUNT) from error
    record(Event.SIGN_ON_LINKED, user, by=user, at=at, provider=str(found.id))
    return own


def join_with(
    answer: Answer, invitation: Invitation, *, at: datetime, device: str, second_factor: bool
) -> tuple[str, Proof | None]:
    """Accept an invitation with an organisation's account, without a password; a link by mail can set one."""
    invitation_id = invitation.id
    found, subject = _subject_of(answer, at=at)
    fresh = session.get_one(Invitation, invitation_id)
    if not queries.reaches(found, fresh):
        raise SignOnRefused(Refusal.SCOPE)
    if queries.link_of_subject(found.id, subject) is not None:
        raise SignOnRefused(Refusal.OTHER_ACCOUNT)
    user = accounts.accept_invitation(fresh, name=fresh.name, password=None, at=at)
    _link(found, subject, user, at=at)
    return _enter(user, Proof.INVITATION, at=at, device=device, second_factor=second_factor)


def end_link(link: LinkedIdentity, *, by: User, at: datetime) -> None:
    """End a link: that account no longer opens anything here."""
    record(Event.SIGN_ON_UNLINKED, by, by=by, at=at, provider=str(link.provider_id))
    session.delete(link)
    session.flush()


def record_refusal(provider_id: UUID | None, refused: SignOnRefused, *, at: datetime) -> None:
    """Record that nobody was signed in, and why; never what the provider said of a person.

    Unfinished changes are rolled back first. If the provider lists another way to send our secret, the next
    sign-in uses it; this one cannot, because the code may be used up.
    """
    session.rollback()
    if provider_id is not None and refused.secret_in_body is not None:
        change_way(provider_id, secret_in_body=refused.secret_in_body)
    record(
        Event.SIGN_ON_REFUSED,
        ("identity_provider", provider_id or "unknown"),
        by=SYSTEM,
        at=at,
        reason=refused.reason.value,
        detail=refused.detail,
    )
    session.flush()
