"""Addresses and names that stand in credentials."""

from urllib.parse import unquote, urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from cissapp.certify.certificates.rules import in_groups


def did_of(base_url: str) -> str:
    """Name an installation: did:web of its host (W3C did:web method; a port's colon is written %3A)."""
    return f"did:web:{urlsplit(base_url).netloc.lower().replace(':', '%3A')}"


def host_of(did: str) -> str | None:
    """Read the host that a did:web names; None, if it names something else."""
    return unquote(did.removeprefix("did:web:")) if did.startswith("did:web:") else None


def method_of(did: str, key_id: str) -> str:
    """Name a key of an installation."""
    return f"{did}#{key_id}"


def credential_address(base_url: str, code: str) -> str:
    """Where a credential is to be had; also its id."""
    return f"{base_url}/credentials/{in_groups(code)}"


def proof_address(base_url: str, code: str) -> str:
    """Where the proof is to be had that the public log knows the certificate."""
    return f"{base_url}/log/proof/certificate/{in_groups(code)}"


def list_address(base_url: str, name: str) -> str:
    """Where a status list is to be had; also its id."""
    return f"{base_url}/status/{name}"


def subject_id(certificate_id: UUID) -> str:
    """Name the school in a credential: by the random value of the certificate, not by a number of its own."""
    return f"urn:uuid:{certificate_id}"


def stable_name(base_url: str, *parts: object) -> str:
    """Make the same name for the same thing each time, such as a level of a version of the criteria."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, '/'.join((base_url, *map(str, parts))))}"
