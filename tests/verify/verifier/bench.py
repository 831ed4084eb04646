"""Pages for checks without a connection, and files to drop on them, made without a database."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from msgspec.structs import replace

from cissapp import create_app
from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.document.pdf.words import certificate_words
from cissapp.certify.certificates.rules import RegisterEvent, check_character
from cissapp.certify.credentials.open_badges.document import CredentialSource, ListPlace
from cissapp.certify.credentials.open_badges.document import write_credential as document_of
from cissapp.certify.credentials.open_badges.proofs import add_proof
from cissapp.certify.credentials.open_badges.tokens import sign_token
from cissapp.certify.credentials.rules.status_bits import PLACES, ListPurpose
from cissapp.certify.transparency.rules import merkle
from cissapp.certify.transparency.rules.entries import base64_of, commitment
from cissapp.certify.transparency.rules.notes import (
    Checkpoint,
    KeyKind,
    Signature,
    SignedNote,
    Verifier,
)
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing.keys import Keyring, create_keys, load
from cissapp.verify.verifier.page import assembly
from cissapp.verify.verifier.rules import IssuedCertificate, PageSource
from cissapp.verify.verifier.services.snapshot import KeyMark, SnapshotFrame, sign_snapshot
from config import Config
from tests.certify.certificates.specimen import content, facts, signed

BASE = "https://ciss.example"
ISSUED = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TAKEN = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@cache
def app() -> Flask:
    """An application of which only words and settings are used."""
    return create_app(
        Config(
            secret_key="for tests only, and long enough to pass",
            base_url=BASE,
            database_url="sqlite://",
            testing=True,
        )
    )


def apart(call: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Call in a thread of its own: the library that signs wants no event loop, a driven browser has one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call, *arguments, **named).result()


def ring(folder: Path, organisation: str = "ECPAT for tests") -> Keyring:
    """A ring with one key and the key of the log."""
    create_keys(folder, organisation=organisation, at=datetime(2020, 1, 1, tzinfo=UTC))
    return load(folder)


def code(number: int) -> str:
    """A code with its check character; the same number gives the same one."""
    for salt in range(50):
        digits = sha256(f"{number}/{salt}".encode()).digest()
        marks = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[one % 32] for one in digits[:19])
        if mark := check_character(marks):
            return marks + mark
    raise AssertionError


@dataclass(frozen=True)
class Issued:
    """A certificate: its facts and its file, and what the register knows of it."""

    facts: CertificateFacts
    pdf: bytes
    known: IssuedCertificate


def issued(by: Keyring, number: int = 1, **changes: Any) -> Issued:
    """A signed certificate with a number of its own."""
    said = facts(
        "en",
        number=f"MD-2026-{number:05}",
        code=code(number),
        base_url=BASE,
        key_id=by.newest().id,
        **changes,
    )
    pdf = apart(signed, said, by)
    return Issued(said, pdf, known(said, pdf))


def known(
    said: CertificateFacts, pdf: bytes, last: RegisterEvent = RegisterEvent.ISSUED
) -> IssuedCertificate:
    """What the register knows of a certificate."""
    at = ISSUED if last is RegisterEvent.ISSUED else ISSUED + timedelta(hours=5)
    return IssuedCertificate(said.code, sha256(pdf).hexdigest(), ISSUED, last, at, 0)


def after(one: Issued, last: RegisterEvent) -> IssuedCertificate:
    """The same after something happened to it."""
    return replace(one.known, last=last, last_at=ISSUED + timedelta(hours=5))


@dataclass(frozen=True)
class Bench:
    """A folder with a page, and the ring whose keys are in it."""

    folder: Path
    ring: Keyring

    def snapshot(self, *rows: IssuedCertificate, **changes: Any) -> str:
        """A signed snapshot of these rows."""
        frame = SnapshotFrame(
            taken_at=TAKEN,
            valid_for_days=31,
            base_url=BASE,
            issuer="did:web:ciss.example",
            checkpoint=None,
            keys=tuple(
                KeyMark(key.id, key.retired_at, key.compromised_at) for key in self.ring.keys
            ),
        )
        return sign_snapshot(replace(frame, **changes), rows, self.ring.sign_log)

    def page(self, snapshot: str) -> Path:
        """The page with this snapshot, as a file."""
        with app().app_context():
            made = assembly.assemble_page(PageSource(self.ring, content(), BASE), snapshot)
        path = self.folder / "verify.html"
        path.write_text(made, "utf-8")
        return path


# --- credentials ---------------------------------------------------------------------------------


def credential(one: Issued, by: Keyring) -> tuple[str, str]:
    """The credential of a certificate: as JSON-LD, and as a token."""
    words = certificate_words(("en",), content().standard, content().countries["MD"], BASE)[0]
    place = ListPlace("message-1", PLACES[ListPurpose.MESSAGE].start + 7)
    source = CredentialSource(UUID(int=1), one.facts, one.known.file_sha256, words, BASE, place)
    document = document_of(source)
    how = {"did": "did:web:ciss.example", "ring": by, "key": by.newest(), "at": ISSUED}
    return canonical(add_proof(document, **how)), sign_token(document, **how)


# --- the log -------------------------------------------------------------------------------------


def proof(one: Issued, by: Keyring, *events: RegisterEvent, of: Keyring | None = None) -> str:
    """The proof that these events of a certificate stand in the log, between others."""
    texts = [
        canonical(
            {
                "format": "ciss-log-1",
                "number": one.facts.number,
                "event": event.value,
                "at": (ISSUED + timedelta(hours=place)).isoformat(),
                "facts_sha256": one.facts.sha256,
                "file_sha256": one.known.file_sha256,
                "row": "0" * 64,
            }
        )
        for place, event in enumerate(events)
    ]
    salts = [bytes([place + 1]) * 32 for place in range(len(texts))]
    data = [commitment(salt, text) for salt, text in zip(salts, texts, strict=True)]
    others = [bytes([place]) * 32 for place in range(5)]
    leaves = [merkle.leaf_hash(content) for content in (*others, *data, *others)]
    assert by.log
    note = Checkpoint(by.log.name, len(leaves), merkle.root(leaves)).text
    key = Verifier(by.log.name, KeyKind.SIGNATURE, by.log.public.public_bytes_raw())
    signature = Signature(key.name, key.key_id, (of or by).sign_log(note.encode()))
    return json.dumps(
        {
            "format": "ciss-proof-1",
            "number": one.facts.number,
            "log": {"origin": key.name, "vkey": key.vkey},
            "checkpoint": str(SignedNote(note, (signature,))),
            "size": len(leaves),
            "root": base64_of(merkle.root(leaves)),
            "events": [
                {
                    "index": len(others) + place,
                    "salt": base64_of(salts[place]),
                    "event": text,
                    "leaf_hash": base64_of(leaves[len(others) + place]),
                    "proof": [
                        base64_of(step)
                        for step in merkle.inclusion_proof(len(others) + place, leaves)
                    ],
                }
                for place, text in enumerate(texts)
            ],
        }
    )


def changed(text: str, change: Callable[[dict[str, Any]], None]) -> str:
    """Change JSON."""
    raw = json.loads(text)
    change(raw)
    return json.dumps(raw)
