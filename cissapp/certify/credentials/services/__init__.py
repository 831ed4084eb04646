"""Writes of credentials and of the lists of their status."""

from cissapp.certify.credentials.services.credentials import make_credentials, make_missing
from cissapp.certify.credentials.services.issuer import CredentialIssuer, credential_issuer
from cissapp.certify.credentials.services.second_looks import examine_issued
from cissapp.certify.credentials.services.status_lists import (
    follow_certificate,
    list_key,
    list_to_serve,
    sign_changed_lists,
    sign_current,
)

__all__ = [
    "CredentialIssuer",
    "credential_issuer",
    "examine_issued",
    "follow_certificate",
    "list_key",
    "list_to_serve",
    "make_credentials",
    "make_missing",
    "sign_changed_lists",
    "sign_current",
]
