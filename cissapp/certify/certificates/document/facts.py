"""What a certificate certifies: plain values, written once as canonical JSON, hashed and never changed."""

import hashlib
import json
from datetime import date
from typing import Any

from msgspec import Struct, to_builtins

from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.core.db import canonical

# Facts are written for ever as they were first, so that their hash stays: those of format 1 know no
# drill, those of formats 1 and 2 neither the hash of a text nor where credential and proof are, and those of
# formats 1 to 3 neither who signed for the group nor its logo.
FIRST_FORMAT = "ciss-certificate-1"
FORMAT_WITH_DRILL = "ciss-certificate-2"
FORMAT_WITH_ADDRESSES = "ciss-certificate-3"
FORMAT = "ciss-certificate-4"
WITH_ADDRESSES = frozenset({FORMAT_WITH_ADDRESSES, FORMAT})
FORMATS = frozenset({FIRST_FORMAT, FORMAT_WITH_DRILL, *WITH_ADDRESSES})


class AcceptedDocument(Struct, frozen=True):
    """A document that was accepted: which kind, which version, and the hash of its file. No title.

    `text_sha256` is the hash of its normalised text, so that the same text is known in another file; None,
    where a document has no text.
    """

    evidence_code: str
    version: int
    sha256: str
    text_sha256: str | None = None


class DrillFact(Struct, frozen=True):
    """How the newest drill of the reporting mechanism ended.

    `minutes` are working minutes until the message was acknowledged; None, if it never was.
    """

    on: date
    medium: str
    minutes: int | None
    in_time: bool


class Signatory(Struct, frozen=True):
    """Who signs for the group, and in which office: the one person whom a certificate names."""

    name: str
    office: str


class CertificateFacts(Struct, frozen=True):
    """The certified facts of one certificate. Nothing about a person but who signs for the group, in office.

    The logo of the group is named by the hash of its file in the store.
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
        """The page that says what the certificate is worth today."""
        return f"{self.base_url}/verify/{in_groups(self.code)}"

    @property
    def qr_text(self) -> str:
        """The same address, with level and last day in it: a scanner shows them before it opens the page."""
        return f"{self.address}#level-{self.level}-until-{self.valid_until_on.isoformat()}"

    @property
    def credential_address(self) -> str:
        """Where the same facts are to be had as a credential for machines."""
        return f"{self.base_url}/credentials/{in_groups(self.code)}"

    @property
    def proof_address(self) -> str:
        """Where the proof is that the log of all certificates holds this one."""
        return f"{self.base_url}/log/proof/certificate/{in_groups(self.code)}"

    def text(self) -> str:
        """Write the facts as the one text that is hashed."""
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
    """Read facts back; raise ValueError if the text is not what `Facts.text` writes."""
    try:
        raw = json.loads(text)
        if raw["format"] not in FORMATS:
            raise ValueError("these are no facts of a certificate")
        if raw["format"] in WITH_ADDRESSES:
            # They follow from the rest, and are compared with it when the whole is written anew below.
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
    """Read the drill; only the newer formats say of a certificate that there was none."""
    found: Any = raw["drill"] if raw["format"] != FIRST_FORMAT else None
    if found is None and raw["format"] != FORMAT_WITH_DRILL:
        return None
    return DrillFact(**{**found, "on": date.fromisoformat(found["on"])})
