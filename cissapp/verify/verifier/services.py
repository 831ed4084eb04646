"""Makes the snapshot of the register, the page that checks without a connection, and the folder for mirrors."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cissapp.certify.credentials.rules.places import did_of
from cissapp.certify.transparency import queries as log
from cissapp.foundation.content.values import Content
from cissapp.foundation.signing.keys import Keyring, NoKeys
from cissapp.foundation.signing.keys.keys_file import published
from cissapp.verify.verifier import assembling, phrases, queries
from cissapp.verify.verifier.snapshot import VALID_FOR_DAYS, Frame, KeyMark, text_of

VERIFY, SNAPSHOT, KEYS = "verify.html", "snapshot.json", "keys.json"
CHECKPOINT, SUMS, README = "checkpoint.txt", "SHA256SUMS", "README.txt"


@dataclass(frozen=True)
class Source:
    """What the page is made from."""

    ring: Keyring
    content: Content
    base_url: str
    valid_for_days: int = VALID_FOR_DAYS


def snapshot_text(source: Source, *, at: datetime) -> str:
    """Write and sign what stands in the register now; raise `NoKeys` without the key of the log."""
    if source.ring.log is None:
        raise NoKeys("There is no key for the log. Make one with: ciss keys rotate")
    checkpoint = log.checkpoint()
    frame = Frame(
        taken_at=at,
        valid_for_days=source.valid_for_days,
        base_url=source.base_url,
        issuer=did_of(source.base_url),
        checkpoint=log.published(checkpoint) if checkpoint else None,
        keys=tuple(KeyMark(key.id, key.retired_at, key.compromised_at) for key in source.ring.keys),
    )
    return text_of(frame, queries.issued(), source.ring.sign_log)


def page(source: Source, snapshot: str) -> str:
    """Write the page, with keys, snapshot and all words in it."""
    content = source.content
    return assembling.page(
        keys=published(source.ring),
        snapshot=snapshot,
        settings={
            "baseUrl": source.base_url,
            "issuer": did_of(source.base_url),
            "expiringDays": content.standard.decision.validity.expiring_days,
            "graceDays": content.standard.decision.validity.grace_days,
            "grace": {
                code: content.certificate_terms(code).grace_days for code in content.countries
            },
        },
        words=phrases.every_language(content, source.base_url),
        needed=phrases.needed(),
    )


def publish(source: Source, folder: Path, *, at: datetime) -> dict[str, int]:
    """Write everything that a mirror needs; gives the size of each file in bytes."""
    text = snapshot_text(source, at=at)
    checkpoint = log.checkpoint()
    made = {
        VERIFY: page(source, text),
        SNAPSHOT: text,
        KEYS: published(source.ring),
        CHECKPOINT: log.published(checkpoint) if checkpoint else "",
        README: readme(source, at.date()),
    }
    contents = {name: content.encode() for name, content in made.items()}
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in contents.items()
    )
    contents[SUMS] = sums.encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        _replace(folder / name, content)
    return {name: len(content) for name, content in contents.items()}


def _replace(path: Path, content: bytes) -> None:
    """Put a file in the place of the one before: whoever reads it meanwhile gets one of the two, whole."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    new.replace(path)


def readme(source: Source, day: date) -> str:
    """Say to whoever finds the folder what it is and how to mirror it."""
    return README_TEXT.format(
        base_url=source.base_url, day=day.isoformat(), days=source.valid_for_days
    )


README_TEXT = """\
How to check CISS certificates without us
=========================================

Made on {day} at {base_url}.

verify.html     Checks certificates (PDF), credentials (JSON, JWT, badges) and proofs of the log.
                Save it, open it with a double click. It needs no internet and sends nothing.
snapshot.json   What stood in the register on that day. It is inside verify.html already.
                A newer one can be dropped on an older verify.html.
keys.json       The public keys. They are inside verify.html already.
checkpoint.txt  The signed head of the public log on that day.
SHA256SUMS      Check the files with: sha256sum -c SHA256SUMS

To mirror: copy the whole folder to any web server or share, once a week is enough.
Serve it as plain files; nothing is executed. Do not change verify.html: its policy names the hash
of each script in it, and the snapshot is signed.
A snapshot calls nothing valid that is older than {days} days; what was withdrawn stays withdrawn.

Compare the first line of SHA256SUMS with one that you have from another place, such as
{base_url}/verifier or another mirror of the same day, before you rely on a copy.
"""
