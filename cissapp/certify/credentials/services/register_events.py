"""Acts on each new row of the register, inside its transaction."""

from typing import Any

from cissapp.certify.certificates.models import RegisterEntry
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.certify.credentials.queries import CHANGES
from cissapp.certify.credentials.services.credentials import make_credential
from cissapp.certify.credentials.services.issuer import credential_issuer
from cissapp.certify.credentials.services.status_lists import follow_certificate


def make_or_follow(entry: RegisterEntry, **_rest: Any) -> None:
    """Make the credential when a certificate is issued; sign the lists when its status changes."""
    if entry.event is RegisterEvent.ISSUED:
        make_credential(entry.certificate, issuer=credential_issuer(), at=entry.at)
    elif entry.event in CHANGES:
        follow_certificate(entry.certificate, issuer=credential_issuer(), at=entry.at)
