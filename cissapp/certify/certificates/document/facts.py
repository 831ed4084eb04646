"""What a certificate certifies: plain values, written once as canonical JSON, hashed and never changed."""

import hashlib
import json
from datetime import date
from typing import Any

from msgspec import Struct, to_builtins

from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.core.db import canonical

# Facts keep the format they were first written in, so that their hash never changes: format 1 has no drill,
# formats 1 and 2 have neither text hashes nor the addresses of credential and proof, and formats 1 to 3 have
# neither the signatory nor the logo.
FIRST_FORMAT = "ciss-certificate-1"
FORMAT_WITH_DRILL = "ciss-certificate-2"
FORMAT_WITH_ADDRESSES = "ciss-certificate-3"
FORMAT = "ciss-certificate-4"
WITH_ADDRESSES = frozenset({FORMAT_WITH_ADDRESSES, FORMAT})
FORMATS = frozenset({FIRST_FORMAT, FORMAT_WITH_DRILL, *WITH_ADDRESSES})


class AcceptedDocument(Struct, frozen=True):
    """An accepted document: its kind, version and file hash, but not its title.

    `text_sha256` is the hash of its normalised text, so that the same text is recognised in another file; it
    is None if the document has no text.
    """

    evidence_code: str
    version: int
    sha256: str
    text_sha256: str | None = None


class DrillFact(Struct, frozen=True):
    """How the newest drill of the reporting mechanism ended.

    `minutes` are the working minutes until the message was acknowledged, or None if it never was.
    """

    on: date
    medium: str
    minutes: int | None
    in_time: bool


class Signatory(Struct, frozen=True):
    """The person who signs for the group and their job title: the only person named on a certificate."""

    name: str
    office: str


class CertificateFacts(Struct, frozen=True):
    """The certified facts of one certificate. The only person in them is the group's signatory.

    The group's logo is identified by the hash of its file in the store.
    """

    number: str
    code: str
    school_name: str
    school_code: str
    locality: str
    country_code: str
    region_code: str
    language: str
    level: int
    module_levels: tuple[tuple[str, float], ...]
    criteria_version: str
    group_name: str
    decided_on: date
    valid_from_on: date
    valid_until_on: date
    documents: tuple[AcceptedDocument, ...]
    dossier_sha256: str
    key_id: str
    base_url: str
    demo: bool
    drill: DrillFact | None = None
    signatory: Signatory | None = None
    logo_sha256: str | None = None
    format: str = FORMAT

    @property
    def address(self) -> str:
        """The address of the page that shows the current status of the certificate."""
        return f"{self.base_url}/verify/{in_groups(self.code)}"

    @property
    def qr_text(self) -> str:
        """The same address, with level and last day in it: a scanner shows them before it opens the page."""
        return f"{self.address}#level-{self.level}-until-{self.valid_until_on.isoformat()}"

    @property
    def credential_address(self) -> str:
        """The address of the machine-readable credential with the same facts."""
        return f"{self.base_url}/credentials/{in_groups(self.code)}"

    @property
    def proof_address(self) -> str:
        """The address of the proof that the public log contains this certificate."""
        return f"{self.base_url}/log/proof/certificate/{in_groups(self.code)}"

    def text(self) -> str:
        """Return the canonical text of the facts, which is hashed."""
        facts = to_builtins(self, builtin_types=(date,))
        if self.format != FORMAT:
            del facts["signatory"], facts["logo_sha256"]
        if self.format in WITH_ADDRESSES:
            addresses = {
                "credential_address": self.credential_address,
                "proof_address": self.proof_address,
            }
            return canonical({**facts, **addresses})
        if self.format == FIRST_FORMAT:
            del facts["drill"]
        for one in facts["documents"]:
            del one["text_sha256"]
        return canonical(facts)

    @property
    def sha256(self) -> str:
        """The hash of that text; it is printed on the certificate."""
        return sha256_of(self.text())


def sha256_of(text: str) -> str:
    """Hash a text with SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_facts(text: str) -> CertificateFacts:
    """Parse facts; raise `ValueError` if the text is not what `CertificateFacts.text` returns."""
    try:
        raw = json.loads(text)
        if raw["format"] not in FORMATS:
            raise ValueError("these are no facts of a certificate")
        if raw["format"] in WITH_ADDRESSES:
            # Both are derived, and compared with the stored ones when the facts are written again below.
            del raw["credential_address"], raw["proof_address"]
        raw["drill"] = _drill(raw)
        if raw["format"] == FORMAT:
            raw["signatory"] = Signatory(**raw["signatory"]) if raw["signatory"] else None
        for name in ("decided_on", "valid_from_on", "valid_until_on"):
            raw[name] = date.fromisoformat(raw[name])
        raw["module_levels"] = tuple(
            (str(name), float(mean)) for name, mean in raw["module_levels"]
        )
        raw["documents"] = tuple(AcceptedDocument(**one) for one in raw["documents"])
        facts = CertificateFacts(**raw)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("these are no facts of a certificate") from error
    if facts.text() != text:
        raise ValueError("these facts are not written canonically")
    return facts


def _drill(raw: dict[str, Any]) -> DrillFact | None:
    """Parse the drill; only the newer formats record that there was none."""
    found: Any = raw["drill"] if raw["format"] != FIRST_FORMAT else None
    if found is None and raw["format"] != FORMAT_WITH_DRILL:
        return None
    return DrillFact(**{**found, "on": date.fromisoformat(found["on"])})
