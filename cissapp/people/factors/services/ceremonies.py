"""WebAuthn options that a browser gets for passkeys, and the checks of what it answers.

Slow to import, so it is loaded only where a passkey is used.
"""

from collections.abc import Iterable

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from cissapp.people.accounts.models import User
from cissapp.people.factors.models import Passkey
from cissapp.people.factors.rules.app_codes import INSTALLATION
from cissapp.people.factors.rules.parties import RelyingParty

# What the library raises, besides its own errors, for answers of a broken or malicious browser.
UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


def options_to_make(user: User, known: Iterable[Passkey], party: RelyingParty) -> tuple[str, str]:
    """Return the challenge, and the options with which a browser makes another passkey, as JSON."""
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=INSTALLATION,
        user_id=user.id.bytes,
        user_name=user.email,
        user_display_name=user.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return bytes_to_base64url(options.challenge), str(options_to_json(options))


def options_to_use(known: Iterable[Passkey], party: RelyingParty) -> tuple[str, str]:
    """Return the challenge, and the options with which a browser uses one of these passkeys, as JSON."""
    options = generate_authentication_options(
        rp_id=party.id,
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return bytes_to_base64url(options.challenge), str(options_to_json(options))


def _descriptors(known: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(base64url_to_bytes(passkey.credential_id))
        for passkey in known
    ]


def made(credential: str, challenge: str, party: RelyingParty) -> tuple[str, str, int] | None:
    """Return id, public key and sign count of a passkey made for this challenge; None if it is not valid."""
    try:
        found = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except UNREADABLE:
        return None
    key = bytes_to_base64url(found.credential_public_key)
    return bytes_to_base64url(found.credential_id), key, found.sign_count


def named(credential: str) -> str | None:
    """Return the credential id that an answer names; None if it cannot be read."""
    try:
        return bytes_to_base64url(parse_authentication_credential_json(credential).raw_id)
    except UNREADABLE:
        return None


def used(credential: str, challenge: str, passkey: Passkey, party: RelyingParty) -> int | None:
    """Return the sign count of a passkey after it signed this challenge; None if it did not sign it."""
    try:
        found = verify_authentication_response(
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
    return found.new_sign_count
