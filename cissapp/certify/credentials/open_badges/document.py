"""The content of a school's credential (Open Badges 3.0, "OpenBadgeCredential").

It is written in English, like the terms around it. The description of the school is repeated in the school's
language after the English; `inLanguage` of the achievement refers to its English words. It names the school
and nobody else. Every part has its own name, so that none can be moved.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from cissapp.certify.certificates.document.facts import AcceptedDocument, CertificateFacts
from cissapp.certify.certificates.document.pdf.words import CertificateWords
from cissapp.certify.credentials.open_badges.linked_data import BADGES, V2
from cissapp.certify.credentials.rules import addresses
from cissapp.certify.credentials.rules.status_bits import MESSAGE_BITS, ListPurpose, StatusMessage
from cissapp.foundation.content.figures import rounded

SHA256_MARK = b"\x12\x20"
HIGHEST_LEVEL = 3
DEMO = "DEMONSTRATION, not a real certificate. "

CRITERIA = (
    "A national group assessed the school's safety policy and its reporting mechanism against the CISS "
    "criteria, version %(version)s. One person assessed, another one decided. The school met the criteria "
    "of level %(level)s: %(name)s. %(not_meaning)s"
)


class ListPlace(Struct, frozen=True):
    """The place of a credential in a status list."""

    list_name: str
    index: int


class CredentialSource(Struct, frozen=True):
    """All that a credential is made from."""

    certificate_id: UUID
    facts: CertificateFacts
    file_sha256: str
    words: CertificateWords
    base_url: str
    place: ListPlace
    own_words: CertificateWords | None = None

    @property
    def address(self) -> str:
        """The address of the credential, which is also its id."""
        return addresses.credential_address(self.base_url, self.facts.code)

    def name_of(self, *parts: object) -> str:
        """Name a thing that is the same for all certificates under one version of the criteria."""
        return addresses.stable_name(self.base_url, self.facts.criteria_version, *parts)


def write_credential(source: CredentialSource) -> dict[str, Any]:
    """Write the credential, without its proof."""
    facts, words = source.facts, source.words
    shown = DEMO if facts.demo else ""
    return {
        "@context": [V2, BADGES],
        "id": source.address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{shown}CISS certificate {facts.number}",
        "description": f"{shown}{_said(words, facts)}{_said_too(source)}",
        "issuer": {
            "id": addresses.did_of(source.base_url),
            "type": ["Profile"],
            "name": facts.group_name,
            "url": source.base_url,
        },
        "validFrom": _start(facts.valid_from_on),
        "validUntil": _end(facts.valid_until_on),
        "credentialSubject": _subject(source),
        "evidence": list(_evidence(source)),
        "credentialStatus": _status(source),
    }


def _said(words: CertificateWords, facts: CertificateFacts) -> str:
    return f"{words.finding(facts)} {words.text.not_meaning}"


def _said_too(source: CredentialSource) -> str:
    own = source.own_words
    return f" / {_said(own, source.facts)}" if own else ""


def _start(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _end(day: date) -> str:
    """Write when a day ends: the last day still counts."""
    return f"{day.isoformat()}T23:59:59Z"


def _subject(source: CredentialSource) -> dict[str, Any]:
    facts = source.facts
    return {
        "id": addresses.subject_id(source.certificate_id),
        "type": ["AchievementSubject", "Profile"],
        "name": facts.school_name,
        "address": {
            "id": f"{source.address}#address",
            "type": ["Address"],
            "addressCountryCode": facts.country_code,
            "addressRegion": facts.region_code,
            "addressLocality": facts.locality,
        },
        "licenseNumber": facts.number,
        "achievement": _achievement(source),
        "result": list(_results(source)),
    }


def _achievement(source: CredentialSource) -> dict[str, Any]:
    facts, text = source.facts, source.words.text
    name = text.level_names[str(facts.level)]
    return {
        "id": source.name_of("level", facts.level),
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": f"CISS level {facts.level}: {name}",
        "description": (
            "Safety policy and reporting mechanism of a school meet the criteria of ECPAT's programme "
            f"CISS, version {facts.criteria_version}, level {facts.level} of {HIGHEST_LEVEL}."
        ),
        "criteria": {
            "narrative": CRITERIA
            % {
                "version": facts.criteria_version,
                "level": facts.level,
                "name": name,
                "not_meaning": text.not_meaning,
            },
        },
        "image": {
            "id": f"{source.address}/badge.png",
            "type": "Image",
            "caption": f"CISS, level {facts.level}, until {facts.valid_until_on.isoformat()}",
        },
        "version": facts.criteria_version,
        "inLanguage": "en",
        "resultDescription": [_overall_description(source), *_module_descriptions(source)],
    }


def _overall_description(source: CredentialSource) -> dict[str, Any]:
    names = source.words.text.level_names
    return {
        "id": source.name_of("overall"),
        "type": ["ResultDescription"],
        "name": "Level of the certificate",
        "resultType": "RubricCriterionLevel",
        "rubricCriterionLevel": [
            {
                "id": source.name_of("overall", level),
                "type": ["RubricCriterionLevel"],
                "level": level,
                "name": name,
                "points": level,
            }
            for level, name in sorted(names.items())
        ],
    }


def _module_descriptions(source: CredentialSource) -> Iterator[dict[str, Any]]:
    titles = source.words.text.module_titles
    for module_id, _level in source.facts.module_levels:
        yield {
            "id": source.name_of("module", module_id),
            "type": ["ResultDescription"],
            "name": f"Implementation: {titles.get(module_id, module_id)}",
            "resultType": "RubricScore",
            "valueMin": "0",
            "valueMax": str(HIGHEST_LEVEL),
        }


def _results(source: CredentialSource) -> Iterator[dict[str, Any]]:
    """Yield the overall level, then that of each module: the means of the levels of its criteria."""
    yield {
        "id": f"{source.address}#result-overall",
        "type": ["Result"],
        "resultDescription": source.name_of("overall"),
        "achievedLevel": source.name_of("overall", source.facts.level),
        "value": str(source.facts.level),
    }
    for module_id, level in source.facts.module_levels:
        yield {
            "id": f"{source.address}#result-{module_id}",
            "type": ["Result"],
            "resultDescription": source.name_of("module", module_id),
            "value": str(rounded(level)),
        }


# --- evidence ----------------------------------------------------------------------------------


def multihash(sha256: str) -> str:
    """Write a hash as `digestMultibase` wants it: multihash of SHA-256, base64url with a "u"."""
    content = SHA256_MARK + bytes.fromhex(sha256)
    return "u" + urlsafe_b64encode(content).decode().rstrip("=")


def _hashed(source: CredentialSource, mark: str, name: str, sha256: str) -> dict[str, Any]:
    return {
        "id": f"{source.address}#{mark}",
        "type": ["Evidence"],
        "name": name,
        "narrative": f"SHA-256: {sha256}",
        "digestMultibase": multihash(sha256),
    }


def _evidence(source: CredentialSource) -> Iterator[dict[str, Any]]:
    facts = source.facts
    yield _hashed(source, "file", "The signed certificate (PDF)", source.file_sha256)
    yield _hashed(source, "facts", "The certified facts (canonical JSON)", facts.sha256)
    yield _hashed(source, "dossier", "The dossier that was assessed", facts.dossier_sha256)
    for place, one in enumerate(facts.documents, 1):
        yield from _document(source, place, one)
    yield {
        "id": addresses.proof_address(source.base_url, facts.code),
        "type": ["Evidence"],
        "name": "Proof that the public log of certificates knows this certificate",
        "genre": "Transparency log (RFC 6962)",
    }


def _document(
    source: CredentialSource, place: int, one: AcceptedDocument
) -> Iterator[dict[str, Any]]:
    """Write the hash of an accepted document and, where it is known, that of its text alone."""
    name = f"Approved document {place}: {one.evidence_code}, version {one.version}"
    yield _hashed(source, f"document-{place}", name, one.sha256)
    if one.text_sha256:
        yield _hashed(source, f"document-{place}-text", f"{name}, its text alone", one.text_sha256)


# --- status ------------------------------------------------------------------------------------


def _status(source: CredentialSource) -> dict[str, Any]:
    """Return the one entry: Open Badges 3.0 allows one object, where Verifiable Credentials 2.0 allow a list."""
    place = source.place
    address = addresses.list_address(source.base_url, place.list_name)
    return {
        "id": f"{address}#{place.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": ListPurpose.MESSAGE.value,
        "statusListIndex": str(place.index),
        "statusListCredential": address,
        "statusSize": MESSAGE_BITS,
        "statusMessage": [
            {
                "id": f"{address}#{place.index}-{message.value}",
                "status": f"0x{message.value:x}",
                "message": message.name.lower(),
            }
            for message in StatusMessage
        ],
    }
