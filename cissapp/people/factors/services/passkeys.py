"""Adds passkeys, and checks what they sign."""

from datetime import datetime

from sqlalchemy import CursorResult, select, update
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Problem
from cissapp.people.accounts.models import UserSession
from cissapp.people.factors import queries
from cissapp.people.factors.models import Passkey
from cissapp.people.factors.rules import (
    NOT_THIS_PASSKEY,
    TOO_OLD,
    ChallengePurpose,
    FactorKind,
)
from cissapp.people.factors.rules.app_codes import INSTALLATION
from cissapp.people.factors.rules.parties import RelyingParty
from cissapp.people.factors.services import attempts, challenges, changes

# What a broken or a lying browser makes the library raise beside its own errors.
UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


def ask_new_passkey(found: UserSession, party: RelyingParty, *, at: datetime) -> str:
    """Return the options with which a browser makes a passkey, as JSON; the challenge stays with the session."""
    changes.may_set_up(found)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=INSTALLATION,
        user_id=found.user.id.bytes,
        user_name=found.user.email,
        user_display_name=found.user.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(found),
    )
    challenge = bytes_to_base64url(options.challenge)
    challenges.ask(found.id, ChallengePurpose.NEW_PASSKEY, challenge, at=at)
    return str(options_to_json(options))


def ask_passkey(found: UserSession, party: RelyingParty, *, at: datetime) -> str:
    """Return the options with which a browser uses a passkey, as JSON; the challenge stays with the session."""
    options = generate_authentication_options(
        rp_id=party.id,
        allow_credentials=_descriptors(found),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    challenge = bytes_to_base64url(options.challenge)
    challenges.ask(found.id, ChallengePurpose.PASSKEY, challenge, at=at)
    return str(options_to_json(options))


def _descriptors(found: UserSession) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(base64url_to_bytes(passkey.credential_id))
        for passkey in queries.passkeys_of(found.user_id)
    ]


def add_passkey(
    found: UserSession, credential: str, name: str, party: RelyingParty, *, at: datetime
) -> Problem | None:
    """Add a passkey that a browser made for this session; return why not, if it is refused."""
    changes.may_set_up(found)
    challenge = challenges.answered(found.id, ChallengePurpose.NEW_PASSKEY, at=at)
    if challenge is None:
        return Problem("credential", TOO_OLD)
    made = _registration(credential, challenge, party)
    if made is None:
        return Problem("credential", NOT_THIS_PASSKEY)
    key = bytes_to_base64url(made.credential_id)
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == key)):
        return Problem("credential", NOT_THIS_PASSKEY)
    passkey = Passkey(
        user_id=found.user_id,
        name=name,
        credential_id=key,
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        device=found.device,
        added_at=at,
    )
    session.add(passkey)
    session.flush()
    changes.follow_added(found, passkey, FactorKind.PASSKEY, at=at)
    return None


def _registration(
    credential: str, challenge: str, party: RelyingParty
) -> VerifiedRegistration | None:
    try:
        return verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except UNREADABLE:
        return None


def prove_passkey(
    found: UserSession, credential: str, party: RelyingParty, *, at: datetime
) -> Problem | None:
    """Check what a passkey of this person signed for this session; return what is wrong, if something is.

    It can be used while codes must wait: nobody guesses a signature, and whoever stole the password could keep
    the owner out with wrong codes.
    """
    user = found.user
    attempts.one_at_a_time(user)
    challenge = challenges.answered(found.id, ChallengePurpose.PASSKEY, at=at)
    if challenge is None:
        return Problem("credential", TOO_OLD)
    passkey = _named(found, credential)
    used = _authentication(credential, challenge, passkey, party) if passkey else None
    if passkey and used and _count_up(passkey, used, at=at):
        return None
    attempts.count_wrong(user, FactorKind.PASSKEY, at=at)
    return Problem("credential", NOT_THIS_PASSKEY)


def _named(found: UserSession, credential: str) -> Passkey | None:
    """Find the passkey that an answer names, among those of the person alone."""
    try:
        key = bytes_to_base64url(parse_authentication_credential_json(credential).raw_id)
    except UNREADABLE:
        return None
    own = queries.passkeys_of(found.user_id)
    return next((passkey for passkey in own if passkey.credential_id == key), None)


def _authentication(
    credential: str, challenge: str, passkey: Passkey, party: RelyingParty
) -> VerifiedAuthentication | None:
    try:
        return verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except UNREADABLE:
        return None


def _count_up(passkey: Passkey, used: VerifiedAuthentication, *, at: datetime) -> bool:
    """Keep the count of a passkey; False where somebody else, perhaps with a copy, was faster."""
    won = session.execute(
        update(Passkey)
        .where(Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count)
        .values(sign_count=used.new_sign_count, used_at=at)
        .execution_options(synchronize_session=False)
    )
    return isinstance(won, CursorResult) and won.rowcount == 1
