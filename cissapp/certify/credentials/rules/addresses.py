"""Addresses and names that appear in credentials."""

from urllib.parse import unquote, urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from cissapp.certify.certificates.rules import in_groups


def did_of(base_url: str) -> str:
    """Return the did:web of an installation's host (W3C did:web method; a port's colon becomes %3A)."""
    return f"did:web:{urlsplit(base_url).netloc.lower().replace(':', '%3A')}"


def host_of(did: str) -> str | None:
    """Read the host that a did:web names; None, if it names something else."""
    return unquote(did.removeprefix("did:web:")) if did.startswith("did:web:") else None


def method_of(did: str, key_id: str) -> str:
    """Return the name of an installation's key."""
    return f"{did}#{key_id}"


def credential_address(base_url: str, code: str) -> str:
    """Return the address of a credential, which is also its id."""
    return f"{base_url}/credentials/{in_groups(code)}"


def proof_address(base_url: str, code: str) -> str:
    """Return the address of the proof that the public log contains a certificate."""
    return f"{base_url}/log/proof/certificate/{in_groups(code)}"


def list_address(base_url: str, name: str) -> str:
    """Return the address of a status list, which is also its id."""
    return f"{base_url}/status/{name}"


def subject_id(certificate_id: UUID) -> str:
    """Return the school's id in a credential: the random id of the certificate, not one of its own."""
    return f"urn:uuid:{certificate_id}"


def stable_name(base_url: str, *parts: object) -> str:
    """Return a name that is always the same for the same thing, such as a level in a criteria version."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, '/'.join((base_url, *map(str, parts))))}"
