"""Acts on each new row of the register, inside its transaction."""

from collections.abc import Sequence
from typing import Any

from cissapp.certify.certificates.models import RegisterEntry
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.certify.credentials.queries import CHANGES
from cissapp.certify.credentials.services.credentials import make_credentials
from cissapp.certify.credentials.services.issuer import credential_issuer
from cissapp.certify.credentials.services.status_lists import follow_certificate


def make_or_follow(entries: Sequence[RegisterEntry], **_rest: Any) -> None:
    """Make the credentials of certificates that are issued; sign the lists when the status of one changes."""
    issued = [entry.certificate for entry in entries if entry.event is RegisterEvent.ISSUED]
    if issued:
        make_credentials(issued, issuer=credential_issuer(), at=entries[-1].at)
    for entry in entries:
        if entry.event in CHANGES:
            follow_certificate(entry.certificate, issuer=credential_issuer(), at=entry.at)
